"""A release of which every request fails is an outage, however its counters come and go."""

import time
from collections.abc import Iterator
from itertools import accumulate
from random import Random

import pytest

from bot.judge.indicator import Ratio
from bot.judge.ledger import Slice
from bot.judge.thinning import Stretch
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.ports import Ask
from tests.builders import DAY, HOUR, NOON, objective
from tests.prometheus import PrometheusServer, fill

pytestmark = pytest.mark.prometheus

RELEASE = NOON + 600
END = NOON + 2 * HOUR
RNG = Random(5)
EVENTS = [RNG.randrange(0, 40) for _ in range((END - NOON) // 15 + 40)]
"""Requests between two scrapes of the balancer, all of them bad, from 300 s before noon on."""
DONE = list(accumulate(EVENTS))


def samples(
    labels: str, since: int, until: int, start: int, each: int, every: int = 15
) -> Iterator[str]:
    for number, at in enumerate(range(since, until, every)):
        yield f"{labels} {start + each * number} {at}"


def requests() -> Iterator[str]:
    """Two old pods, replaced by two new ones that never serve anything."""
    for pod in "ab":
        for code, start, each in (("200", 5_000, 10), ("500", 100, 1)):
            labels = f'requests_total{{pod="{pod}",code="{code}"}}'
            yield from samples(labels, NOON - 300, RELEASE + 1, start, each)
    for pod in "cd":
        labels = f'requests_total{{pod="{pod}",code="500"}}'
        yield from samples(labels, RELEASE + 5, END + 1, 11, 11)


def openmetrics() -> Iterator[str]:
    yield "# TYPE requests counter"
    yield from requests()
    yield "# TYPE served counter"
    for pod in "ab":
        yield from samples(f'served_total{{pod="{pod}"}}', NOON - 300, RELEASE + 1, 5_000, 10)
    yield "# TYPE received counter"
    for pod, since, until in (("a", NOON - 300, RELEASE + 1), ("c", RELEASE + 5, END + 1)):
        yield from samples(f'received_total{{pod="{pod}"}}', since, until, 22, 22)
    yield from samples('received_total{pod="late"}', NOON + DAY, NOON + DAY + 7_200, 0, 9, 60)
    yield "# TYPE app counter"  # the application sees a request first, and is scraped first
    for number, done in enumerate(DONE):
        yield f"app_total {done} {NOON - 300 + 15 * number}"
    yield "# TYPE balancer counter"
    for number, done in enumerate(DONE[:-1]):
        yield f"balancer_total {done} {NOON - 300 + 15 * number + 11}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("outage") / "data"
    fill(openmetrics(), data, "96h")
    with PrometheusServer(data) as server:
        yield server.url


@pytest.fixture
def source(url: str) -> Iterator[PrometheusSource]:
    made = PrometheusSource("models", Connection(url), Habits(), time.monotonic)
    yield made
    made.close()


def read(
    source: PrometheusSource, ratio: Ratio, since: int, until: int, seen: int | None = None
) -> list[Slice]:
    ask = Ask(
        objective(indicator=ratio), Stretch(since, until, 60), since if seen is None else seen
    )
    (reading,) = source.read([ask])
    assert reading.fault is None
    return list(reading.slices)


def polled(source: PrometheusSource, ratio: Ratio, since: int, until: int) -> list[Slice]:
    """A slice at a time, as polls are."""
    found: list[Slice] = []
    seen = since
    for at in range(since, until, 60):
        found += read(source, ratio, at, at + 60, seen)
        seen = next((one.at for one in reversed(found) if one.observed), seen)
    return found


SAME = Ratio("requests_total", good='requests_total{code="200"}')
SUMS = Ratio(
    "sum(increase(requests_total[1m]))",
    good='sum(increase(requests_total{code="200"}[1m]))',
    counter=False,
)
OTHER = Ratio("received_total", good="served_total")


@pytest.mark.parametrize("ratio", [SAME, OTHER])
def test_pods_that_only_ever_fail_are_bad_from_their_first_scrape(
    source: PrometheusSource, ratio: Ratio
) -> None:
    whole = read(source, ratio, NOON, NOON + 3_600)
    assert all(one.observed for one in whole)
    before = [one for one in whole if one.at <= RELEASE]
    after = [one for one in whole if one.at > RELEASE]
    assert {one.eligible for one in before} == {88.0}
    assert {one.bad for one in before} == {8.0}
    assert [(one.eligible, one.bad) for one in after] == [(88.0, 88.0)] * 50
    assert polled(source, ratio, RELEASE - 120, RELEASE + 300) == whole[8:15]


def test_the_same_with_counts_that_a_query_has_made(source: PrometheusSource) -> None:
    after = read(source, SUMS, RELEASE + 120, NOON + 3_600)
    assert all(one.observed for one in after)
    assert all(one.bad == one.eligible > 0 for one in after)


def test_good_events_that_nobody_ever_saw_say_nothing(source: PrometheusSource) -> None:
    slip = Ratio("received_total", good='served_total{pod="x"}')
    assert not any(one.observed for one in read(source, slip, NOON, NOON + 3_600))
    typed = Ratio(
        "sum(received_total) - sum(received_total offset 1m)", good="servd", counter=False
    )
    assert not any(one.observed for one in read(source, typed, NOON, NOON + 3_600))


def test_good_events_last_seen_longer_ago_than_the_horizon_say_nothing(
    source: PrometheusSource,
) -> None:
    since = NOON + DAY
    slices = read(source, OTHER, since, since + 3_600, seen=since - 60)
    seen = [one.at for one in slices if one.observed]
    assert seen == list(range(since + 60, RELEASE + DAY + 1, 60))


SKEWED = Ratio("balancer_total", bad="app_total")


def test_an_outage_seen_by_one_side_first_is_counted_to_the_last_event(
    source: PrometheusSource,
) -> None:
    whole = read(source, SKEWED, NOON, END)
    balancer = {NOON - 300 + 15 * n + 11: events for n, events in enumerate(EVENTS[:-1])}
    for one in whole:
        assert one.observed == 60
        scraped = sum(n for at, n in balancer.items() if one.at - 60 < at <= one.at)
        assert one.eligible == scraped
        assert 0 <= one.bad <= one.eligible
    bad = sum(EVENTS[n] for n in range(len(EVENTS)) if NOON < NOON - 300 + 15 * n <= END)
    assert bad - 4 * 40 <= sum(one.bad for one in whole) <= bad
    clamped = sum(min(one.eligible, sum(EVENTS[n] for n in numbers(one.at))) for one in whole)
    assert clamped < sum(one.bad for one in whole)


def numbers(at: int) -> list[int]:
    """Scrapes of the application in the minute that ends then."""
    return [n for n in range(len(EVENTS)) if at - 60 < NOON - 300 + 15 * n <= at]


def test_polls_count_a_skewed_outage_as_one_long_read_does(source: PrometheusSource) -> None:
    whole = read(source, SKEWED, NOON, NOON + 1_800)
    assert polled(source, SKEWED, NOON, NOON + 1_800) == whole


def test_a_process_that_does_not_remember_the_last_poll_still_sees_every_slice(url: str) -> None:
    for at in range(NOON, NOON + 600, 60):
        fresh = PrometheusSource("models", Connection(url), Habits(), time.monotonic)
        (one,) = read(fresh, SKEWED, at, at + 60)
        assert one.observed == 60
        assert one.bad <= one.eligible
        fresh.close()


@pytest.mark.parametrize(
    ("ratio", "side"),
    [
        (Ratio("app_total", good="app_total + balancer_total"), "good"),
        (Ratio("app_total", bad="app_total + app_total"), "bad"),
    ],
)
def test_a_contradiction_of_an_hour_is_a_fault(
    source: PrometheusSource, ratio: Ratio, side: str
) -> None:
    contradictory = Ask(objective("odd", indicator=ratio), Stretch(NOON, END, 60), NOON)
    sound = Ask(objective("even", indicator=SKEWED), Stretch(NOON, END, 60), NOON)
    for _ in range(2):
        odd, even = source.read([contradictory, sound])
        assert odd.fault == (
            f"models has counts in which {side} exceeds total for an hour and more; "
            "both must count the same events"
        )
        assert even.fault is None
