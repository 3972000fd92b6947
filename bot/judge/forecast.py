"""When a budget will be gone, and when it will be back: from what is known to roll off the window
and the mean pace of the window, as a probability, with a range widened by its own record."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial

from bot.judge.budget import budget_of, window_at
from bot.judge.expectation import Forecast, Return
from bot.judge.ledger import Balances
from bot.judge.objective import Objective
from bot.judge.outlook import Room, ahead_of, path_of, rooms
from bot.judge.pace import Z80, Pace, edges, pace_of
from bot.judge.reason import Code, Reason, span
from bot.judge.score import UNSCORED, Score
from bot.judge.sentences import unseen

__all__ = ["Forecast", "Return", "forecast"]

_FINEST = 60
"""Seconds to which a date is worked out."""
_DAY = 86_400
_WORTH = 0.01
"""Share of the budget that a day must return to be spoken of."""
_TENTH = 0.1
_FARTHEST = 10
"""Times the observed past that a forecast looks ahead at most."""


@dataclass(frozen=True, slots=True)
class _Look:
    """One account and its pace."""

    objective: Objective
    balances: Balances
    opened: int
    pace: Pace
    factor: float

    def room(self, at: int) -> Room:
        return next(rooms(self.objective, self.balances, self.opened, self.pace, (at,)))

    def expected(self, room: Room) -> float:
        return room.left(self.pace.new(room.ahead))

    def usual(self, room: Room) -> float:
        return room.left(self.pace.usual * room.ahead)

    def edge(self, room: Room, z: float) -> float:
        return room.left(self.pace.quantile(room.ahead, z, self.factor))

    def chance(self, room: Room) -> float:
        return self.pace.chance(room.ahead, room.room, self.factor)


def forecast(
    objective: Objective,
    balances: Balances,
    opened: int,
    now: int,
    horizon: int,
    record: Score = UNSCORED,
    above: Fraction = Fraction(0),
) -> Forecast | Reason:
    """What is to be expected from `now` on for `horizon` seconds (> 0), or why nothing can be said.

    `opened`: when the account was opened; `record`: of the forecasts before; `above`: share of the
    budget that must be left, and more, for it to be back. remaining(t) = 1 − (spent − what rolls
    off + pace · time)/allowed: what rolls off is known exactly, the pace is the mean of one
    window's length. The newest row may be older than `now`, as where labels are late.
    """
    last = balances.last.at
    pace = pace_of(balances, max(opened, _a_window_before(objective, last)), objective.step)
    doubt = _doubt(objective, balances, opened, pace, horizon)
    if pace is None or doubt is not None:
        return doubt or _NOTHING
    look = _Look(objective, balances, opened, pace, record.factor)
    begun, until, closes = ahead_of(objective, now, horizon)
    here, *path = _path(look, max(last, begun), until)
    left, end = look.expected(here), path[-1]
    first = partial(_first, look, here.at, path if left > 0 else ())
    return Forecast(
        at=last,
        until=until,
        left=left,
        expected=look.expected(end),
        low=look.edge(end, Z80),
        high=look.edge(end, -Z80),
        probability=max(map(look.chance, path)) if left > 0 else 1.0,
        gone=first(lambda room: look.expected(room) <= 0),
        earliest=first(lambda room: look.chance(room) >= _TENTH),
        latest=first(lambda room: look.chance(room) >= 1 - _TENTH),
        back=_back(look, closes, above) if left <= above else None,
        returns=_returns(look, until, here) if closes is None else (),
        closes=closes,
        record=record,
        path=(*((room.at, look.expected(room)) for room in (here, *path)), *_fresh(end, closes)),
    )


def _fresh(end: Room, closes: int | None) -> tuple[tuple[int, float], ...]:
    return ((end.at, 1.0),) if end.at == closes else ()


_NOTHING = Reason(Code.NO_TRAFFIC, "too little came in to look ahead from")


def asked(objective: Objective, opened: int, last: int, now: int, horizon: int) -> list[int]:
    """The instants whose totals `forecast` takes, but for those by which it works out dates: where
    it names one, or a budget is gone, look again with every row of the last window."""
    ahead = ahead_of(objective, now, horizon)
    starts = {window_at(objective, at)[0] for at in (last, *ahead.path(last))}
    since = max(opened, _a_window_before(objective, last))
    days = {bound - objective.window_seconds for bound in _days(objective, last, ahead.until)}
    return sorted({last, *starts, *edges(since, last, objective.step), *days})


def dated(found: Forecast) -> bool:
    """Whether it says when something happens."""
    return found.earliest is not None or found.back is not None or found.left <= 0


def _a_window_before(objective: Objective, last: int) -> int:
    start, end = window_at(objective, last)
    return last - (end - start)


def _doubt(
    objective: Objective, balances: Balances, opened: int, pace: Pace | None, horizon: int
) -> Reason | None:
    budget = budget_of(objective, balances, opened)
    if budget.spend.eligible <= 0:
        return _NOTHING
    if not budget.seen:
        return unseen(budget.coverage, "budget window")
    past = pace.seconds if pace is not None else balances.last.at - opened
    if _FARTHEST * past < horizon:
        text = f"only {span(past)} are on record: too little to look {span(horizon)} ahead"
        return Reason(Code.YOUNG, text)
    return None


def _path(look: _Look, last: int, until: int) -> list[Room]:
    instants = path_of(last, until)
    return list(rooms(look.objective, look.balances, look.opened, look.pace, instants))


def _first(
    look: _Look, before: int, path: Sequence[Room], holds: Callable[[Room], bool]
) -> int | None:
    """The first instant of the path, which comes after `before`, at which it holds; None if it
    never does."""
    for room in path:
        if holds(room):
            probes = range(before, room.at, _FINEST)
            found = bisect_left(probes, True, lo=1, key=lambda at: holds(look.room(at)))
            return probes[found] if found < len(probes) else room.at
        before = room.at
    return None


def _back(look: _Look, closes: int | None, above: Fraction) -> int | None:
    """A calendar window gives back nothing before it ends; all of it then."""
    if closes is not None:
        return closes
    last = look.balances.last.at
    _, *path = _path(look, last, last + look.objective.window_seconds)
    return _first(look, last, path, lambda room: look.usual(room) > above)


def _returns(look: _Look, until: int, here: Room) -> tuple[Return, ...]:
    window, last = look.objective.window_seconds, look.balances.last.at
    bounds = _days(look.objective, last, until)
    bad = [look.balances.at(bound - window).bad for bound in bounds]
    found = (
        Return(bounds[n], bounds[n + 1], (bad[n + 1] - bad[n]) / here.allowed)
        for n in range(len(bounds) - 1)
    )
    return tuple(one for one in found if one.share >= _WORTH)


def _days(objective: Objective, last: int, until: int) -> list[int]:
    """Midnights (UTC) that what is on record takes to roll off, with both ends."""
    until = min(until, last + objective.window_seconds)
    return [last, *range(last - last % _DAY + _DAY, until, _DAY), until]
