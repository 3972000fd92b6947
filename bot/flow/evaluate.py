"""The main flow: measure → judge → decide → record → tell. Read this first."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.episode import Standing, advance
from bot.flow.case import Told
from bot.flow.follow import follow
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch, stretches, tiers
from bot.judge.verdict import Verdict, instants, judge
from bot.ports import Account, Ask, Books, Clock, Reading, Record, Source

LEASE = 90.0
"""Seconds that one evaluation may hold its accounts without a sign of life; longer than any
source's total deadline."""
CHUNK = 100
"""Objectives judged and stored in one transaction: a vote never waits for a thousand of them."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Measured:
    """One account with what the source had to say about it."""

    objective: Objective
    account: Account
    slices: tuple[Slice, ...]
    read_until: int
    fault: str


@dataclass(frozen=True)
class Evaluate:
    """One poll of everything that is due at one source."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str
    chunk: int = CHUNK

    def run(self, source: Source, progress: Progress | None = None, *, force: bool = False) -> int:
        """Evaluate the objectives of `source` that are due, or with `force` all that nobody else
        is at; how many there were."""
        catalog = self.catalog()
        mine = {o.id: o for o in catalog.objectives if o.source == source.name}
        accounts = self._claim(mine, self.clock.now(), force)
        if not accounts:
            return 0

        def alive(done: int, total: int) -> None:
            """A back-fill takes several readings: keep the claim, show how far it is."""
            now = self.clock.now()
            self.record.write(lambda books: books.ledger.renew(accounts, now, LEASE))
            if progress is not None:
                progress(done, total)

        measured = measure(source, mine, accounts, self.clock.now(), alive)
        # Those without an answer go last and together: one notice speaks for all of them.
        blind = [m for m in measured if m.fault]
        seeing = [m for m in measured if not m.fault]
        for some in (*_chunks(seeing, self.chunk), blind):
            if some:
                self._conclude(catalog, source, some)
        return len(accounts)

    def _claim(self, mine: Mapping[str, Objective], now: datetime, force: bool) -> list[Account]:
        def work(books: Books) -> list[Account]:
            if force:
                books.ledger.hurry(list(mine), now)
            return books.ledger.claim(list(mine), now, LEASE, len(mine))

        return self.record.write(work) if mine else []

    def _conclude(self, catalog: Catalog, source: Source, measured: Sequence[Measured]) -> None:
        """Judge, decide, record and tell, in one transaction: commit before you tell."""

        def work(books: Books) -> None:
            now = self.clock.now()
            counted = count(books, measured)
            verdicts = judge_all(books, counted, now)
            told = Told(catalog, source.name, self.ops_channel, now)
            before = books.standings.get([m.objective.id for m, _ in counted])
            after: list[Standing] = []
            for (m, _), verdict in zip(counted, verdicts, strict=True):
                policy = catalog.policy_of(m.objective)
                old = before.get(m.objective.id, Standing(m.objective.id))
                new, news = advance(replace(old, fault=m.fault), verdict, policy, now)
                follow(books, told, m.objective, verdict, old, news)
                after.append(new)
            told.speak_for_many(books)
            books.standings.put(after)
            for step in {m.objective.step for m, _ in counted}:
                done = [account for m, account in counted if m.objective.step == step]
                books.ledger.release_many(done, now + timedelta(seconds=step))

        self.record.write(work)


def measure(
    source: Source,
    objectives: Mapping[str, Objective],
    accounts: Sequence[Account],
    now: datetime,
    alive: Progress,
) -> list[Measured]:
    """Ask the source for every slice that the accounts lack: oldest first, coarse ones further
    back. A stretch is asked for only after the one before it was read, for what was observed
    there says whether a series met later is a newcomer."""
    newest = source.newest(now)
    work = [_Catchup.of(objectives[account.objective], account, newest) for account in accounts]
    total = sum(len(one.todo) for one in work)
    while pending := [one for one in work if one.todo]:
        for start in range(0, len(pending), PORTION):
            some = pending[start : start + PORTION]
            for one, reading in zip(some, source.read([one.ask() for one in some]), strict=True):
                one.take(reading)
            if total > len(work):
                alive(total - sum(len(one.todo) for one in work), total)
    return [one.done() for one in work]


PORTION = 500
"""Asks handed to a source at once; it batches them into requests itself."""


@dataclass
class _Catchup:
    """One account on its way to the newest slice."""

    objective: Objective
    account: Account
    read_until: int
    seen: int | None
    todo: deque[Stretch]
    slices: list[Slice]
    fault: str = ""

    @classmethod
    def of(cls, objective: Objective, account: Account, newest: int) -> "_Catchup":
        start = account.read_until
        if start is None:  # a new account starts a whole window ago
            begins, _ = objective.window.bounds(datetime.fromtimestamp(newest, UTC))
            coarse = tiers(objective.step)[-1].step
            start = int(begins.timestamp()) // coarse * coarse
        todo = deque(stretches(start, newest, objective.step))
        return cls(objective, account, start, account.seen_until, todo, [])

    def ask(self) -> Ask:
        return Ask(self.objective, self.todo[0], self.seen)

    def take(self, reading: Reading) -> None:
        """Later stretches wait behind one that failed: an account is written in order."""
        if reading.fault is not None:
            self.fault = reading.fault
            self.todo.clear()
            return
        self.read_until = self.todo.popleft().until
        self.slices.extend(reading.slices)
        self.seen = next((s.at for s in reversed(reading.slices) if s.observed), self.seen)

    def done(self) -> Measured:
        return Measured(
            self.objective, self.account, tuple(self.slices), self.read_until, self.fault
        )


def count(books: Books, measured: Sequence[Measured]) -> list[tuple[Measured, Account]]:
    """Store the slices; accounts whose lease was lost meanwhile are somebody else's now."""
    kept = books.ledger.append_many([(m.account, m.slices, m.read_until) for m in measured])
    by_id = {account.id: account for account in kept}
    return [(m, by_id[m.account.id]) for m in measured if m.account.id in by_id]


def judge_all(
    books: Books, counted: Sequence[tuple[Measured, Account]], now: datetime
) -> list[Verdict]:
    """Verdicts of many objectives from one look into the ledger."""
    faults = {m.objective.id: m.fault for m, _ in counted}
    pairs = [(m.objective, account) for m, account in counted]
    return judge_accounts(books, pairs, now, faults)


def judge_accounts(
    books: Books,
    pairs: Sequence[tuple[Objective, Account]],
    now: datetime,
    faults: Mapping[str, str],
) -> list[Verdict]:
    """Verdicts from the ledger as it stands."""
    wanted = {
        account.id: instants(objective, account.read_until)
        for objective, account in pairs
        if account.opened is not None and account.read_until is not None
    }
    found: dict[int, Balances] = books.ledger.balances(wanted) if wanted else {}
    return [
        judge(
            objective, found.get(account.id), account.opened or 0, now, faults.get(objective.id, "")
        )
        for objective, account in pairs
    ]


def _chunks(measured: Sequence[Measured], size: int) -> Iterator[Sequence[Measured]]:
    for start in range(0, len(measured), size):
        yield measured[start : start + size]
