"""Burn rates over the windows of an account, and what the burn alerts make of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from bot.judge.burn import BurnAlert
from bot.judge.confidence import Finding, reaches
from bot.judge.exact import NONE, ONE, at_least, ratio
from bot.judge.ledger import Balances, Spend
from bot.judge.objective import Objective

COVERAGE_FLOOR = Fraction(9, 10)
"""A window of which less was seen says nothing (law 4)."""


class Burn(NamedTuple):
    """One window looked at: its counts, its burn rate, how much of it was seen. A tuple: a verdict
    makes many of them."""

    seconds: int
    spend: Spend
    rate: Fraction | None
    """None without traffic: nothing burns, nothing is proven either."""
    coverage: Fraction

    @property
    def seen(self) -> bool:
        """Whether enough of the window was observed to speak of it."""
        return self.coverage is ONE or at_least(self.coverage, COVERAGE_FLOOR)


@dataclass(frozen=True, slots=True)
class Firing:
    """A burn alert whose long and short window both reach its threshold."""

    alert: BurnAlert
    threshold: Fraction
    long: Burn
    short: Burn


class Alarm(Enum):
    """What a burn alert says."""

    FIRING = "firing"
    QUIET = "quiet"
    """One of its windows was seen and is below the threshold: that is enough."""
    BLIND = "blind"
    """Too little was seen to tell."""


def burns_of(objective: Objective, balances: Balances, opened: int) -> dict[int, Burn]:
    """Every window of the objective's alerts by its length in seconds, ascending."""
    budget, spans = objective.budget, spans_of(objective.alerts)
    return {seconds: _burn(budget, balances, opened, seconds) for seconds in spans}


@lru_cache(maxsize=4_096)
def spans_of(alerts: tuple[BurnAlert, ...]) -> tuple[int, ...]:
    """Lengths of all windows of these alerts, ascending, in seconds."""
    return tuple(sorted({span for alert in alerts for span in (alert.long, alert.short)}))


@lru_cache(maxsize=4_096)
def _edges(
    alerts: tuple[BurnAlert, ...], up: int, below: int, window_seconds: int
) -> tuple[tuple[Fraction, Fraction], ...]:
    """The budget is `up`/`below`."""
    thresholds = (alert.threshold(window_seconds) for alert in alerts)
    return tuple((threshold, threshold * Fraction(up, below)) for threshold in thresholds)


def edges_of(objective: Objective) -> tuple[tuple[Fraction, Fraction], ...]:
    """Of each alert of an objective the burn rate, and the share of bad events, from which it
    fires."""
    target = objective.target
    up, below = target.denominator - target.numerator, target.denominator
    return _edges(objective.alerts, up, below, objective.window_seconds)


def alarms_of(objective: Objective, burns: dict[int, Burn]) -> list[Alarm]:
    """What each of the objective's alerts says, in its order."""
    return [
        _alarm(burns[alert.long], burns[alert.short], threshold, limit)
        for alert, (threshold, limit) in zip(objective.alerts, edges_of(objective), strict=True)
    ]


def _alarm(long: Burn, short: Burn, threshold: Fraction, limit: Fraction) -> Alarm:
    """Whether both windows burn at or above the threshold, as far as they were seen. With few
    events the long window must prove it; the short one only says that it goes on."""
    goes_on = short.rate is not None and at_least(short.rate, threshold)
    if short.seen and not goes_on:
        return Alarm.QUIET
    high = reaches(long.spend.bad, long.spend.eligible, limit) is Finding.REACHED
    if long.seen and not high:
        return Alarm.QUIET
    return Alarm.FIRING if long.seen and short.seen else Alarm.BLIND


def firing_of(
    objective: Objective, burns: dict[int, Burn], alarms: Sequence[Alarm]
) -> tuple[Firing, ...]:
    """The alerts that fire, in the objective's order."""
    return tuple(
        Firing(
            alert,
            alert.threshold(objective.window_seconds),
            burns[alert.long],
            burns[alert.short],
        )
        for alert, alarm in zip(objective.alerts, alarms, strict=True)
        if alarm is Alarm.FIRING
    )


def blind_spot(
    objective: Objective, burns: dict[int, Burn], alarms: Sequence[Alarm]
) -> Burn | None:
    """The shortest unseen window that leaves an alert without an answer."""
    unanswered = (
        burns[span]
        for alert, alarm in zip(objective.alerts, alarms, strict=True)
        if alarm is Alarm.BLIND
        for span in (alert.long, alert.short)
        if not burns[span].seen
    )
    return min(unanswered, key=lambda burn: burn.seconds, default=None)


def present(firing: Sequence[Firing], burns: Iterable[Burn]) -> Burn | None:
    """What goes on now: the short window of the loudest firing alert, else the shortest window
    there is."""
    if firing:
        return max(firing, key=lambda found: found.alert.severity.rank).short
    return min(burns, key=lambda burn: burn.seconds, default=None)


def coverage_of(spend: Spend, expected: int) -> Fraction:
    """Observed share of the seconds that could have been observed since the account was opened.

    Where rows are thinned a window begins at the kept row before it; the few seconds too many
    never make the share greater than 1.
    """
    if expected <= 0:
        return NONE
    return ONE if spend.observed >= expected else Fraction(spend.observed, expected)


def _burn(budget: Fraction, balances: Balances, opened: int, seconds: int) -> Burn:
    """An account younger than the window answers for the time it has: a new service that burns
    from its first minute is warned of at once."""
    spend = balances.over(seconds)
    rate = None
    if spend.eligible > 0:
        rate = ratio(spend.bad, spend.eligible, budget)
    last = balances.last.at
    return Burn(seconds, spend, rate, coverage_of(spend, last - max(last - seconds, opened)))
