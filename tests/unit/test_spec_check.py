"""Adapters are asked about every indicator, and their complaints stand at the query's line."""

from collections.abc import Sequence

import pytest

from bot.decide.catalog import SourceSpec
from bot.errors import Fault
from bot.judge.indicator import Indicator, Ratio, Threshold
from bot.measure import check_indicator as adapted
from tests.unit.specs.kit import document, faults, read, slo


class Adapter:
    """Complains about every total and query; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, int | None]] = []

    def check(
        self, indicator: Indicator, source: SourceSpec, step: int | None
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


def test_an_adapter_is_asked_also_where_something_else_is_wrong() -> None:
    """All faults are told at once: not first those of the SLO, and then those of its queries."""
    adapter = Adapter()
    found = faults(slo(target="target: 1"), check=adapter.check)
    assert adapter.asked == [("Ratio", "prometheus", None)]
    assert [fault.problem for fault in found] == [
        "`requests_total` cannot be counted.",
        "A target of 100 % leaves no error budget.",
    ]
    month = "{duration: 1M, isRolling: true}"
    assert len(faults(slo(window=month), check=adapter.check)) == 2


def ratio(bad: str, total: str, counter: str = "true") -> tuple[str, str]:
    """An SLI, and the ending of a reference to it."""
    metric = "{metricSource: {type: Prometheus, spec: {query: '%s'}}}"
    counts = f"counter: {counter}, bad: {metric % bad}, total: {metric % total}"
    return document("SLI", "both", f"{{ratioMetric: {{{counts}}}}}"), "indicatorRef: both"


def test_what_stands_beside_a_query_of_wrong_syntax_is_looked_at_too() -> None:
    sli, ref = ratio("sum(errors_total", "max(requests_total)")
    found = faults(sli, slo().replace("indicatorRef: errors", ref), check=adapted)
    assert [fault.problem for fault in found] == [
        "This is not PromQL: unclosed left parenthesis.",
        "The query uses max(), which is not a count of events.",
    ]
    assert all("metricSource.spec.query" in fault.path for fault in found)


def test_the_range_of_a_count_is_not_judged_while_the_slice_is_not_known() -> None:
    sli, ref = ratio("sum(increase(errors_total[5m]))", "requests_total[1m]", counter="false")
    one = slo(target="target: 1").replace("indicatorRef: errors", ref)
    assert [fault.problem for fault in faults(sli, one, check=adapted)] == [
        "The query answers with a range of samples, not with one number.",
        "A target of 100 % leaves no error budget.",
    ]


BROKEN = "This is not PromQL: unclosed left parenthesis."
PUSHED = document("DataSource", "labels", "{type: csv, connectionDetails: {path: day.csv}}")
ILL = document("DataSource", "ill", "{type: Prometheus, connectionDetails: {}}")


def asking(where: str) -> str:
    metric = f"{{metricSource: {{{where}, spec: {{query: 'sum(lag'}}}}}}"
    return document("SLI", "broken", f"{{thresholdMetric: {metric}}}")


@pytest.mark.parametrize(
    ("where", "others", "missing"),
    [
        ("metricSourceRef: prom", [], "There is no DataSource `prom`."),
        ("metricSourceRef: prom, type: Prometheus", [PUSHED], "There is no DataSource `prom`."),
        ("metricSourceRef: ill", [ILL, PUSHED], "The field `url` is missing."),
    ],
    ids=["as all say", "as the metric says", "as the source says"],
)
def test_a_wrong_query_is_told_together_with_what_is_wrong_with_its_source(
    where: str, others: list[str], missing: str
) -> None:
    found = faults(slo(), asking(where), *others)
    assert sorted(fault.problem for fault in found) == sorted([missing, BROKEN])


@pytest.mark.parametrize(
    "where",
    ["metricSourceRef: prom", "metricSourceRef: prom, type: Rented", "metricSourceRef: labels"],
    ids=["nobody says", "another type", "a source of another type"],
)
def test_a_query_to_a_source_of_who_knows_what_type_is_not_judged_as_promql(where: str) -> None:
    found = faults(slo(), asking(where), PUSHED)
    assert found
    assert BROKEN not in [fault.problem for fault in found]
