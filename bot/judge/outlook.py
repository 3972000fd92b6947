"""The budget windows to come: what of today's counts they will still hold, what they will allow."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from bot.judge.budget import limit_of, window_at
from bot.judge.ledger import Balances
from bot.judge.objective import Objective, Rolling
from bot.judge.pace import Pace

_POINTS = 48


class Ahead(NamedTuple):
    """How far is looked ahead. Seconds since 1970."""

    begun: int
    """The first instant that counts."""
    until: int
    closes: int | None
    """When the calendar window ends; None for a rolling one."""

    def path(self, last: int) -> list[int]:
        """The instants that are looked at, `last` being the newest row."""
        return path_of(max(last, self.begun), self.until)


def ahead_of(objective: Objective, now: int, horizon: int) -> Ahead:
    """Not beyond the end of the calendar window of `now`."""
    if isinstance(objective.window, Rolling):
        return Ahead(0, now + horizon, None)
    start, end = window_at(objective, now + 1)
    return Ahead(start + 1, min(now + horizon, end), end)


def path_of(last: int, until: int) -> list[int]:
    """48 steps from one instant to the other, which is at least a second later; less where there
    are not so many seconds."""
    until = max(until, last + 1)
    return sorted({last + (until - last) * n // _POINTS for n in range(_POINTS + 1)})


class Room(NamedTuple):
    """The budget window that will end at an instant. A tuple: a forecast makes many of them."""

    at: int
    """Seconds since 1970."""
    known: float
    """Bad events that are on record already and will not have rolled off: exact."""
    allowed: float
    """Bad events that it will allow, at the present traffic."""
    ahead: int
    """Seconds of it that are not on record yet."""

    def left(self, new: float) -> float:
        """What will be left (1: all) with so many new bad events; negative when overspent."""
        return 1 - (self.known + new) / self.allowed

    @property
    def room(self) -> float:
        """New bad events that would spend the rest."""
        return self.allowed - self.known


def rooms(
    objective: Objective, balances: Balances, opened: int, pace: Pace, instants: Iterable[int]
) -> Iterator[Room]:
    """The windows that end at the `instants` (ascending, none before the newest row; the newest
    row itself has the counts of now). left(t) = 1 − (known − rolled off + new)/allowed(t)."""
    start, end = 0, -1
    for at in instants:
        if isinstance(objective.window, Rolling) or at > end:
            start, end = window_at(objective, at)
        yield _room(objective, balances, opened, pace, at, start, end - start)


def _room(
    objective: Objective,
    balances: Balances,
    opened: int,
    pace: Pace,
    at: int,
    start: int,
    length: int,
) -> Room:
    last, first = balances.last, balances.at(start)
    known = last.bad - first.bad if start < last.at else 0.0
    eligible = last.eligible - first.eligible if start < last.at else 0.0
    ahead = at - max(start, last.at)
    eligible += pace.eligible * ahead
    limit = limit_of(objective.budget, length, at - max(start, opened))
    return Room(at, known, float(limit) * eligible, ahead)
