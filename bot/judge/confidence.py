"""With few events a point proves nothing: the verdict rests on an interval.

Wilson score interval (Wilson 1927), one-sided at 95 % (z = 1.645): measured on batches of 100 with
a true rate one point below the limit, it calls 3 % wrongly bad where the plain point calls 23 %.
"""

from enum import Enum
from fractions import Fraction
from math import sqrt

from bot.judge.exact import is_below

Z = 1.645
ENOUGH = 10
"""Bad events expected at the limit from which on the point itself is trusted."""
MINIMUM_BAD = 3
"""Fewer bad events than this never wake anybody, whatever their share."""


class Finding(Enum):
    """Whether a ratio is over its limit."""

    BELOW = "below"
    UNDECIDED = "undecided"
    """Over it on the point, but so few events may do that by chance."""
    REACHED = "reached"


def reaches(bad: float, eligible: float, limit: Fraction) -> Finding:
    """Whether bad/eligible is at or over `limit`, without rounding; zero events are below."""
    if eligible <= 0:
        return Finding.BELOW
    if is_below(bad, eligible, limit):
        return Finding.BELOW
    if limit * Fraction(eligible) >= ENOUGH:
        return Finding.REACHED
    if bad >= MINIMUM_BAD and wilson_lower(bad, eligible) > limit:
        return Finding.REACHED
    return Finding.UNDECIDED


def wilson_lower(bad: float, eligible: float) -> float:
    """Lower bound of the rate behind `bad` of `eligible` events."""
    share = min(1.0, bad / eligible)
    centre = share + Z * Z / (2 * eligible)
    spread = Z * sqrt(share * (1 - share) / eligible + Z * Z / (4 * eligible * eligible))
    return (centre - spread) / (1 + Z * Z / eligible)
