"""Latency, freshness and throughput as specs say them, against the real Prometheus."""

from collections.abc import Iterator

import pytest

from bot.judge.ledger import Slice
from bot.ports import Reading
from bot.wiring.doctor_answers import check_answers
from tests.builders import MINUTE, NOON, when
from tests.prometheus import PrometheusServer, fill
from tests.sought import read as seen
from tests.sought import sought

pytestmark = pytest.mark.prometheus

MINUTES = range(31)
IDLE, OVERLOADED = range(11, 16), range(21, 26)
"""Minutes without any demand, and minutes in which more was asked for than could be served."""


def lines() -> Iterator[str]:
    served = shed = 0
    counts: dict[str, list[int]] = {"served": [], "shed": []}
    for minute in MINUTES:
        served += 0 if minute in IDLE else 600 if minute in OVERLOADED else 60
        shed += 30 if minute in OVERLOADED else 0
        counts["served"].append(served)
        counts["shed"].append(shed)
    for name, values in counts.items():
        yield f"# TYPE {name} counter"
        for minute, value in enumerate(values):
            yield f'{name}_total{{model="ranker"}} {value} {NOON + minute * MINUTE}'
    yield "# TYPE lat_seconds histogram"
    for bound, each in (("0.1", 6), ("0.25", 8), ("1.0", 9), ("+Inf", 10)):
        for minute in MINUTES:
            at = NOON + minute * MINUTE
            yield f'lat_seconds_bucket{{model="ranker",le="{bound}"}} {each * minute} {at}'
    for minute in MINUTES:
        yield f'lat_seconds_count{{model="ranker"}} {10 * minute} {NOON + minute * MINUTE}'
    yield "# TYPE trained gauge"
    for minute in MINUTES:
        trained = NOON - 3_600 if minute < 20 else NOON + 19 * MINUTE
        yield f'trained{{model="ranker"}} {trained} {NOON + minute * MINUTE}'


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("models") / "data"
    fill(lines(), data)
    with PrometheusServer(data) as running:
        yield running.url


def asks(query: str) -> str:
    return f"{{metricSource: {{spec: {{query: '{query}'}}}}}}"


def read(url: str, indicator: str, since: int = 1, until: int = 30) -> Reading:
    return seen(url, indicator, NOON + since * MINUTE, NOON + until * MINUTE)


def test_the_share_of_requests_up_to_a_bucket_is_counted_exactly(url: str) -> None:
    query = asks('lat_seconds{model="ranker"}')
    found = read(url, f"latency: {{histogram: {query}, atMost: 0.25}}")
    assert found.fault is None
    assert {(s.eligible, s.bad, s.observed) for s in found.slices} == {(10.0, 2.0, 60)}


def test_a_bucket_is_found_however_it_is_spelled(url: str) -> None:
    query = asks('lat_seconds{model="ranker"}')
    found = read(url, f"latency: {{histogram: {query}, atMost: 1}}")
    assert {(s.eligible, s.bad) for s in found.slices} == {(10.0, 1.0)}


def test_a_limit_that_is_no_bucket_is_told_with_the_bounds_that_there_are(url: str) -> None:
    query = asks('lat_seconds{model="ranker"}')
    found = read(url, f"latency: {{histogram: {query}, atMost: 0.3}}")
    assert found.fault == (
        "models has no bucket 0.3 of lat_seconds_bucket; "
        "take one of its bounds: 0.1, 0.25, 1.0, +Inf"
    )


def test_a_metric_without_buckets_is_told_not_to_be_a_histogram(url: str) -> None:
    # Its count is there under the name that a histogram's would have.
    found = read(
        url,
        "metadata: {name: x}, spec: {ratioMetric: {good: "
        + asks('nothing_bucket{le="1"}')
        + ", total: "
        + asks("lat_seconds_count")
        + "}}",
    )
    assert found.fault is not None
    assert "has no nothing_bucket beside its count" in found.fault


def test_a_model_is_fresh_until_its_age_passes_the_limit(url: str) -> None:
    query = asks('trained{model="ranker"}')
    found = read(url, f"freshness: {{timestamp: {query}, atMost: 70m}}", since=0)
    bad = [(s.at - NOON) // MINUTE for s in found.slices if s.bad]
    assert bad == list(range(11, 20))
    assert all(s.eligible == 1.0 for s in found.slices)


def test_a_time_in_the_future_tells_no_age(url: str) -> None:
    query = asks('trained{model="ranker"} + 86400')
    found = read(url, f"freshness: {{timestamp: {query}, atMost: 70m}}")
    assert {s.observed for s in found.slices} == {0}


def throughput(url: str, floor: str) -> dict[int, Slice]:
    served, shed = asks('served_total{model="ranker"}'), asks('shed_total{model="ranker"}')
    found = read(url, f"throughput: {{served: {served}, shed: {shed}, atLeast: {floor}}}")
    assert found.fault is None
    return {(s.at - NOON) // MINUTE: s for s in found.slices}


def test_throughput_is_judged_only_under_offered_load(url: str) -> None:
    found = throughput(url, "20")
    assert [m for m, s in found.items() if s.eligible == 0] == list(IDLE)
    assert all(s.observed == 60 for s in found.values())
    assert [m for m, s in found.items() if s.bad] == list(OVERLOADED)


def test_shedding_above_the_floor_is_no_failure(url: str) -> None:
    assert [m for m, s in throughput(url, "10").items() if s.bad] == []


def test_the_doctor_tells_a_limit_that_is_no_bucket_and_nothing_of_one_that_is(url: str) -> None:
    query = asks('lat_seconds{model="ranker"}')
    said = []
    for limit in ("0.25", "0.3"):
        one, source = sought(url, f"latency: {{histogram: {query}, atMost: {limit}}}")
        found = list(check_answers(source, [one] * 12, when(NOON + 30 * MINUTE)))
        source.close()
        said.append([(each.subject, each.text) for each in found])
    fine, wrong = said
    assert fine == []
    assert len(wrong) == 11
    assert wrong[0][0] == "counts of ranker/slo"
    assert "take one of its bounds: 0.1, 0.25, 1.0, +Inf" in wrong[0][1]
    assert wrong[-1] == ("counts", "models cannot answer for 2 more objectives either")
