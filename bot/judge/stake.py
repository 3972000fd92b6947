"""What is at stake when a release is weighed: objective by objective, how much it would change."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bot.judge.newcombe import newcombe


class Loss(StrEnum):
    """What a bad event of an objective costs the user."""

    REQUEST = "lost request"
    """No answer, or one too late."""
    ANSWER = "wrong answer"


class Ruling(StrEnum):
    """The answer."""

    ACCEPT = "accept"
    REJECT = "reject"
    HOLD = "hold"
    """Too little was measured to tell."""


@dataclass(frozen=True, slots=True)
class Change:
    """How much a release changes the rate of bad events (bad/eligible), −1 … 1."""

    expected: Fraction
    low: Fraction
    high: Fraction
    """Its interval."""
    measured: int | None = None
    """Events of the release that this rests on, if known."""

    @classmethod
    def of(cls, bad: float, eligible: float, bad0: float, eligible0: float) -> "Change":
        """From counts of the release and of what serves beside it (both with events): Newcombe
        interval, 95 % two-sided."""
        gap = newcombe(bad, eligible, bad0, eligible0)
        return cls(Fraction(gap.value), Fraction(gap.low), Fraction(gap.high), int(eligible))


@dataclass(frozen=True, slots=True)
class Stake:
    """One objective of the service, and what the release would do to it."""

    objective: str
    loss: Loss
    left: Fraction
    """Share of its budget now (1: all); negative when overspent."""
    allowed: Fraction
    """Bad events of a whole budget, > 0."""
    rate: Fraction
    """Bad/eligible as things are."""
    events: Fraction
    """Eligible events until the window ends or the next release comes."""
    change: Change
    traded: Fraction | None = None
    """Of those, the events of the time for which answers are held against requests: the same for
    all objectives of a service, whatever their windows; None: all of them."""
    path: Sequence[tuple[int, float]] = ()
    """(seconds since 1970, share of the budget left then) without this release, ascending, as far
    as it is looked ahead."""
    seconds: int = 0
    """The time of its events, until the window ends or the next release comes; 0: not known."""
    replaced: bool = False
    """Whether it is the next release that ends this time."""
    unknown: str = ""
    """Why nobody can say how much of its budget is left; empty if that is known."""
