"""How long a row is worth keeping: thinning is deletion, no sum ever changes.

The same tiers say how finely a stretch of the past is asked for when it is caught up.
"""

from collections.abc import Iterator
from dataclasses import dataclass

HOUR = 3_600
DAY = 86_400


@dataclass(frozen=True, slots=True)
class Tier:
    """Rows up to `age` seconds old stand `step` seconds apart."""

    age: int
    step: int


@dataclass(frozen=True, slots=True)
class Stretch:
    """A run of slices of one length: (since, until], `until - since` a multiple of `step`."""

    since: int
    until: int
    step: int


def tiers(step: int) -> tuple[Tier, Tier, Tier]:
    """Slices for hours, 5-minute rows for days, hour rows for the rest."""
    middle = next(s for s in range(step, HOUR * 24 + 1, step) if s >= 300 and _fits(s))
    coarse = next(s for s in range(middle, HOUR * 24 + 1, middle) if s >= HOUR)
    return Tier(7 * HOUR, step), Tier(4 * DAY, middle), Tier(400 * DAY, coarse)


def _fits(step: int) -> bool:
    return HOUR % step == 0 or step % HOUR == 0


def keeps(at: int, now: int, step: int) -> bool:
    """Whether a row of that time is still kept; a row is never missed by a window that can still
    ask for it."""
    for tier in tiers(step):
        if now - at <= tier.age:
            return at % tier.step == 0
    return False


def stretches(last: int, now: int, step: int) -> Iterator[Stretch]:
    """What to ask for to bring an account read until `last` up to `now`: coarse slices further
    back, oldest first. Both are multiples of `step`; what is less than a slice is left for later.
    """
    levels = tiers(step)
    edges = (now, now - levels[0].age, now - levels[1].age)
    while True:
        fit = [
            index
            for index, tier in enumerate(levels)
            if last % tier.step == 0 and last + tier.step <= edges[index]
        ]
        if not fit:
            return
        index = fit[-1]
        size = levels[index].step
        until = last + (edges[index] - last) // size * size
        if index + 1 < len(levels):
            coarser = levels[index + 1].step
            boundary = -(-last // coarser) * coarser
            if boundary > last and boundary + coarser <= edges[index + 1]:
                until = min(until, boundary)  # just up to where coarser slices can begin
        yield Stretch(last, until, size)
        last = until
