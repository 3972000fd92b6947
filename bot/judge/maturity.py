"""Labels arrive late: what is known of a quality budget while some predictions wait for theirs.

Three figures instead of one. Measured on a window of 30 days with 57 % of the labels in and one
class labelled sooner than the other, the labelled part alone said 93.6 % or 94.9 % where the truth
was 94.2 %: it would have flipped a target of 94 % either way.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from bot.judge.batch import Requirement, Ruling, Sample, rule
from bot.judge.exact import ratio, rest
from bot.judge.reason import percent
from bot.judge.tally import Confusion, Counts, Quality

BIAS = Fraction(20, 100)
"""Labelled shares of the classes that lie further apart make the labelled part misleading."""


class Left(NamedTuple):
    """Shares of the budget that are left (1 − bad/((1 − target)·eligible)), negative if overspent;
    None where there are no events."""

    low: Fraction | None
    """If every pending prediction turns out bad."""
    expected: Fraction | None
    """If the pending ones are like those whose labels have arrived."""
    high: Fraction | None
    """If every pending prediction turns out good."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """Shares of predictions whose labels have arrived, 0 … 1; None where none were made."""

    overall: Fraction | None
    positive: Fraction | None
    """Of those predicted positive."""
    negative: Fraction | None
    """Of those predicted negative."""

    @property
    def biased(self) -> bool:
        """Whether the labelled part speaks for one class far more than for the other."""
        if self.positive is None or self.negative is None:
            return False
        return abs(self.positive - self.negative) > BIAS


@dataclass(frozen=True, slots=True)
class Maturity:
    """Matured and pending events of one objective, kept apart."""

    matured: Counts
    best: Counts
    """All events if every pending one turns out good."""
    worst: Counts
    """All events if every pending one turns out bad."""
    labelled: Labelled

    def left(self, target: Fraction) -> Left:
        """What the budget holds at worst, probably, and at best; `target`: 0 < target < 1."""
        found = [
            rest(counts.bad, counts.eligible, 1 - target) if counts.eligible > 0 else None
            for counts in (self.worst, self.matured, self.best)
        ]
        return Left(*found)

    def sentence(self, target: Fraction) -> str:
        """What is left, in words, with the share of labels that it rests on."""
        low, expected, high = self.left(target)
        if self.labelled.overall is None or low is None or expected is None or high is None:
            return "No label that counts here has arrived yet: nothing can be said of quality."
        share = percent(self.labelled.overall)
        if low == high:
            return f"All labels are in: {percent(low)} of the budget is left."
        text = (
            f"{share} of the labels are in: about {percent(expected)} of the budget is left if the "
            f"rest is like them, {percent(low)} at worst, {percent(high)} at best."
        )
        return text + self._warning()

    def _warning(self) -> str:
        positive, negative = self.labelled.positive, self.labelled.negative
        if not self.labelled.biased or positive is None or negative is None:
            return ""
        return (
            f" These labels are biased ({percent(positive)} of the predicted positives have theirs,"
            f" {percent(negative)} of the negatives): wait for the rest before you rely on it."
        )


def maturity(confusion: Confusion, quality: Quality) -> Maturity:
    """Of labelled predictions and how many were made of each class."""
    matured = confusion.counts(quality)
    positive = confusion.made_positive - confusion.tp - confusion.fp
    negative = confusion.made_negative - confusion.fn - confusion.tn
    if quality is Quality.ACCURACY:
        best = Counts(positive + negative, 0)
        worst = Counts(positive + negative, positive + negative)
    elif quality is Quality.PRECISION:
        best, worst = Counts(positive, 0), Counts(positive, positive)
    else:  # a pending prediction may turn out not to be eligible: not to be actually positive
        best, worst = Counts(positive, 0), Counts(negative, negative)
    return Maturity(
        matured,
        matured.plus(best),
        matured.plus(worst),
        Labelled(
            _share(confusion.labelled, confusion.made),
            _share(confusion.tp + confusion.fp, confusion.made_positive),
            _share(confusion.fn + confusion.tn, confusion.made_negative),
        ),
    )


def needed(rate: float, requirement: Requirement) -> int:
    """The fewest samples with which a share of `rate` (0 … 1, the score, not the bad share) is
    decided, for a requirement on a share: by doubling, then halving. More samples never leave
    undecided what fewer decide; there is always such a number, as an interval gets narrow enough
    in the end."""
    low, high = 0, 1
    while not _decides(rate, high, requirement):
        low, high = high, 2 * high
    while high - low > 1:
        middle = (low + high) // 2
        if _decides(rate, middle, requirement):
            high = middle
        else:
            low = middle
    return high


def _decides(rate: float, n: int, requirement: Requirement) -> bool:
    return rule(Sample(0, rate, n), requirement) is not Ruling.UNDECIDED


def _share(part: float, whole: float) -> Fraction | None:
    return ratio(part, whole) if whole > 0 else None
