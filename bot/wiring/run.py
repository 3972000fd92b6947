"""The long-running processes: run, web, worker."""

import logging
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from typing import Any

import uvicorn
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot import record
from bot.clock import monotonic
from bot.config import Settings
from bot.entrypoints.http import build_http
from bot.entrypoints.scheduler import Tick, Ticker
from bot.wiring.chat import Chat, bolt, chat, signing_secret
from bot.wiring.core import Core, core
from bot.wiring.selfcheck import tell_troubles
from bot.wiring.specs import retire

log = logging.getLogger(__name__)

_ENDINGS = (signal.SIGINT, signal.SIGTERM)
LOOK = 1.0
"""Seconds between two looks at whether a poll is due."""


def ticks(core: Core, parts: Chat) -> list[Tick]:
    """Everything that is looked at again and again. Each source has its own: a slow one delays
    only its own objectives."""
    polls = [
        Tick(f"poll {name}", LOOK, partial(core.evaluate.run, source, _said(name)))
        for name, source in core.live.sources().items()
    ]
    return [
        *polls,
        Tick("deliver", 0.5, parts.deliver.run),
        Tick("tidy", 2.0, core.tidy.run),
        Tick("sweep", 300.0, parts.sweep.run),
        Tick("thin", 60.0, partial(_thin, core)),
        Tick("forget", 3_600.0, partial(_forget, core)),
    ]


def _said(name: str) -> Callable[[int, int], None]:
    """Progress of a back-fill for the log, a line every few seconds."""
    last = 0.0

    def say(done: int, total: int) -> None:
        nonlocal last
        if monotonic() - last >= _EVERY or done == total:
            last = monotonic()
            log.info("%s: history read, %d of %d stretches", name, done, total)

    return say


_EVERY = 5.0


def _thin(core: Core) -> int:
    now = core.clock.now()
    return core.record.write(lambda books: books.ledger.thin(now, 20_000))


def _forget(core: Core) -> int:
    """Slack repeats a request for minutes, not for days."""
    before = core.clock.now() - timedelta(days=2)
    return core.record.write(lambda books: books.receipts.forget(before))


@contextmanager
def ticking(core: Core, parts: Chat, *, work: bool) -> Iterator[None]:
    """Watch the specs and, with `work`, poll, deliver and tidy, while the block runs."""
    ticker = Ticker(workers=8 + len(core.live.sources()))
    reload = threading.Event()

    def wanted() -> list[Tick]:
        return [*(ticks(core, parts) if work else []), Tick("watch specs", 2.0, look)]

    def look() -> None:
        if core.live.changed():
            reload.set()
        if reload.is_set():
            stale = core.reload()  # if this raises, the next look tries again
            reload.clear()
            if stale is not None:
                ticker.replace(wanted())
                retire(stale)

    if threading.current_thread() is threading.main_thread() and hasattr(signal, "SIGHUP"):
        signal.signal(signal.SIGHUP, lambda *_: reload.set())
    ticker.start(wanted())
    try:
        yield
    finally:
        ticker.stop()
        parts.workers.shutdown(wait=True)


def health(core: Core) -> Mapping[str, Any]:
    """What /healthz says."""
    now = core.clock.now()
    unsent, age = core.record.read(lambda books: books.outbox.backlog(now))
    return {"unsent_messages": unsent, "oldest_unsent_seconds": round(age, 1)}


class _Server(uvicorn.Server):
    """Ends when told to, and then lets the rest of the process end: uvicorn's own raises the signal
    once more, which would end it at once."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """See uvicorn.Server; a second signal does no harm later either."""
        for name in _ENDINGS:
            signal.signal(name, self.handle_exit)
        yield


def serve(core: Core, app: App | None, host: str = "0.0.0.0") -> None:  # noqa: S104 - a server
    """Answer HTTP until told to stop."""
    # An acknowledgement must not wait its turn behind answers that are being worked out.
    sys.setswitchinterval(0.001)
    web = build_http(app, signing_secret(core.settings), partial(health, core))
    config = uvicorn.Config(
        web,
        host=host,
        port=core.settings.port,
        log_level="warning",
        timeout_keep_alive=15,
        access_log=False,
    )
    _Server(config).run()


def run(settings: Settings, *, web: bool, work: bool) -> None:
    """`burnban run` (both), `burnban web`, `burnban worker`."""
    with ExitStack() as stack:
        stack.enter_context(record.hold(settings.database_url.get_secret_value()))
        built = stack.enter_context(core(settings))
        parts = chat(built)
        app = bolt(built, parts) if web else None
        stack.enter_context(ticking(built, parts, work=work))
        if work:
            parts.workers.submit(tell_troubles, built, parts)
        if app is not None:
            serve(built, stack.enter_context(listening(built, app, parts.client)))
        else:
            _wait_for_the_end()


def _wait_for_the_end() -> None:
    stop = threading.Event()
    for name in _ENDINGS:
        signal.signal(name, lambda *_: stop.set())
    stop.wait()
