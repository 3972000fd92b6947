"""The main flow: measure → judge → decide → record → tell. Read this first."""

import logging
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

from bot.decide.adjustment import taken_out
from bot.decide.catalog import Catalog
from bot.decide.episode import Standing, advance
from bot.errors import RecordError
from bot.flow.facts import channel_of
from bot.flow.judging import Taken, judge_accounts
from bot.flow.poll.case import Case, Told
from bot.flow.poll.catchup import Catchup, Measured, measure, next_due
from bot.flow.poll.follow import follow
from bot.flow.poll.outage import begin, settle
from bot.flow.poll.restate import reread
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict
from bot.ports import Account, Books, Clock, Record, Source

log = logging.getLogger(__name__)

T = TypeVar("T")

LEASE = 90.0
"""Seconds that one evaluation may hold its accounts without a sign of life; longer than any
source's total deadline."""
BEHIND = 50
"""Accounts caught up at a time: what they bring is stored before the next ones are read."""
CHUNK = 100
"""Objectives judged and stored in one transaction: a vote never waits for a thousand of them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Evaluate:
    """One poll of everything that is due at one source."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str
    chunk: int = CHUNK
    fetch: Callable[[str], None] = lambda _: None
    """Brings in what the feeds of a source have to say, before it is read."""

    def run(self, source: Source, progress: Progress | None = None, *, force: bool = False) -> int:
        """Evaluate the objectives of `source` that are due, or with `force` all that nobody else
        is at; how many there were."""
        catalog = self.catalog()
        mine = {o.id: o for o in catalog.objectives if o.source == source.name}
        accounts = self._claim(mine, force)
        poll = _Poll(catalog, source, {account.id: account for account in accounts}, progress)
        try:
            if accounts:
                self.fetch(source.name)
            for some in self._portions(source, mine, accounts):
                self._evaluate(poll, some)
            self._conclude(poll, poll.late)
        except BaseException:
            self._give_back(poll.held)
            raise
        self._settle(poll, list(mine))
        return len(accounts)

    def _claim(self, mine: Mapping[str, Objective], force: bool) -> list[Account]:
        """Only accounts that are counted as our specs say: another replica may have others."""
        counting = [objective.fingerprint for objective in mine.values()]
        now = self.clock.now()

        def work(books: Books) -> list[Account]:
            if force:
                books.ledger.hurry(list(mine), now)
            return books.ledger.claim(list(mine), now, LEASE, len(mine), counting)

        return self.record.write(work) if mine else []

    def _portions(
        self, source: Source, mine: Mapping[str, Objective], accounts: Sequence[Account]
    ) -> Iterator[Sequence[Catchup]]:
        """Those in step first and together; who must catch up comes after, some at a time, so that
        a new objective delays nobody and is stored as it goes."""
        newest = source.newest(self.clock.now())
        work = deque(Catchup.of(mine[account.objective], account, newest) for account in accounts)
        steady = [one for one in work if one.steady]
        if steady:
            yield steady
        behind = deque(one for one in work if not one.steady)
        work.clear()
        while behind:  # given away: what they brought is not held while others are read
            yield [behind.popleft() for _ in range(min(BEHIND, len(behind)))]

    def _evaluate(self, poll: "_Poll", work: Sequence[Catchup]) -> None:
        def alive(done: int, total: int) -> None:
            """Several readings: keep all claims, show how far it is."""
            self._keep(poll)
            if poll.progress is not None:
                poll.progress(done, total)

        if poll.late:
            self._keep(poll)
        measured = measure(poll.source, work, alive)
        blind = [m for m in measured if m.fault]
        # Those of one channel stay together: what they have to say becomes one message.
        by_channel = partial(self._channel, poll.catalog)
        seeing = sorted((m for m in measured if not m.fault), key=by_channel)
        for some in _chunks(seeing, self.chunk):
            self._conclude(poll, some)
        # Those without an answer go last and together: one notice speaks for all of them.
        if work[0].steady:
            self._conclude(poll, blind)
        else:
            poll.late.extend(blind)

    def _keep(self, poll: "_Poll") -> None:
        now, held = self.clock.now(), list(poll.held.values())
        self.record.write(lambda books: books.ledger.renew(held, now, LEASE))

    def _channel(self, catalog: Catalog, measured: Measured) -> str:
        return channel_of(catalog, measured.objective.service, self.ops_channel)

    def _give_back(self, held: Mapping[int, Account]) -> None:
        """What broke off is due again at once; if the database is what broke, leases run out."""
        now = self.clock.now()
        try:
            self.record.write(lambda books: books.ledger.release_many(list(held.values()), now))
        except RecordError:
            log.warning("claims that were not given back, and lapse: %d", len(held))

    def _conclude(self, poll: "_Poll", measured: Sequence[Measured]) -> None:
        """Judge, decide, record and tell, in one transaction: commit before you tell."""
        if not measured:
            return
        catalog, source = poll.catalog, poll.source
        poll.answered |= any(not m.fault for m in measured)

        def work(books: Books) -> list[int]:
            now = self.clock.now()
            counted = count(books, measured)
            if poll.taken is None:
                poll.taken = taken_out(books.adjustments.holding())
            verdicts = judge_all(books, counted, now, poll.taken)
            told = Told(catalog, source.name, self.ops_channel, now)
            before = books.standings.hold([m.objective.id for m, _ in counted])
            theirs = [m for m, _ in counted]
            outage = begin(books, source.name, theirs, before, now, answered=poll.answered)
            after: list[Standing] = []
            cases: list[Case] = []
            for (m, _), verdict in zip(counted, verdicts, strict=True):
                policy, name = catalog.policy_of(m.objective), m.objective.id
                old = before.get(name, Standing(name))
                seen = replace(old, fault=m.fault, outage=outage.get(name, old.outage))
                new, news = advance(seen, verdict, policy, now)
                cases.append(Case(books, told, m.objective, verdict, policy, old, new, news))
                after.append(new)
            books.standings.put(after)
            follow(books, told, cases)
            told.speak_for_many(books)
            for step, delay in {_pace(m) for m, _ in counted}:
                done = [account for m, account in counted if _pace(m) == (step, delay)]
                books.ledger.release_many(done, next_due(source, now, step, delay))
            return [new.outage for new in after if new.outage and not new.fault]

        poll.outages.update(self.record.write(work))
        for one in measured:
            poll.held.pop(one.account.id, None)

    def _settle(self, poll: "_Poll", polled: Sequence[str]) -> None:
        """Note the end of outages whose objectives have answers again."""
        if poll.outages:
            now = self.clock.now()
            self.record.write(lambda b: settle(b, poll.catalog, poll.outages, polled, now))


@dataclass
class _Poll:
    """What one run is at."""

    catalog: Catalog
    source: Source
    held: dict[int, Account]
    progress: Progress | None
    answered: bool = False
    """Whether the source has answered anybody."""
    late: list[Measured] = field(default_factory=list)
    """Those who must catch up and got no answer."""
    taken: Taken | None = None
    """Time that people took out of budgets: asked once a poll."""
    outages: set[int] = field(default_factory=set)
    """Outages that objectives with an answer had been cut off by."""


def count(books: Books, measured: Sequence[Measured]) -> list[tuple[Measured, Account]]:
    """Store the slices; accounts whose lease was lost meanwhile are somebody else's now."""
    measured = reread(books, measured)
    kept = books.ledger.append_many([(m.account, m.slices, m.read_until) for m in measured])
    by_id = {account.id: account for account in kept}
    return [(m, by_id[m.account.id]) for m in measured if m.account.id in by_id]


def judge_all(
    books: Books,
    counted: Sequence[tuple[Measured, Account]],
    now: datetime,
    taken: Taken | None = None,
) -> list[Verdict]:
    """Verdicts of many objectives from one look into the ledger."""
    faults = {m.objective.id: m.fault for m, _ in counted}
    pairs = [(m.objective, account) for m, account in counted]
    return judge_accounts(books, pairs, now, faults, taken)


def _pace(measured: Measured) -> tuple[int, int]:
    return measured.objective.step, measured.objective.label_delay


def _chunks(measured: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(measured), size):
        yield measured[start : start + size]
