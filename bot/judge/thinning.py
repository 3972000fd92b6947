"""How long a row is worth keeping: thinning is deletion, no sum ever changes.

The same tiers say how finely a stretch of the past is asked for when it is caught up.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

HOUR = 3_600
DAY = 86_400
LONGEST = 400 * DAY
"""Seconds that any row is kept: no window may be longer."""


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


@lru_cache(maxsize=256)
def tiers(step: int) -> tuple[Tier, Tier, Tier]:
    """Slices for hours, 5-minute rows for days, hour rows for the rest. Each step is a multiple of
    the one before; `step` divides an hour or is whole hours."""
    finer = (m for m in range(step, HOUR + 1, step) if m >= 300 and HOUR % m == 0)
    middle = step if step >= 300 else next(finer)
    return Tier(7 * HOUR, step), Tier(4 * DAY, middle), Tier(LONGEST, max(HOUR, middle))


MIDNIGHTS = frozenset(
    -offset * 60 % DAY
    for offset in (-570, -210, -150, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825)
)
"""Seconds of the UTC day at which a day begins in zones off the full hour (their offsets in
minutes, from the IANA database): a calendar window may begin there, and thinning must not change
its sums."""


def keeps(at: int, now: int, step: int) -> bool:
    """Whether a row of that time is still kept. A window that begins at a kept instant has the same
    sums as before; one that begins elsewhere has those of the kept row before it."""
    for tier in tiers(step):
        if now - at <= tier.age:
            return at % tier.step == 0 or at % DAY in MIDNIGHTS
    return False


def stretches(last: int, now: int, step: int) -> Iterator[Stretch]:
    """What to ask for to bring an account read until `last` up to `now`: coarse slices further
    back, oldest first. Both are multiples of `step`; what is less than a slice is left for later.
    """
    fine, middle, coarse = tiers(step)
    levels = (
        (fine.step, now),
        (middle.step, now - fine.age),
        (coarse.step, now - middle.age),
    )
    while fitting := [(s, edge) for s, edge in levels if last % s == 0 and last + s <= edge]:
        size, edge = fitting[-1]
        until = last + (edge - last) // size * size
        for coarser, limit in levels:
            begin = -(-last // coarser) * coarser
            if coarser > size and begin + coarser <= limit:
                until = min(until, begin)  # just up to where coarser slices can begin
        yield Stretch(last, until, size)
        last = until
