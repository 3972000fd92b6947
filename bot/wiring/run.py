"""The long-running processes: run, web, worker."""

import logging
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial

from bot import record
from bot.clock import monotonic
from bot.config import Settings
from bot.entrypoints.scheduler import Tick, Ticker
from bot.entrypoints.terminal import counted
from bot.flow.adjust.adjusted import kept
from bot.flow.evaluate import Progress
from bot.flow.history.monthly import TellMonthly
from bot.flow.poll.receive import WIDEST
from bot.flow.poll.versions import worth
from bot.judge.thinning import LONGEST
from bot.notify.rooms import SlackRooms
from bot.ports import Books, Source
from bot.wiring.advising import advice_ticks
from bot.wiring.anchor import leave_anchors, verify_nightly
from bot.wiring.chat import Chat, bolt, chat
from bot.wiring.core import Core, core
from bot.wiring.deciding import decision_ticks
from bot.wiring.leaving import Left
from bot.wiring.line import SlackLine
from bot.wiring.outside import outside_ticks
from bot.wiring.selfcheck import tell_troubles
from bot.wiring.serve import listening, serve, wait
from bot.wiring.specs import retire

log = logging.getLogger(__name__)

_VERSIONS = 2_000
"""Accounts of versions that are deleted in one transaction: an hour brings a few."""
LOOK = 1.0
"""Seconds between two looks at whether a poll is due."""


def ticks(core: Core, parts: Chat) -> list[Tick]:
    """Everything that is looked at again and again. Each source has its own: a slow one delays
    only its own objectives."""
    polls = [
        Tick(f"poll {name}", LOOK, partial(_poll, core, source, _said(name)))
        for name, source in core.live.sources().items()
    ]
    return [
        *polls,
        Tick("deliver", 0.5, parts.deliver.run),
        Tick("tidy", 2.0, core.tidy.run),
        Tick("schedule", 10.0, core.schedule.run),
        Tick("notices", 2.0, core.notices.run),
        Tick("insist", 15.0, core.insist(parts.shown).run),
        *decision_ticks(core, parts.shown),
        Tick("sweep", 300.0, parts.sweep.run),
        Tick("forecasts", 60.0, core.forecasts.run),
        Tick("thin", 60.0, partial(_thin, core)),
        Tick("forget", 3_600.0, partial(_forget, core)),
        Tick("report", 300.0, TellMonthly(core.reports, core.settings.ops_channel).run),
        Tick("anchor", 60.0, leave_anchors(core).run),
        Tick("verify", 600.0, verify_nightly(core).run),
        *outside_ticks(core),
        *advice_ticks(core, parts.shown),
    ]


def _poll(core: Core, source: Source, said: Progress) -> None:
    """One after the other: a source is asked by one thread at a time."""
    asked = core.leave.source(source)
    try:
        core.evaluate.run(asked, said)
        core.count_versions(asked)
    except Left as error:
        log.info("%s; whoever polls next asks again", error)


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
    return core.record.write(lambda books: books.ledger.thin(now, 20_000, kept(books, now)))


def _forget(core: Core) -> int:
    """Slack repeats a request for minutes, not for days; a pipeline may wait for weeks; what feeds
    said is of use as long as a row of the ledger is, and what versions did until no window and no
    report asks for it; how many releases a freeze has stopped, for longer than freezes stand."""
    now = core.clock.now()
    before, long_ago = now - timedelta(days=2), now - timedelta(days=30)
    years_ago = now - timedelta(days=800)
    rows = int(now.timestamp()) - LONGEST - WIDEST
    versions = now - worth(core.live.catalog().objectives)

    def work(books: Books) -> int:
        gone = books.receipts.forget(before) + books.answers.forget(long_ago, years_ago)
        gone += books.ledger.forget_versions(versions, _VERSIONS)
        return gone + books.observations.forget(rows)

    return core.record.write(work)


def gate_ticks(core: Core, parts: Chat) -> list[Tick]:
    """What the gate must know before anybody asks."""
    links = partial(core.gate.links.look, SlackRooms(parts.client))
    return [Tick("gate", 1.0, core.gate.decide.keep), Tick("links", 5.0, links)]


@contextmanager
def ticking(core: Core, parts: Chat, *, work: bool, web: bool = False) -> Iterator[None]:
    """Watch the specs and, with `work`, poll, deliver and tidy, with `web` know what to answer at
    the gate without a database, while the block runs."""
    ticker = Ticker(workers=8 + len(core.live.sources()))
    reload = threading.Event()

    def wanted() -> list[Tick]:
        working = ticks(core, parts) if work else []
        keeping = gate_ticks(core, parts) if web else []
        return [*working, *keeping, Tick("watch specs", 2.0, look)]

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
        core.leave.take()
        ticker.stop()
        parts.openers.shutdown(wait=True)
        parts.workers.shutdown(wait=True)


def run(settings: Settings, *, web: bool, work: bool) -> None:
    """`burnban run` (both), `burnban web`, `burnban worker`. Raises ConfigError for a token that
    Slack refuses; a Slack that cannot be reached delays only what needs it."""
    stop = threading.Event()
    with ExitStack() as stack:
        stack.enter_context(record.hold(settings.database_url.get_secret_value()))
        doors = stack.enter_context(listening(settings)) if web else None
        built = stack.enter_context(core(settings))
        parts = chat(built)
        build = partial(bolt, built, parts) if web else None
        greet = partial(parts.workers.submit, _greet, built, parts) if work else _nothing
        line = SlackLine(settings, parts.client, build, greet)
        line.attempt()
        stack.enter_context(ticking(built, parts, work=work, web=web))
        stack.enter_context(line.kept(stop))
        if work:
            objectives = counted(len(built.catalog().objectives), "objective")
            log.info("polling %s of %s", objectives, counted(len(built.live.sources()), "source"))
        if doors is not None:
            serve(built, line, parts.shown, doors, stop)
        else:
            wait(stop)


def _greet(core: Core, parts: Chat) -> None:
    try:
        tell_troubles(core, parts)
    except Exception:
        log.exception("what is wrong with Slack could not be looked at")


def _nothing() -> None:
    pass
