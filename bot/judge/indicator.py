"""What is measured: the queries behind an objective, in the words of its source."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bot.judge.tally import Quality


class Op(StrEnum):
    """How a value is compared with a threshold; true means good."""

    LTE = "lte"
    GTE = "gte"
    LT = "lt"
    GT = "gt"

    def holds(self, value: float, limit: Fraction) -> bool:
        """Whether `value op limit`, compared exactly."""
        return _COMPARE[self](Fraction(value), limit)


_COMPARE: dict[Op, Callable[[Fraction, Fraction], bool]] = {
    Op.LTE: operator.le,
    Op.GTE: operator.ge,
    Op.LT: operator.lt,
    Op.GT: operator.gt,
}


@dataclass(frozen=True, slots=True)
class Ratio:
    """Good or bad events over all of them. Exactly one of `good` and `bad` is set."""

    total: str
    good: str | None = None
    bad: str | None = None
    counter: bool = True
    """True: ever-growing counters. False: each answer already is the count of one slice."""


@dataclass(frozen=True, slots=True)
class Threshold:
    """One value a slice: good where `value op limit` holds."""

    query: str
    op: Op
    limit: Fraction


@dataclass(frozen=True, slots=True)
class Recorded:
    """Counts that somebody else has counted already (a replayed file): they are named by the
    objective's own id."""

    series: str


@dataclass(frozen=True, slots=True)
class Throughput:
    """What was served against a floor, slice by slice, while there was anything to serve.

    Little demand is no failure: a slice is bad only if work was turned away while less than the
    floor was served. Both queries are ever-growing counters.
    """

    served: str
    shed: str
    """Work that was turned away: the two together are the offered load."""
    floor: Fraction
    """Served per second, at least; in the unit of the counter."""

    @property
    def counts(self) -> Ratio:
        """What is counted in each slice: shed among everything offered."""
        return Ratio(f"({self.served}\n) + ({self.shed}\n)", bad=self.shed)

    def events(self, offered: float, shed: float, seconds: int) -> tuple[float, float]:
        """Eligible and bad events of one slice of `seconds`: none without offered load, else one,
        bad if some was shed and `(offered − shed) / seconds` is below the floor, compared
        exactly."""
        if offered <= 0:
            return 0.0, 0.0
        served = Fraction(offered) - Fraction(shed)
        return 1.0, float(shed > 0 and served < self.floor * seconds)


@dataclass(frozen=True, slots=True)
class Labelled:
    """Predictions whose labels came through a feed: every one is an event."""

    feed: str
    figure: Quality


@dataclass(frozen=True, slots=True)
class Counted:
    """Eligible and bad events that came through a feed, taken as they are."""

    feed: str


@dataclass(frozen=True, slots=True)
class Scored:
    """Scores of batches that came through a feed: every batch is an event once it is decided."""

    feed: str
    op: Op
    limit: Fraction
    form: str = "mean"
    """How sure a score is and how undecided ones are pooled: a bot.judge.batch.Form."""
    minimum: float = 0.0
    """Samples from which on a score without an interval is believed."""
    drift: bool = False
    """It tells of the inputs, not of harm to users: it never wakes anybody."""


Fed = Labelled | Counted | Scored
"""What comes through a feed."""
Indicator = Ratio | Threshold | Recorded | Throughput | Fed


def feed_of(indicator: Indicator) -> str:
    """The feed that it reads; empty if it reads none."""
    return indicator.feed if isinstance(indicator, Labelled | Counted | Scored) else ""
