"""Whether a batch of samples is good, bad or undecided.

A score of few samples proves little: measured on batches of 100 with a true rate one point better
than the target, the plain score calls 23 % wrongly bad, its interval 3 %. What is undecided is not
charged, but waits in a pool (`bot/judge/pool.py`).
"""

from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction

from bot.judge.confidence import Z
from bot.judge.indicator import Op
from bot.judge.newcombe import wilson
from bot.judge.observation import Observation, Wrong

PRECISION = 0.1
"""An interval this narrow, as a share of what the limit leaves, is no longer waited for: the score
itself decides. So a pool is of bounded size, and an old one cannot drown a new bleed."""


class Ruling(Enum):
    """What is known of a batch."""

    GOOD = "good"
    BAD = "bad"
    UNDECIDED = "undecided"


class Form(StrEnum):
    """What kind of number a score is: how sure it is, and how two of them become one."""

    SHARE = "share"
    """A share of n samples (accuracy, precision, recall): Wilson's interval."""
    RANK = "rank"
    """AUC: Wilson's interval over the samples of the smaller class, which is never too narrow, as
    its variance is at most AUC·(1 − AUC)/smaller (Birnbaum and Klose 1957)."""
    MEAN = "mean"
    """Any other number (PSI, KS, Wasserstein …): pooled as the mean weighted by n."""
    ROOT_MEAN_SQUARE = "rms"
    """RMSE: pooled as the root of the mean square, weighted by n."""
    P_VALUE = "p_value"
    """Of a test for drift: pooled by Stouffer's sum of z, weighted by √n (Lipták 1958)."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a score must be: good where `value op limit` holds."""

    op: Op
    limit: Fraction
    form: Form = Form.MEAN
    minimum: float = 0.0
    """Samples from which on a score without an interval is believed."""

    def met_by(self, value: float) -> bool:
        """Whether a score is as it must be. Scores come as doubles, and so is the limit taken: a
        score of 0.94 meets 0.94, though its double is a little less than 94/100."""
        return self.op.holds(value, Fraction(float(self.limit)))

    @property
    def precision(self) -> float:
        """Half of the width of an interval that is no longer waited for."""
        limit = float(abs(self.limit))
        return PRECISION * (min(limit, 1 - limit) if 0 < limit < 1 else limit or 1.0)


@dataclass(frozen=True, slots=True)
class Sample:
    """The score of one batch."""

    at: int
    """End of its slice, seconds since 1970."""
    value: float
    n: float
    """Samples behind it."""
    low: float | None = None
    high: float | None = None
    """The tool's own interval; it counts instead of ours if both ends are given."""
    tool: str = ""
    metric: str = ""
    smaller: float | None = None
    """Samples of the smaller class, for AUC."""

    @property
    def bounded(self) -> bool:
        """Whether the tool gave an interval of its own."""
        return self.low is not None and self.high is not None

    @property
    def kin(self) -> tuple[str, str, bool, bool]:
        """Only scores that agree in this are ever compared or pooled: the same measure by the same
        tool, with the same kind of interval."""
        return self.tool, self.metric, self.bounded, self.smaller is not None


_UNIT = (Form.SHARE, Form.RANK, Form.P_VALUE)


def misfit(row: Observation, form: Form) -> Wrong | None:
    """What is wrong with the score of an observation as a score of this form; None if it is sound,
    or if there is none. No share lies above 1: 93.2 is meant as a percentage, or is none."""
    if row.value is None:
        return None
    if form in _UNIT and not 0 <= row.value <= 1:
        return Wrong("value", f"is {row.value:.10g}: a score of scale {form} lies between 0 and 1")
    if form is Form.ROOT_MEAN_SQUARE and row.value < 0:
        return Wrong("value", f"is {row.value:.10g}: a score of scale {form} is never negative")
    return None


def unnamed(row: Observation) -> Wrong | None:
    """What a score of drift lacks to be told from others: those of two tools, or of two metrics,
    say nothing of each other. None if it lacks nothing, or if there is no score."""
    for name in ("tool", "metric") if row.value is not None else ():
        if not getattr(row, name):
            return Wrong(name, "is missing: a score of drift says by which tool and metric")
    return None


def sample_of(row: Observation) -> Sample | None:
    """The score of an observation; None if it has none. Where it says how many predictions were
    made of each class, the fewer are the smaller class."""
    if row.value is None or row.n is None:
        return None
    made = row.positives, row.negatives
    smaller = None if made[0] is None or made[1] is None else min(made[0], made[1])
    return Sample(row.end, row.value, row.n, row.low, row.high, row.tool, row.metric, smaller)


def interval(sample: Sample, form: Form) -> tuple[float, float] | None:
    """What the true score may be: the tool's own interval, else Wilson's (Wilson 1927) at 90 %
    two-sided for shares; None for a score that has neither."""
    if sample.low is not None and sample.high is not None:
        return sample.low, sample.high
    if form is Form.SHARE and sample.n > 0:
        return wilson(sample.value * sample.n, sample.n, Z)
    if form is Form.RANK and sample.smaller:
        return wilson(sample.value * sample.smaller, sample.smaller, Z)
    return None


def rule(sample: Sample, requirement: Requirement) -> Ruling:
    """Of one batch, or of a pool. A batch without samples is undecided."""
    if sample.n <= 0:
        return Ruling.UNDECIDED
    ends = interval(sample, requirement.form)
    if ends is None:
        enough = sample.n >= requirement.minimum
        return _point(sample, requirement) if enough else Ruling.UNDECIDED
    sides = {requirement.met_by(end) for end in ends}
    if len(sides) == 1 or (ends[1] - ends[0]) / 2 <= requirement.precision:
        return _point(sample, requirement)
    return Ruling.UNDECIDED


def _point(sample: Sample, requirement: Requirement) -> Ruling:
    return Ruling.GOOD if requirement.met_by(sample.value) else Ruling.BAD
