"""From one feed of labelled predictions to the events of accuracy, precision and recall.

Every prediction is an event (law 1): what it is eligible for depends on the question. Counts are
doubles, as elsewhere; whole ones are exact up to 2^53.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.judge.observation import Observation


class Quality(StrEnum):
    """Which question is asked of the labels."""

    ACCURACY = "accuracy"
    """Eligible: all labelled predictions; bad: the wrong ones."""
    PRECISION = "precision"
    """Eligible: predicted positive; bad: those that are not."""
    RECALL = "recall"
    """Eligible: actually positive; bad: those that were missed."""


class Counts(NamedTuple):
    """Events of one objective."""

    eligible: float
    bad: float

    def plus(self, other: "Counts") -> "Counts":
        """Both together."""
        return Counts(self.eligible + other.eligible, self.bad + other.bad)

    def minus(self, other: "Counts") -> "Counts":
        """What `self` has more than `other`; may be negative: labels are corrected."""
        return Counts(self.eligible - other.eligible, self.bad - other.bad)


NOTHING = Counts(0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Confusion:
    """Predictions of a stretch of time whose labels have arrived, by prediction and truth."""

    tp: float
    """Predicted positive, and it was."""
    fp: float
    """Predicted positive, and it was not."""
    fn: float
    """Predicted negative, and it was positive."""
    tn: float
    """Predicted negative, and it was."""
    positives: float | None = None
    negatives: float | None = None
    """Predictions made of each class, labelled or not; None: not said, taken as all labelled."""

    @property
    def labelled(self) -> float:
        """Predictions with a label."""
        return self.tp + self.fp + self.fn + self.tn

    @property
    def made_positive(self) -> float:
        """Predictions of the positive class, labelled or not."""
        return self.tp + self.fp if self.positives is None else self.positives

    @property
    def made_negative(self) -> float:
        """Predictions of the negative class, labelled or not."""
        return self.fn + self.tn if self.negatives is None else self.negatives

    @property
    def made(self) -> float:
        """Predictions made, labelled or not."""
        return self.made_positive + self.made_negative

    def plus(self, other: "Confusion") -> "Confusion":
        """Both together: of two versions, or of two stretches of time."""
        return Confusion(
            self.tp + other.tp,
            self.fp + other.fp,
            self.fn + other.fn,
            self.tn + other.tn,
            self.made_positive + other.made_positive,
            self.made_negative + other.made_negative,
        )

    def counts(self, quality: Quality) -> Counts:
        """The events that one question counts, of the labelled predictions."""
        return _counts(quality, self.tp, self.fp, self.fn, self.tn)


def confusion_of(row: Observation) -> Confusion | None:
    """The confusion counts of an observation; None if it has others."""
    if row.tp is None or row.fp is None or row.fn is None or row.tn is None:
        return None
    return Confusion(row.tp, row.fp, row.fn, row.tn, row.positives, row.negatives)


def counts_of(row: Observation, quality: Quality) -> Counts:
    """Events in an observation: of its confusion counts, else as it counted them itself."""
    tp, fp, fn, tn = row.tp, row.fp, row.fn, row.tn
    if tp is None or fp is None or fn is None or tn is None:
        return Counts(row.eligible or 0.0, row.bad or 0.0)
    return _counts(quality, tp, fp, fn, tn)  # no Confusion on the way: there are ten thousands


def _counts(quality: Quality, tp: float, fp: float, fn: float, tn: float) -> Counts:
    if quality is Quality.ACCURACY:
        return Counts(tp + fp + fn + tn, fp + fn)
    if quality is Quality.PRECISION:
        return Counts(tp + fp, fp)
    return Counts(tp + fn, fn)


def difference(before: Observation | None, after: Observation, quality: Quality) -> Counts:
    """Late labels: by how much the account of the slice is to be restated. Replaying the same
    observation restates nothing."""
    known = NOTHING if before is None else counts_of(before, quality)
    return counts_of(after, quality).minus(known)
