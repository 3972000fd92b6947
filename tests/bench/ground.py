"""What the benches stand on: a filled Prometheus, specs for it, a database of choice."""

import os
import platform
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import httpx

from bot.decide.catalog import Catalog, SourceSpec, Team
from bot.decide.people import Group
from bot.decide.service import Service
from bot.judge.burn import default_alerts
from bot.judge.indicator import Ratio
from bot.judge.objective import Method, Objective, Rolling
from bot.record import Database, migrate
from tests.ports import free_port
from tests.postgres import PostgresServer

DAY = 86_400
WINDOW = 30 * DAY
SOURCE = "prom"


def machine() -> str:
    """One line to write beside a figure."""
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.machine()}"


def catalog(count: int, url: str) -> Catalog:
    """`count` objectives of as many services: errors over requests, 99.9 % in 30 days."""
    window, target = Rolling(WINDOW, "30d"), Fraction(999, 1000)
    alerts = default_alerts(target, WINDOW)
    names = [f"model-{n:04d}" for n in range(count)]
    objectives = tuple(
        Objective(
            name,
            "availability",
            target,
            window,
            Method.OCCURRENCES,
            _ratio(name),
            SOURCE,
            60,
            alerts,
        )
        for name in names
    )
    services = {name: Service(name, "", "ml") for name in names}
    team = Team("ml", "ML", "C0RANKING", Group(("S0ONCALL",)), Group())
    spec = SourceSpec(SOURCE, "prometheus", {"url": url, "step": 60, "scrapeInterval": 60})
    return Catalog(objectives, services, {"ml": team}, {}, {SOURCE: spec})


def _ratio(name: str) -> Ratio:
    selector = f'http_requests_total{{service="{name}"}}'
    return Ratio(selector, bad=f'http_errors_total{{service="{name}"}}')


def counters(services: int, since: int, until: int, every: int) -> Iterator[str]:
    """Two counters a service, scraped every `every` seconds: 120 requests a minute, 1 in 2,000
    bad."""
    for metric, rate in (("http_requests", 2.0), ("http_errors", 0.001)):
        yield f"# TYPE {metric} counter"
        for n in range(services):
            labels = f'{{service="model-{n:04d}",pod="a"}}'
            head = f"{metric}_total{labels}"
            yield from (
                f"{head} {int((at - since) * rate + n)} {at}" for at in range(since, until, every)
            )


@contextmanager
def database(kind: str, folder: Path) -> Iterator[Database]:
    """A migrated database: `sqlite` or `postgres`, durable as in production."""
    if kind == "sqlite":
        with _opened(f"sqlite:///{folder / 'bench.db'}") as opened:
            yield opened
        return
    with PostgresServer(durable=True) as server, _opened(server.create_database()) as opened:
        yield opened


@contextmanager
def _opened(url: str) -> Iterator[Database]:
    migrate(url)
    opened = Database(url)
    try:
        yield opened
    finally:
        opened.close()


@contextmanager
def served(module: str, url: str, path: str = "/") -> Iterator[tuple[int, int]]:
    """A bench's own server process over a filled database: its port and its process id. `path`:
    what answers, in whatever way, once it is up."""
    port = free_port()
    words = ["-m", module, "--serve", url, "--port", str(port)]
    process = subprocess.Popen([sys.executable, *words], env=os.environ | {"PYTHONPATH": "."})
    try:
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                httpx.get(f"http://127.0.0.1:{port}{path}", trust_env=False)
                break
            except httpx.ConnectError:
                time.sleep(0.1)
        yield port, process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(20)
