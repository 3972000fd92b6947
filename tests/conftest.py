"""What all tests share: the real components, and how a missing one is treated.

Databases are fixtures too: `pytest_plugins = ["tests.record_stores"]` brings `postgres_url`,
`database_url` and `record` to a module.
"""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings

from tests.components import COMPONENTS, need
from tests.workers import workers

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.prometheus import PrometheusServer

# The same examples at every run of CI, fresh ones on every other machine.
settings.register_profile("burnban", deadline=None, derandomize=os.environ.get("CI") == "true")
settings.load_profile("burnban")
# For the run under coverage: a line that a few examples do not reach wants a test of its own.
settings.register_profile("few", settings.get_profile("burnban"), max_examples=10)

QUIET_BROWSER = (
    "--no-sandbox",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-default-apps",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--no-first-run",
    "--no-proxy-server",
)


def pytest_xdist_auto_num_workers(config: pytest.Config) -> int:
    """What `-n auto` comes to."""
    return workers(config.args)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A test marked with a component's name needs that component."""
    for name in COMPONENTS:
        if item.get_closest_marker(name) is not None:
            need(name)


@pytest.fixture(scope="module")
def chromium() -> Iterator["Browser"]:
    """A headless Chromium. One a module: while it runs, the thread has a running event loop."""
    path = need("browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=list(QUIET_BROWSER))
        yield browser
        browser.close()


@pytest.fixture
def prometheus(tmp_path: Path) -> Iterator["PrometheusServer"]:
    """An empty Prometheus that scrapes nothing."""
    need("prometheus")
    from tests.prometheus import PrometheusServer

    with PrometheusServer(tmp_path / "prometheus") as server:
        yield server
