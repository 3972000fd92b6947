"""Two counters are scraped at different moments: an event may be seen on one side first. Pure.

In a full outage bad and total are nearly equal, so that by such skew a slice often has more bad
events than events. What does not fit into a slice belongs to the next one. Events of the total
count as they are in any case.
"""

from collections.abc import Hashable
from dataclasses import dataclass, field

from bot.measure.tally import Counts, believable, counts
from bot.ports import Ask

PERSISTENT = 3_600
SLICES = 5
"""Seconds, and slices, after which it is no skew any more …"""
SHARE = 0.05
"""… if by then the one side has so much more than the total."""


@dataclass(frozen=True, slots=True)
class Excess:
    """What the good or bad side has beyond the total, waiting for the next slice."""

    amount: float
    since: int
    until: int
    """Start of the first and end of the last slice in which there was some."""
    total: float
    other: float
    """Events of both sides since then."""

    def contradicts(self, step: int) -> bool:
        """Whether skew between scrapes cannot be the reason."""
        lasted = self.until - self.since >= max(PERSISTENT, SLICES * step)
        return lasted and self.other > (1 + SHARE) * self.total


@dataclass
class Fitting:
    """Fits the slices of one ask, in order."""

    good: bool
    step: int
    """Seconds of a slice."""
    excess: Excess | None = None

    def counts(self, at: int, total: float | None, other: float | None) -> Counts | None:
        """Eligible and bad events of the slice that ends at `at`; None if they cannot be told, as
        when the total was not seen: what waited for that slice is lost."""
        if total is None:
            self.excess = None
            return None
        if self.excess is not None or (other is not None and other > total):
            other = self._fitted(at, total, other)
        return counts(total, other, good=self.good)

    def _fitted(self, at: int, total: float, other: float | None) -> float | None:
        old, self.excess = self.excess, None
        if other is None and self.good:
            return None
        other = other or 0.0
        if not believable(total, other):
            return other
        whole = other if old is None else other + old.amount
        # Skew is less than a slice: there is no debt to hand on for hours.
        left = min(whole - min(whole, total), max(other, total))
        if left > 0:
            since = at - self.step if old is None else old.since
            so_far = (0.0, 0.0) if old is None else (old.total, old.other)
            self.excess = Excess(left, since, at, so_far[0] + total, so_far[1] + other)
        return min(whole, total)

    @property
    def fault(self) -> str | None:
        """What is wrong if the contradiction stands at the end."""
        if self.excess is None or not self.excess.contradicts(self.step):
            return None
        side = "good" if self.good else "bad"
        return (
            f"has counts in which {side} exceeds total for an hour and more; "
            "both must count the same events"
        )


@dataclass(frozen=True, slots=True)
class Excesses:
    """What a source remembers of it from one read to the next."""

    _found: dict[Hashable, Excess] = field(default_factory=dict)

    def before(self, ask: Ask) -> Excess | None:
        """What was left over just before the first slice of the ask."""
        found = self._found.get(_key(ask))
        return found if found is not None and found.until == ask.stretch.since else None

    def keep(self, ask: Ask, excess: Excess | None) -> None:
        """What is left over after its last slice."""
        if excess is None:
            self._found.pop(_key(ask), None)
        else:
            self._found[_key(ask)] = excess


def _key(ask: Ask) -> Hashable:
    return ask.objective.id, ask.objective.indicator
