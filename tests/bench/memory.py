"""`python -m tests.bench.memory [--objectives 1000] [--polls 3]`: peak memory of `burnban run`.

The process as users start it, on SQLite, against a real Prometheus (three hours of counters, then
silence) and a loopback Slack. The peak (VmHWM) is read once every account was polled so many times
after the first look back. Aimed at: 350 MB for 1,000 objectives.
"""

import argparse
import sqlite3
import tempfile
import time
from contextlib import ExitStack, closing
from pathlib import Path

import httpx

from bot.config import templates_folder
from bot.playground import seed
from bot.playground.limits import Limits
from bot.playground.server import PlaygroundServer
from tests.bench.ground import counters, machine
from tests.e2e.process import Process, answering
from tests.ports import free_port
from tests.prometheus import PrometheusServer, fill

HISTORY = 3 * 3_600
EVERY = 15
AHEAD = 1_200
"""Seconds of counters that are already there, for polls to come."""
PATIENCE = 420.0
_SHARED = """
apiVersion: burnban/v1
kind: Team
metadata: {name: ml}
spec:
  channel: "#search-alerts"
  onCall: {usergroup: S0SEARCHON}
  services: [%(services)s]
---
apiVersion: openslo/v1
kind: DataSource
metadata: {name: prom}
spec:
  type: Prometheus
  connectionDetails: {url: '%(url)s', step: 60s, scrapeInterval: 60s}
"""
_SLO = """---
apiVersion: openslo/v1
kind: Service
metadata: {name: %(name)s}
spec: {}
---
apiVersion: openslo/v1
kind: SLO
metadata: {name: availability}
spec:
  service: %(name)s
  indicator:
    metadata: {name: failed-%(name)s}
    spec:
      ratioMetric:
        counter: true
        bad: {metricSource: {metricSourceRef: prom, spec: {query: 'http_errors_total{service="%(name)s"}'}}}
        total: {metricSource: {metricSourceRef: prom, spec: {query: 'http_requests_total{service="%(name)s"}'}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: 0.999}]
"""  # noqa: E501


def main() -> None:
    """Fill a Prometheus, run, wait for the polls, read the peak."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--objectives", type=int, default=1_000)
    parser.add_argument("--polls", type=int, default=3)
    options = parser.parse_args()
    print(f"{options.objectives} objectives, sqlite, {machine()}")
    with tempfile.TemporaryDirectory() as name:
        _measure(Path(name), options.objectives, options.polls)


def _measure(folder: Path, objectives: int, polls: int) -> None:
    now = int(time.time())
    fill(counters(objectives, now - HISTORY, now + AHEAD, EVERY), folder / "data", block="12h")
    space = seed.workspace(time.time, limits=Limits.none())
    with ExitStack() as stack:
        server = stack.enter_context(PrometheusServer(folder / "data"))
        slack = stack.enter_context(PlaygroundServer(space, templates_folder()))
        port, database = free_port(), folder / "bench.db"
        env = {
            "BURNBAN_SPECS": str(_specs(folder / "slos", objectives, server.url)),
            "DATABASE_URL": f"sqlite:///{database}",
            "SLACK_BOT_TOKEN": space.keys.bot,
            "SLACK_SIGNING_SECRET": space.keys.signing,
            "SLACK_API_URL": slack.api_url,
            "PORT": str(port),
        }
        process = stack.enter_context(Process(["run"], env, folder))
        answering(process, port, 120.0)
        began = time.monotonic()
        first = _polled(database, objectives, None, process)
        print(f"first look back: {time.monotonic() - began:.0f} s, peak {_peak(process):.0f} MB")
        for number in range(1, polls + 1):
            first = _polled(database, objectives, first, process)
            httpx.get(f"http://127.0.0.1:{port}/readyz", trust_env=False, timeout=30)
            print(f"poll {number}: peak {_peak(process):.0f} MB")


def _specs(folder: Path, objectives: int, url: str) -> Path:
    names = [f"model-{n:04d}" for n in range(objectives)]
    folder.mkdir()
    shared = _SHARED % {"services": ", ".join(names), "url": url}
    (folder / "team.yaml").write_text(shared, encoding="utf-8")
    for start in range(0, objectives, 100):
        text = "".join(_SLO % {"name": name} for name in names[start : start + 100])
        (folder / f"models-{start:04d}.yaml").write_text(text.removeprefix("---\n"))
    return folder


def _polled(database: Path, objectives: int, after: int | None, process: Process) -> int:
    """Wait until every account was read beyond that instant; the instant it was read to then."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
            many, least = connection.execute(
                "SELECT count(read_until), min(read_until) FROM accounts"
            ).fetchone()
        if many >= objectives and (after is None or least > after):
            return int(least)
        if not process.alive:
            raise RuntimeError(f"it ended\n{process.log}")
        time.sleep(1.0)
    raise RuntimeError(f"not polled within {PATIENCE:g} s\n{process.log[-2_000:]}")


def _peak(process: Process) -> float:
    """Most memory that it ever held, in MB (10^6 bytes)."""
    assert process._running is not None
    status = Path(f"/proc/{process._running.pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1_024 / 1e6


if __name__ == "__main__":
    main()
