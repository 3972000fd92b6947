"""Indicators that a source cannot serve are named when the specs are loaded."""

from fractions import Fraction

import pytest

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Indicator, Op, Ratio, Recorded, Threshold
from bot.measure import KINDS, check_indicator

PROMETHEUS = SourceSpec("prom", "prometheus")
FILE = SourceSpec("file", "csv")


def problems(indicator: Indicator, spec: SourceSpec = PROMETHEUS, step: int = 60) -> str:
    """Fields and problems, one a line."""
    return "\n".join(f"{f}: {problem}" for f, problem, _ in check_indicator(indicator, spec, step))


def test_every_kind_of_source_is_known() -> None:
    fed = ("push", "sql", "nannyml", "evidently", "mlflow")
    assert list(KINDS) == ["prometheus", "csv", *fed]


@pytest.mark.parametrize(
    "indicator",
    [
        Ratio("sum(rate(a_total[5m]))", bad='a_total{code=~"5.."}'),
        Ratio("a_total", good="sum(b_total)"),
        Ratio("a_total", bad="sum(b_total) or vector(0)"),
        Ratio(":tensorflow:serving:request_count", bad="b_total"),
        Ratio("sum(increase(a[1m]))", bad="sum(increase(b[60s]))", counter=False),
        Ratio("job:requests:increase1m", bad="job:errors:increase1m", counter=False),
        Threshold("histogram_quantile(0.9, rate(a_bucket[5m]))", Op.LT, Fraction(1)),
    ],
)
def test_a_sound_indicator_has_no_faults(indicator: Indicator) -> None:
    assert check_indicator(indicator, PROMETHEUS, 60) == []


def test_all_faults_of_an_indicator_are_told_at_once() -> None:
    found = check_indicator(Ratio("avg(a)", good="b / c"), PROMETHEUS, 60)
    assert [(field, problem) for field, problem, _ in found] == [
        ("good", "The query is a ratio, and ratios cannot be added up over time."),
        ("total", "The query uses avg(), which is not a count of events."),
    ]
    assert all(remedy for _, _, remedy in found)


def test_a_missing_total_or_good_series_is_not_a_zero() -> None:
    found = problems(Ratio("a_total or vector(0)", good="b_total or vector(0)"))
    assert found.splitlines() == [
        f"{field}: The query ends in `or vector(0)`, but a missing series is no zero."
        for field in ("good", "total")
    ]


def test_a_recorded_rate_is_not_a_counter() -> None:
    assert "by its name a recorded rate" in problems(Ratio("job:requests:rate5m", bad="b_total"))


@pytest.mark.parametrize(
    ("query", "how"),
    [
        ("sum(increase(a[5m]))", "counted more than once"),
        ("sum(increase(a[30s]))", "counted only in part"),
        ("sum_over_time(sum(a)[1h:1m])", "counted more than once"),
    ],
)
def test_a_count_of_another_length_than_the_slice_is_refused(query: str, how: str) -> None:
    found = check_indicator(Ratio(query, bad="b", counter=False), PROMETHEUS, 60)
    assert [field for field, _, _ in found] == ["total"]
    assert how in found[0][1]
    assert "[1m]" in found[0][2]


def test_the_same_range_fits_an_objective_of_that_step() -> None:
    ratio = Ratio("sum(increase(a[5m]))", bad="sum(increase(b[5m]))", counter=False)
    assert check_indicator(ratio, PROMETHEUS, 300) == []


@pytest.mark.parametrize("query", ["a[5m]", "a[5m:1m]", "1", '"text"', "time()", "scalar(a)"])
def test_a_threshold_needs_one_number_at_a_time(query: str) -> None:
    assert problems(Threshold(query, Op.LT, Fraction(1))).startswith("query: The query answers")


def test_a_syntax_error_is_told_in_the_words_of_the_parser() -> None:
    found = problems(Threshold("max(a", Op.LT, Fraction(1)))
    assert found == "query: The query is not valid PromQL: unclosed left parenthesis."


def test_a_file_of_counts_answers_no_queries() -> None:
    assert problems(Ratio("a_total", bad="b_total"), FILE).startswith("query: The query asks")
    assert check_indicator(Recorded("ranker/availability"), FILE, 60) == []


def test_prometheus_has_no_recorded_counts() -> None:
    assert problems(Recorded("ranker/availability")) == "query: The query names a recorded series."
