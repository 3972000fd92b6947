"""Forecasts against what happened: error, coverage, Brier score, and how much wider to be."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, inf

LEVEL = 0.8
"""How often the range of a forecast says that it will hold."""
_LATEST = 60
"""Forecasts that count for the next range: services change."""
_TRUSTED = 10
"""Matured forecasts without which a range is not made narrower."""
_BOUNDS = 0.25, 10.0


@dataclass(frozen=True, slots=True)
class Issued:
    """A forecast as it was given. Budgets as shares of a whole one (1: all left)."""

    at: int
    until: int
    """Seconds since 1970: when it was given, and for when."""
    expected: float
    low: float
    high: float
    """80 % range of what is left at `until`."""
    probability: float
    """That the budget would be gone at some instant up to `until`."""
    factor: float
    """How much its range was stretched."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a forecast."""

    issued: Issued
    left: float
    """What was left at `until`."""
    exhausted: bool
    """Whether the budget was gone at some instant up to then."""

    @property
    def hit(self) -> bool:
        """Whether the range held."""
        return self.issued.low <= self.left <= self.issued.high

    @property
    def needed(self) -> float:
        """The factor with which the range would just have held."""
        one = self.issued
        if self.left == one.expected:
            return 0.0
        edge = one.low if self.left < one.expected else one.high
        half = abs(edge - one.expected)
        return one.factor * abs(self.left - one.expected) / half if half > 0 else inf


@dataclass(frozen=True, slots=True)
class Score:
    """The record of an objective's forecasts."""

    count: int = 0
    hits: int = 0
    """Of how many the range held."""
    error: float | None = None
    """Mean of |expected − left|, in budgets; None without a matured forecast."""
    brier: float | None = None
    """Mean of (probability − exhausted)², 0 … 1, less is better (Brier 1950)."""
    factor: float = 1.0
    """How much to stretch the next range."""

    @property
    def coverage(self) -> float | None:
        """hits ÷ count; promised are 0.8."""
        return self.hits / self.count if self.count else None


UNSCORED = Score()


def score(outcomes: Sequence[Outcome]) -> Score:
    """The record that these outcomes make, oldest first.

    The factor is the ⌈0.8·(n + 1)⌉-th smallest of those that would have been needed (split
    conformal prediction; Vovk, Gammerman and Shafer 2005), of the newest 60 forecasts, at least
    1/4 and at most 10. With less than 10 of them no range is made narrower.
    """
    count = len(outcomes)
    if not count:
        return UNSCORED
    needed = sorted(one.needed for one in outcomes[-_LATEST:])
    rank = min(len(needed), ceil(LEVEL * (len(needed) + 1)))
    least, most = _BOUNDS
    return Score(
        count,
        sum(one.hit for one in outcomes),
        sum(abs(one.issued.expected - one.left) for one in outcomes) / count,
        sum((one.issued.probability - one.exhausted) ** 2 for one in outcomes) / count,
        min(most, max(least if count >= _TRUSTED else 1.0, needed[rank - 1])),
    )
