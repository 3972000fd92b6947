"""Values as they are at the end of each slice: thresholds, and counts that a query has made."""

from collections import defaultdict
from collections.abc import Collection, Container, Sequence
from dataclasses import dataclass, field
from math import isfinite

from bot.judge.indicator import Ratio, Threshold
from bot.judge.ledger import Slice
from bot.measure.absence import proved_by
from bot.measure.api import Series
from bot.measure.promql import NotCountable, parse, selectors
from bot.measure.question import Question, Subject
from bot.measure.session import Session
from bot.measure.skew import Excesses, Fitting
from bot.measure.tally import Counts, fold, slices
from bot.measure.window import Window
from bot.ports import Ask, Reading


@dataclass
class OneValue:
    """A query that answers with one number at the end of each slice."""

    query: str
    summed: bool
    """Counts of several series are added up; several values cannot be."""
    found: dict[int, float] = field(default_factory=dict)
    """By the end of the slice, milliseconds."""
    fault: str | None = None

    @property
    def text(self) -> str:
        # A line of its own: the query may end in a comment.
        return f"{'sum' if self.summed else ''}({self.query}\n)"

    @property
    def subjects(self) -> Collection[Subject]:
        return (self.query,)

    def among(self, some: Container[Subject]) -> "OneValue | None":
        return self if self.query in some else None

    def take(self, series: Series) -> None:
        for time, value in series.points:
            at = round(time * 1000)
            if at in self.found:
                self.fail(
                    "the query answers with several series where one value is needed; "
                    "wrap it, for instance in max(…)"
                )
                return
            self.found[at] = float(value)

    def fail(self, fault: str) -> None:
        self.fault = fault


def read_values(
    session: Session, asks: Sequence[tuple[Ask, Ratio | Threshold]], excesses: Excesses
) -> list[Reading]:
    """One reading for each ask, in order."""
    questions: dict[Window, list[Question]] = defaultdict(list)
    asked: list[list[OneValue]] = []
    for ask, indicator in asks:
        values = _values(indicator)
        questions[_window(ask)].extend(value for value in values if value.fault is None)
        asked.append(values)
    session.ask(questions)
    return [
        _reading(ask, indicator, values, excesses)
        for (ask, indicator), values in zip(asks, asked, strict=True)
    ]


def _window(ask: Ask) -> Window:
    return Window.of(ask.stretch, ask.objective.step)


def _values(indicator: Ratio | Threshold) -> list[OneValue]:
    if isinstance(indicator, Threshold):
        return [_value(indicator.query, summed=False)]
    other = indicator.good if indicator.good is not None else indicator.bad
    return [_value(indicator.total, summed=True), _value(other or "vector(0)", summed=True)]


def _value(query: str, *, summed: bool) -> OneValue:
    """Only what is one whole expression may stand among others."""
    try:
        parse(query)
    except NotCountable as refusal:
        return OneValue("vector(0)", summed, fault=f"the query {refusal}")
    return OneValue(query, summed)


def _reading(
    ask: Ask, indicator: Ratio | Threshold, values: Sequence[OneValue], excesses: Excesses
) -> Reading:
    fault = next((value.fault for value in values if value.fault is not None), None)
    if fault is not None:
        return Reading(ask.objective.id, fault=fault)
    window, step = _window(ask), ask.objective.step
    ends = [window.end(number) for number in range(window.count)]
    if isinstance(indicator, Threshold):
        pieces = [_compared(indicator, end // 1000, values[0].found.get(end), step) for end in ends]
    else:
        fitting = Fitting(indicator.good is not None, step, excesses.before(ask))
        proved = _proved(indicator)
        found = [(end // 1000, _counted(fitting, values, end, proved=proved)) for end in ends]
        if fitting.fault is not None:
            return Reading(ask.objective.id, fault=fitting.fault)
        excesses.keep(ask, fitting.excess)
        pieces = list(slices(ask.objective, step, found))
    return Reading(ask.objective.id, fold(pieces, ask.stretch))


def _compared(threshold: Threshold, at: int, value: float | None, step: int) -> Slice:
    """One slice is one event: bad if its value does not hold."""
    if value is None or not isfinite(value):
        return Slice(at, 0.0, 0.0, 0)
    return Slice(at, 1.0, float(not threshold.op.holds(value, threshold.limit)), step)


def _counted(
    fitting: Fitting, values: Sequence[OneValue], end: int, *, proved: bool
) -> Counts | None:
    total, other = values[0].found.get(end), values[1].found.get(end)
    if other is None and proved:
        other = 0.0
    return fitting.counts(end // 1000, total, other)


def _proved(ratio: Ratio) -> bool:
    """Whether good events would have been seen beside a total, had there been any."""
    try:
        good = selectors(ratio.good or "")
        return len(good) == 1 and proved_by(selectors(ratio.total), good)
    except NotCountable:
        return False
