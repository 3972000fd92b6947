"""Latency, freshness and throughput as kinds of indicators."""

from fractions import Fraction

import pytest

from bot.judge.indicator import Op, Ratio, Threshold, Throughput
from bot.measure import check_indicator
from bot.spec.matching import plain, spellings
from tests.unit.specs.kit import faults, objective, slo


def asks(query: str) -> str:
    return f"{{metricSource: {{metricSourceRef: prometheus, spec: {{query: '{query}'}}}}}}"


def use(indicator: str, target: str = "target: 0.99") -> str:
    return slo(target=target).replace("indicatorRef: errors", f"indicator: {{{indicator}}}")


LAG = asks('lat_seconds{service="r"}')


def test_a_latency_is_the_share_of_observations_up_to_a_bucket() -> None:
    found = objective(use(f"latency: {{histogram: {LAG}, atMost: 0.5}}"))
    assert found.indicator == Ratio(
        'sum(lat_seconds_count{service="r"})',
        good='sum(lat_seconds_bucket{service="r",le="0.5"})',
    )


@pytest.mark.parametrize("suffix", ["", "_bucket", "_count"])
def test_any_series_of_a_histogram_names_it(suffix: str) -> None:
    found = objective(use(f"latency: {{histogram: {asks('lat_ms' + suffix)}, atMost: 200}}"))
    assert isinstance(found.indicator, Ratio)
    assert found.indicator.good == r'sum(lat_ms_bucket{le=~"200|200\\.0"})'


def test_a_native_histogram_is_counted_up_to_the_bound() -> None:
    text = use(f"latency: {{histogram: {LAG}, atMost: 0.5, native: true}}")
    found = objective(text)
    assert found.indicator == Ratio(
        'sum(histogram_count(lat_seconds{service="r"}))',
        good='sum(histogram_fraction(-Inf, 0.5, lat_seconds{service="r"})'
        ' * histogram_count(lat_seconds{service="r"}))',
    )
    assert faults(text, check=check_indicator) == ()


@pytest.mark.parametrize(
    ("bound", "ways"),
    [
        ("0.5", ("0.5",)),
        ("1", ("1", "1.0")),
        ("250", ("250", "250.0")),
        ("1000000", ("1000000", "1000000.0", "1e+06")),
        ("1274830", ("1274830", "1274830.0", "1.27483e+06")),
        ("0.00005", ("0.00005", "5e-05")),
    ],
)
def test_a_bound_is_found_however_its_exporter_spells_it(bound: str, ways: tuple[str, ...]) -> None:
    assert spellings(Fraction(bound)) == ways


def test_a_latency_that_is_only_a_sum_is_refused_with_the_alternative() -> None:
    (fault,) = faults(use(f"latency: {{histogram: {asks('lat_seconds_sum')}, atMost: 0.5}}"))
    assert "is a sum: it gives a mean" in fault.problem
    assert "Timeslices" in fault.remedy


def test_the_age_of_the_newest_time_is_held_against_its_limit() -> None:
    text = use(f"freshness: {{timestamp: {asks('trained_at')}, atMost: 24h}}")
    assert objective(text).indicator == Threshold(
        "(time() - max(trained_at\n)) >= -300", Op.LTE, Fraction(86_400)
    )
    assert faults(text, check=check_indicator) == ()


def test_the_oldest_counts_if_so_said_and_milliseconds_are_understood() -> None:
    text = use(f"freshness: {{timestamp: {asks('t')}, atMost: 1h, of: oldest, unit: milliseconds}}")
    found = objective(text).indicator
    assert isinstance(found, Threshold)
    assert found.query == "(time() - min(t\n) / 1000) >= -300"


def test_throughput_has_a_floor_under_offered_load() -> None:
    text = use(f"throughput: {{served: {asks('s_total')}, shed: {asks('x_total')}, atLeast: 2.5}}")
    assert objective(text).indicator == Throughput("s_total", "x_total", Fraction(5, 2))
    assert faults(text, check=check_indicator) == ()


@pytest.mark.parametrize(
    ("indicator", "target", "problem"),
    [
        (f"latency: {{histogram: {LAG}}}", "target: 0.9", "`atMost` is missing"),
        (f"latency: {{histogram: {LAG}, atMost: -1}}", "target: 0.9", "above 0"),
        (f"latency: {{histogram: {asks('sum(x)')}, atMost: 1}}", "target: 0.9", "plain selector"),
        (
            "latency: {histogram: " + asks('x_bucket{le="1"}') + ", atMost: 1}",
            "target: 0.9",
            "stands here already",
        ),
        (f"freshness: {{timestamp: {LAG}}}", "target: 0.9", "`atMost` is missing"),
        (f"freshness: {{timestamp: {LAG}, atMost: 1h, unit: days}}", "target: 0.9", "none of the"),
        (
            f"freshness: {{timestamp: {LAG}, atMost: 1h}}",
            "target: 0.9, value: 3",
            "limit stands at the indicator",
        ),
        (f"throughput: {{served: {LAG}, atLeast: 1}}", "target: 0.9", "`shed` is missing"),
        (f"throughput: {{served: {LAG}, shed: {LAG}}}", "target: 0.9", "`atLeast` is missing"),
        (
            f"throughput: {{served: {LAG}, shed: {LAG}, atLeast: 1}}",
            "target: 0.9, value: 3",
            "`value` belongs to",
        ),
        (f"latency: {{histogram: {LAG}, atMost: 1}}, freshness: {{}}", "target: 0.9", "one metric"),
    ],
)
def test_what_is_missing_or_contradicts_is_refused(
    indicator: str, target: str, problem: str
) -> None:
    (fault,) = faults(use(indicator, target))
    assert problem in fault.problem


def test_a_throughput_that_cannot_be_counted_is_refused_where_it_stands() -> None:
    text = use(f"throughput: {{served: {asks('avg(x)')}, shed: {asks('y')}, atLeast: 1}}")
    (fault,) = faults(text, check=check_indicator)
    assert fault.path.startswith("spec.indicator.throughput.served")


@pytest.mark.parametrize("query", ["sum(a)", "a offset 5m", "a[5m]", '{"a.b"}', "a +", "1"])
def test_only_plain_selectors_are_plain(query: str) -> None:
    assert plain(query) is None


def test_a_plain_selector_is_printed_as_it_was_written() -> None:
    query = r'a{b="c\\d\"e",f!="g",h=~"i",j!~"k"}'
    assert str(plain(query)) == query
