"""Adapters are asked about every indicator, and their complaints stand at the query's line."""

from collections.abc import Sequence

from bot.decide.catalog import SourceSpec
from bot.errors import Fault
from bot.judge.indicator import Indicator, Ratio, Threshold
from tests.unit.specs.kit import document, faults, read, slo


class Adapter:
    """Complains about every total and query; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int]] = []

    def check(
        self, indicator: Indicator, source: SourceSpec, step: int
    ) -> Sequence[tuple[str, str, str]]:
        self.asked.append((type(indicator).__name__, source.name, step))
        match indicator:
            case Ratio(total=query):
                return [("total", f"`{query}` cannot be counted.", "Count it.")]
            case Threshold(query=query):
                return [("query", f"`{query}` has no value.", "Give it one.")]
        return []


LAG = document(
    "SLI", "errors2", "{thresholdMetric: {metricSource: {type: Prometheus, spec: {query: lag}}}}"
)
SLOW = (
    slo("lag", target="target: 0.9, op: lt, value: 1, timeSliceWindow: 5m")
    .replace("indicatorRef: errors", "indicatorRef: errors2")
    .replace("Occurrences", "Timeslices")
)


def test_a_complaint_stands_at_the_line_and_field_of_its_query() -> None:
    assert faults(slo(), check=Adapter().check) == (
        Fault(
            "a.yaml:13",
            "spec.ratioMetric.total.metricSource.spec.query",
            "`requests_total` cannot be counted.",
            "Count it.",
        ),
    )


def test_an_indicator_that_two_objectives_share_is_complained_of_once() -> None:
    adapter = Adapter()
    assert len(faults(slo("a"), slo("b"), check=adapter.check)) == 1
    assert len(adapter.asked) == 2


def test_the_adapter_is_told_the_step_of_the_objective() -> None:
    adapter = Adapter()
    found = faults(slo(), LAG, SLOW, check=adapter.check)
    assert adapter.asked == [("Ratio", "prometheus", 60), ("Threshold", "prometheus", 300)]
    assert [fault.problem for fault in found][1:] == ["`lag` has no value."]


def test_an_adapter_without_complaints_lets_the_specs_load() -> None:
    assert read(slo(), check=lambda *_: []).objectives
