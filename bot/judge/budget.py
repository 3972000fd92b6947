"""The error budget of the window that holds the newest slice: allowed, spent, left."""

from dataclasses import dataclass
from datetime import UTC, datetime
from fractions import Fraction
from functools import cached_property

from bot.judge.burning import COVERAGE_FLOOR, coverage_of
from bot.judge.confidence import Finding, reaches
from bot.judge.exact import ONE, at_least, product, rest
from bot.judge.ledger import Balances, Spend, between
from bot.judge.objective import Objective, Rolling


@dataclass(frozen=True)
class Budget:
    """What the budget window holds so far."""

    spend: Spend
    share: Fraction
    """1 − target."""
    length: int
    """Seconds of the whole window, of this month rather than of any."""
    elapsed: int
    """Seconds of it since it began, or since the account was opened in it."""
    coverage: Fraction
    """Observed share of the elapsed seconds."""
    closes_in: int | None
    """Seconds until a calendar window ends and a new budget begins; None for a rolling one."""
    joined: bool
    """Whether the account was opened only after the window had begun."""

    @property
    def whole(self) -> bool:
        """Whether all of the window is on record."""
        return self.elapsed >= self.length or self.elapsed <= 0

    @property
    def limit(self) -> Fraction:
        """Bad share of the events on record that would spend the whole budget."""
        return limit_of(self.share, self.length, self.elapsed)

    @property
    def seen(self) -> bool:
        """Whether enough was observed to speak of the budget (law 4)."""
        return self.coverage is ONE or at_least(self.coverage, COVERAGE_FLOOR)

    @cached_property
    def spent(self) -> Finding:
        """Whether the budget is gone; proven, where there are few events (law 5)."""
        return reaches(self.spend.bad, self.spend.eligible, self.limit)

    @cached_property
    def allowed(self) -> Fraction:
        """Bad events that a whole window allows."""
        return self.limit * Fraction(self.spend.eligible)

    @cached_property
    def remaining(self) -> Fraction | None:
        """1 − bad/((1 − target)·eligible); negative when overspent; None without traffic."""
        return self._left(self.share)

    @cached_property
    def projected(self) -> Fraction | None:
        """The same against a whole window at this traffic; None once the window is whole."""
        return None if self.whole else self._left(self.limit)

    @property
    def left(self) -> Fraction | None:
        """What is left: of a whole window's budget while this one is young."""
        return self.remaining if self.whole else self.projected

    def exhausts_in(self, recent: Spend | None) -> int | None:
        """Seconds until the bad events that are left are gone, if they go on at the pace of
        `recent`: (allowed − bad) ÷ (its bad events a second). Counts, not burn rates: at night the
        same burn spends less of a budget that was earned by day.

        None if it will not be gone: a rolling window that would hold no more than is allowed at
        this pace gets back what it spends (what will roll off is not counted in otherwise); a
        calendar window ends before.
        """
        if recent is None or recent.bad <= 0 or recent.observed <= 0 or self.spend.eligible <= 0:
            return None
        pace = Fraction(recent.bad) / recent.observed
        if self.closes_in is None and pace * self.length <= self.allowed:
            return None
        seconds = max(0, int((self.allowed - Fraction(self.spend.bad)) / pace))
        gone = self.closes_in is None or seconds <= self.closes_in
        return seconds if gone else None

    def _left(self, limit: Fraction) -> Fraction | None:
        if self.spend.eligible <= 0:
            return None
        return rest(self.spend.bad, self.spend.eligible, limit)


def limit_of(share: Fraction, length: int, elapsed: int) -> Fraction:
    """Bad share of the events on record that would spend the whole budget; `share`: of all events
    that may be bad. A window of which less than its length is on record is judged against the
    budget of a whole one at this traffic."""
    if elapsed >= length or elapsed <= 0:
        return share
    return product(share, Fraction(length, elapsed))


def budget_of(objective: Objective, balances: Balances, opened: int) -> Budget:
    """The budget at the newest row; `opened` is when the account was opened."""
    last = balances.last.at
    start, end = window_at(objective, last)
    spend = between(balances.at(start), balances.last)
    elapsed = last - max(start, opened)
    return Budget(
        spend=spend,
        share=objective.budget,
        length=end - start,
        elapsed=elapsed,
        coverage=coverage_of(spend, elapsed),
        closes_in=None if isinstance(objective.window, Rolling) else end - last,
        joined=opened > start,
    )


def window_at(objective: Objective, last: int) -> tuple[int, int]:
    """Start and end of the budget window of the slice that ends at `last`: the last slice of a
    month ends with it, and does not belong to the next."""
    if isinstance(objective.window, Rolling):
        return last - objective.window.seconds, last
    start, end = objective.window.bounds(datetime.fromtimestamp(last - 1, UTC))
    return int(start.timestamp()), int(end.timestamp())
