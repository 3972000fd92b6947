"""The real programs that some tests need: where they are, and how to get the missing ones."""

import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which
from typing import NoReturn

import pytest


@dataclass(frozen=True, slots=True)
class Component:
    """One real program, named as its pytest marker is."""

    what: str
    package: str
    """The Debian package that brings it."""
    find: Callable[[], str | None]
    """Its path, or None."""


def chromium_path() -> str | None:
    """The browser to drive."""
    names = ("chromium", "chromium-browser", "google-chrome")
    return next((path for name in names if (path := which(name))), None)


def prometheus_path() -> str | None:
    """The Prometheus server, if the tool that writes its blocks is there too."""
    return which("prometheus") if which("promtool") else None


def postgres_path() -> str | None:
    """The newest PostgreSQL server; Debian keeps it off the PATH."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"), key=_version)
    return str(installed[-1]) if installed else which("postgres")


def _version(server: Path) -> float:
    try:
        return float(server.parent.parent.name)
    except ValueError:
        return 0.0


COMPONENTS = {
    "prometheus": Component("Prometheus and promtool", "prometheus", prometheus_path),
    "postgres": Component("a PostgreSQL server", "postgresql", postgres_path),
    "browser": Component("Chromium", "chromium", chromium_path),
}


def need(name: str) -> str:
    """The path of a component. Without it the test fails where CI=true, and elsewhere is skipped
    with a reason that says how to get it."""
    component = COMPONENTS[name]
    path = component.find()
    if path is None:
        lack(f"needs {component.what}: apt-get install {component.package}")
    return path


def lack(reason: str) -> NoReturn:
    """End a test that cannot run here: a failure where CI=true, a skip elsewhere."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"with CI=true nothing may be missing: {reason}", pytrace=False)
    pytest.skip(reason)
