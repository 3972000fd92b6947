"""What is measured: the queries behind an objective, in the words of its source."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


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


Indicator = Ratio | Threshold | Recorded
