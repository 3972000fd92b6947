"""The doors in the test's own process: a real Bolt app behind a real HTTP server, a loopback Slack,
real flows, database and templates."""

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx

from bot.entrypoints.http import build_http
from bot.playground.limits import Limits
from bot.ports import HistoryFilter
from bot.wiring.chat import Chat, bolt, chat
from bot.wiring.core import Core, core
from tests.e2e.chaos import KEYS
from tests.e2e.counts import burning
from tests.e2e.slack import Slack, slack
from tests.rooms import settings
from tests.served import served


@dataclass(frozen=True)
class Door:
    """Slack's people before it, Burnban behind it."""

    slack: Slack
    core: Core
    chat: Chat
    url: str
    acks: ThreadPoolExecutor

    def events(self) -> list[str]:
        """The history, oldest first."""
        rows = self.core.record.read(lambda books: books.history.find(HistoryFilter(limit=100)))
        return [str(row.decision.event) for row in reversed(rows)]

    def settle(self) -> None:
        """Wait until what was handed to the threads is done."""
        # Who acknowledges hands over to an opener, an opener to a worker.
        for pool in (self.acks, self.chat.openers, self.chat.workers):
            drain(pool)

    def send(self, body: bytes, headers: Mapping[str, str]) -> httpx.Response:
        """A raw request."""
        return httpx.post(self.url, content=body, headers=dict(headers), trust_env=False)


def drain(pool: ThreadPoolExecutor, seconds: float = 20.0) -> None:
    """Wait until every thread of the pool has done what it had to do."""
    threads = pool._max_workers
    gate = threading.Barrier(threads)
    for waiting in [pool.submit(gate.wait, seconds) for _ in range(threads)]:
        waiting.result(seconds)


def recorded(house: Door, act: Callable[[], Any]) -> tuple[bytes, dict[str, str]]:
    """Do it, and keep the signed request that it sent."""
    kept: list[tuple[bytes, dict[str, str]]] = []
    way = house.slack.server._http
    assert way is not None
    hooks = way._client.event_hooks
    noting = {"request": [lambda r: kept.append((r.read(), dict(r.headers)))]}
    way._client.event_hooks = noting
    try:
        assert act().ok
    finally:
        way._client.event_hooks = hooks
    return kept[0]


@contextmanager
def door(folder: Path, **changes: Any) -> Iterator[Door]:
    """Everything but the ticking; one objective that has been failing for ten minutes is known."""
    with ExitStack() as stack:
        people = stack.enter_context(slack(limits=Limits.none()))
        specs = burning(folder / "slos")
        built = stack.enter_context(core(settings(folder, specs, people, **changes)))
        built.poll(force=True)
        parts = chat(built)
        for pool in (parts.workers, parts.openers):
            stack.callback(pool.shutdown)
        app = bolt(built, parts)
        url = stack.enter_context(served(build_http(lambda: app, KEYS.signing, dict)))
        people.server.request_url = f"{url}/slack/events"
        parts.deliver.until_empty()
        acks = app.listener_runner.listener_executor
        assert isinstance(acks, ThreadPoolExecutor)
        yield Door(people, built, parts, people.server.request_url, acks)
