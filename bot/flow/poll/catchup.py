"""Ask a source for every slice that accounts lack: in steady times one, after an outage many."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch, stretches, tiers
from bot.ports import Account, Ask, Reading, Source

PORTION = 500
"""Asks handed to a source at once; it batches them into requests itself."""

Alive = Callable[[int, int], None]
"""Called after each reading: stretches read, and how many there are."""


@dataclass(frozen=True, slots=True)
class Measured:
    """One account with what the source had to say about it."""

    objective: Objective
    account: Account
    slices: tuple[Slice, ...]
    read_until: int
    fault: str
    stretches: tuple[Stretch, ...] = ()
    """What was read, oldest first."""


@dataclass
class Catchup:
    """One account on its way to the newest slice."""

    objective: Objective
    account: Account
    read_until: int
    seen: int | None
    todo: deque[Stretch]
    slices: list[Slice]
    fault: str = ""
    read: list[Stretch] = field(default_factory=list)

    @classmethod
    def of(cls, objective: Objective, account: Account, newest: int) -> "Catchup":
        """What is to be read; a new account starts a whole window ago. One that waits for labels
        is read only up to so long ago."""
        newest -= objective.label_delay
        start, seen = account.read_until, account.seen_until
        if objective.opens:
            # Of a version that was not there before, the first sample counts from zero.
            start = max(start or 0, min(objective.opens, newest))
            seen = max(seen or 0, objective.opens)
        if start is None:
            begins, _ = objective.window.bounds(datetime.fromtimestamp(newest, UTC))
            coarse = tiers(objective.step)[-1].step
            start = int(begins.timestamp()) // coarse * coarse
        todo = deque(stretches(start, newest, objective.step))
        return cls(objective, account, start, seen, todo, [])

    @property
    def steady(self) -> bool:
        """Only the newest slices are missing."""
        return self.account.read_until is not None and len(self.todo) <= 1

    def ask(self) -> Ask:
        """The oldest stretch that is missing."""
        return Ask(self.objective, self.todo[0], self.seen)

    def take(self, reading: Reading) -> None:
        """Later stretches wait behind one that failed: an account is written in order."""
        if reading.fault is not None:
            self.fault = reading.fault
            self.todo.clear()
            return
        stretch = self.todo.popleft()
        self.read.append(stretch)
        self.read_until = stretch.until
        self.slices.extend(reading.slices)
        self.seen = next((s.at for s in reversed(reading.slices) if s.observed), self.seen)

    def done(self) -> Measured:
        """What was read."""
        return Measured(
            self.objective,
            self.account,
            tuple(self.slices),
            self.read_until,
            self.fault,
            tuple(self.read),
        )


def measure(source: Source, work: Sequence[Catchup], alive: Alive) -> list[Measured]:
    """Read until nothing is missing, or a stretch fails: oldest first, coarse ones further back.

    A stretch is asked for only after the one before it was read, for what was observed there says
    whether a series met later is a newcomer.
    """
    total, done = sum(len(one.todo) for one in work), 0
    while pending := [one for one in work if one.todo]:
        for start in range(0, len(pending), PORTION):
            some = pending[start : start + PORTION]
            for one, reading in zip(some, source.read([one.ask() for one in some]), strict=True):
                one.take(reading)
                done += reading.fault is None
            if total > len(work):
                alive(done, total)
    return [one.done() for one in work]


def next_due(source: Source, now: datetime, step: int, delay: int = 0) -> datetime:
    """When the next slice of `step` seconds is complete and its samples have arrived, to the
    second: the source knows how long they take. `delay`: seconds that its labels take on top."""
    newest = source.newest(now)
    target = (newest - delay) // step * step + step + delay
    early, late = 0, target - newest + (step if delay else 0)  # at `late` it is there for sure
    while late - early > 1:
        middle = (early + late) // 2
        if source.newest(now + timedelta(seconds=middle)) >= target:
            late = middle
        else:
            early = middle
    return now + timedelta(seconds=late)
