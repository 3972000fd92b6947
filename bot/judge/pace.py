"""How fast bad events come in, and how far off the sum over some time may be.

Analytic quantiles rather than a bootstrap: the sum over a time is taken as gamma-distributed with
the mean of the window and the variance of its blocks, and its quantiles follow from Wilson and
Hilferty's cube-root transformation (1931), off by less than 3 % of the mean where it is not rarer
than one burst in the time. No chance is needed, every replica finds the same
figure, and a thousand objectives cost no more than a few sums. Blocks keep the bursts together that
single events would smooth away; what they miss, the record of past forecasts widens (`score`).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import erfc, sqrt
from statistics import median

from bot.judge.ledger import Balances, Spend, between

BLOCKS = 12
FEWEST = 4
"""Blocks without which there is no spread to speak of."""
Z80 = 1.281552
"""Normal quantile that leaves out a tenth on each side."""
_HALF = 0.5
"""Events that a time without any bad one might have had, for its spread."""


@dataclass(frozen=True, slots=True)
class Pace:
    """What came in over the newest window. Rates: events a second of observed time."""

    eligible: float
    bad: float
    usual: float
    """Bad events a second in the median block: an incident does not raise it."""
    variance: float
    """Of the bad events of one second, if the sum over a block is many such seconds."""
    seconds: int
    """Observed time that it rests on."""

    def new(self, seconds: int) -> float:
        """Bad events expected in so much time."""
        return self.bad * seconds

    def quantile(self, seconds: int, z: float, factor: float = 1.0) -> float:
        """The number of bad events in so much time at a normal quantile `z`, its distance from the
        expected one stretched by `factor`; never negative."""
        if seconds <= 0:
            return 0.0
        mean, shape = self._gamma(seconds)
        cube = max(0.0, 1 - 1 / (9 * shape) + z / (3 * sqrt(shape)))
        expected = self.new(seconds)
        return max(0.0, expected + factor * (mean * cube**3 - expected))

    def chance(self, seconds: int, count: float, factor: float = 1.0) -> float:
        """Probability (0 … 1) of at least `count` bad events in so much time; the inverse of
        `quantile`. What there is room for no more is certain."""
        expected = self.new(seconds)
        within = expected + (count - expected) / factor
        if count <= 0 or within <= 0:
            return 1.0
        if seconds <= 0:
            return 0.0
        mean, shape = self._gamma(seconds)
        z = ((within / mean) ** (1 / 3) - 1 + 1 / (9 * shape)) * 3 * sqrt(shape)
        return erfc(z / sqrt(2)) / 2

    def _gamma(self, seconds: int) -> tuple[float, float]:
        """Mean and shape; the variance is that of the time to come and of the mean itself."""
        mean = max(self.bad, _HALF / self.seconds) * seconds
        variance = self.variance * seconds * (1 + seconds / self.seconds)
        return mean, mean * mean / variance


def edges(since: int, last: int, step: int) -> list[int]:
    """Where the blocks from `since` to the newest row begin and end; none if they are too few."""
    count = min(BLOCKS, (last - since) // (2 * step))
    if count < FEWEST:
        return []
    return [since + (last - since) * n // count for n in range(count + 1)]


def pace_of(balances: Balances, since: int, step: int) -> Pace | None:
    """The pace from `since` (not before the account was opened) to the newest row; None if less
    than `FEWEST` blocks were observed, or nothing was eligible. `step`: seconds of a slice; no
    block is shorter than two."""
    ends = [balances.at(edge) for edge in edges(since, balances.last.at, step)]
    if not ends:
        return None
    blocks = [between(ends[n], ends[n + 1]) for n in range(len(ends) - 1)]
    seen = [block for block in blocks if block.observed > 0]
    total = between(ends[0], ends[-1])
    if len(seen) < FEWEST or total.eligible <= 0:
        return None
    return Pace(
        eligible=total.eligible / total.observed,
        bad=max(0.0, total.bad) / total.observed,
        usual=max(0.0, median(block.bad / block.observed for block in seen)),
        variance=_variance(seen, total),
        seconds=total.observed,
    )


def _variance(blocks: Sequence[Spend], total: Spend) -> float:
    """Of the blocks' sums about what the mean pace would give them, a second; never less than that
    of single events that come by chance (Poisson)."""
    pace = total.bad / total.observed
    squares = sum((block.bad - pace * block.observed) ** 2 for block in blocks)
    sample = squares / (len(blocks) - 1) * len(blocks) / total.observed
    return max(sample, max(total.bad, _HALF) / total.observed)
