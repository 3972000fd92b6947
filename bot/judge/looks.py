"""One account looked at again and again, row by row: most looks find nothing, and that is seen
without working out every figure."""

from bisect import bisect_right
from collections.abc import Iterator
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property
from math import nan

from bot.judge.budget import window_at
from bot.judge.burning import edges_of
from bot.judge.ledger import Balances
from bot.judge.objective import Objective, Rolling
from bot.judge.verdict import STALE_AFTER, Verdict, judge

DOUBT = 1e-9
"""As near as this to a threshold a look is left to exact arithmetic (law 6): a share of doubles is
off by a millionth of it at most."""

Band = tuple[float, float]
"""A share of the budget, and one above it; between them nothing is in doubt."""


def band(least: Fraction, below: Fraction) -> Band:
    """The shares of the budget (0 … 1) that are for certain at least the one, less than the other.
    At least nothing is any."""
    return (float(least) + DOUBT if least else -1.0), float(below) - DOUBT


class Looks:
    """An objective's account at each of its rows, as if it were the newest."""

    def __init__(
        self, objective: Objective, balances: Balances, opened: int, since: int = 0
    ) -> None:
        """`opened`: `at` of the account's first row; `balances` may begin later. Rows up to `since`
        are not looked at."""
        self.objective = objective
        self.opened = opened
        self.instants = [row.at for row in balances.rows]
        self.first = bisect_right(self.instants, max(since, opened))
        """Place of the first row to be looked at."""
        self._balances = balances
        self._verdicts: dict[int, Verdict] = {}

    def verdict(self, place: int) -> Verdict:
        """What `judge` says at the time of that row."""
        if place not in self._verdicts:
            now = datetime.fromtimestamp(self.instants[place], UTC)
            balances = self._balances.upto(place + 1)
            self._verdicts[place] = judge(self.objective, balances, self.opened, now)
        return self._verdicts[place]

    def calm(self, place: int, within: Band) -> bool:
        """Whether that verdict is healthy, with no alert firing, and the share of the budget that
        is spent lies in the band. False where it takes a verdict to say."""
        least, below = within
        return least <= self._spent[place - self.first] < below

    @cached_property
    def _spent(self) -> list[float]:
        """Share of the budget that was spent, row by row from the first; not a number where not all
        that matters was seen, or a short window burns (no alert fires, whatever its long window
        says, as long as none does)."""
        quiet = [self._seen(STALE_AFTER * self.objective.step)]
        for alert, (_, limit) in zip(self.objective.alerts, edges_of(self.objective), strict=True):
            quiet.append(self._below(alert.short, float(limit) * (1 - DOUBT)))
        return [
            spent if all(flags) else nan
            for spent, *flags in zip(self._windows(), *quiet, strict=True)
        ]

    def _seen(self, seconds: int) -> Iterator[bool]:
        """Something was seen in the last seconds."""
        rows = self._balances.rows
        for place, begin in self._begins(seconds):
            yield rows[place].observed > rows[begin].observed

    def _below(self, seconds: int, limit: float) -> Iterator[bool]:
        """All of the last seconds was seen, and less than this share of its events was bad."""
        rows, opened = self._balances.rows, self.opened
        for place, begin in self._begins(seconds):
            at, eligible, bad, observed = rows[place]
            _, was_eligible, was_bad, was_observed = rows[begin]
            burnt = bad - was_bad
            yield observed - was_observed >= min(seconds, at - opened) and (
                burnt <= 0 or burnt < (eligible - was_eligible) * limit
            )

    def _windows(self) -> Iterator[float]:
        """Share of the budget that was spent in each row's window, if all of it was seen and had
        traffic; a window of which less than its length is on record is held against the budget of
        a whole one."""
        rows, budget = self._balances.rows, float(self.objective.budget)
        for place, begin, (start, end) in self._opens():
            at, eligible, bad, observed = rows[place]
            _, was_eligible, was_bad, was_observed = rows[begin]
            elapsed, events = at - max(start, self.opened), eligible - was_eligible
            if observed - was_observed < elapsed or events <= 0:
                yield nan
            else:
                limit = budget * max(1.0, (end - start) / elapsed) if elapsed > 0 else budget
                yield (bad - was_bad) / (events * limit)

    def _opens(self) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """Of each row its place, that of the row at which its budget window begins, and the
        window's bounds."""
        ats, begin, bounds = self.instants, 0, (0, 0)
        rolls = isinstance(self.objective.window, Rolling)
        for place in range(self.first, len(ats)):
            if rolls or not bounds[0] < ats[place] <= bounds[1]:
                bounds = window_at(self.objective, ats[place])
            while begin + 1 < len(ats) and ats[begin + 1] <= bounds[0]:
                begin += 1
            yield place, begin, bounds

    def _begins(self, seconds: int) -> Iterator[tuple[int, int]]:
        """Of each row its place, and that of the last one at or before so many seconds earlier, or
        else of the first: as `Balances.at` finds it, but in step."""
        ats, begin = self.instants, 0
        for place in range(self.first, len(ats)):
            while begin + 1 < len(ats) and ats[begin + 1] <= ats[place] - seconds:
                begin += 1
            yield place, begin
