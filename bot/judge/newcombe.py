"""How far apart two rates are, with an interval: two releases, or a release and its control."""

from math import sqrt
from typing import NamedTuple

Z95 = 1.959964
"""Two-sided 95 %: by chance alone one interval in forty lies wholly above zero."""


class Gap(NamedTuple):
    """A difference of two rates (bad/eligible), −1 … 1, and its interval."""

    value: float
    low: float
    high: float


def wilson(bad: float, eligible: float, z: float = Z95) -> tuple[float, float]:
    """Two-sided interval of the rate behind `bad` of `eligible` events (> 0), 0 … 1; `z`: normal
    quantile of its confidence. Wilson 1927."""
    share = min(1.0, bad / eligible)
    centre = share + z * z / (2 * eligible)
    spread = z * sqrt(share * (1 - share) / eligible + z * z / (4 * eligible * eligible))
    whole = 1 + z * z / eligible
    return max(0.0, (centre - spread) / whole), min(1.0, (centre + spread) / whole)


def newcombe(bad: float, eligible: float, bad0: float, eligible0: float, z: float = Z95) -> Gap:
    """bad/eligible − bad0/eligible0 (both with events) with its interval.

    Newcombe 1998, method 10: the Wilson intervals of the two rates, squared and added; it holds its
    promise for rates near zero, where the normal approximation does not.
    """
    rate, rate0 = min(1.0, bad / eligible), min(1.0, bad0 / eligible0)
    (low, high), (low0, high0) = wilson(bad, eligible, z), wilson(bad0, eligible0, z)
    gap = rate - rate0
    return Gap(
        gap,
        max(-1.0, gap - sqrt((rate - low) ** 2 + (high0 - rate0) ** 2)),
        min(1.0, gap + sqrt((high - rate) ** 2 + (rate0 - low0) ** 2)),
    )
