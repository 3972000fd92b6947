"""What is known of a batch, in a sentence: the score, what it rests on, what is still needed."""

from bot.judge.batch import Requirement, Ruling, Sample, interval, rule
from bot.judge.indicator import Op
from bot.judge.maturity import needed

_MUST = {Op.GTE: "at least", Op.GT: "above", Op.LTE: "at most", Op.LT: "below"}


def sentence(sample: Sample, requirement: Requirement) -> str:
    """For people; of one batch, or of a pool."""
    ruling = rule(sample, requirement)
    text = f"{sample.metric or 'score'} {sample.value:.4g} of {_samples(sample.n)}: {ruling.value}"
    text += f" ({_MUST[requirement.op]} {float(requirement.limit):g} is required"
    ends = interval(sample, requirement.form)
    if ends is not None:
        text += f"; with so many samples it may be {ends[0]:.3g} to {ends[1]:.3g}"
    return f"{text}).{_next(sample, requirement) if ruling is Ruling.UNDECIDED else ''}"


def _next(sample: Sample, requirement: Requirement) -> str:
    """Until when it waits."""
    if sample.bounded or sample.smaller is not None:
        return " It counts neither way yet, and is judged with its neighbours."
    return (
        f" It counts neither way yet, and is judged with its neighbours: at this score "
        f"{needed(sample.value, requirement):,} samples decide."
    )


def _samples(n: float) -> str:
    return "1 sample" if n == 1 else f"{n:,.10g} samples"
