"""Counting against a real Prometheus, one hard case a service, and storms of random ones."""

import time
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from random import Random

import pytest

from bot.judge.indicator import Indicator, Op, Ratio, Threshold
from bot.judge.ledger import Slice
from bot.judge.objective import Method
from bot.judge.thinning import Stretch
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.ports import Ask
from tests.builders import DAY, HOUR, NOON, objective
from tests.prometheus import PrometheusServer, fill

pytestmark = pytest.mark.prometheus

Samples = list[tuple[float, float]]
"""Seconds after noon, value."""
STORMS = 120
STORM = HOUR


def ramp(since: float, until: float, start: float = 0.0, every: int = 15) -> Samples:
    """Ten events a scrape."""
    count = int((until - since) // every) + 1
    return [(since + n * every, start + 10 * n) for n in range(count)]


KEPT = ramp(-300, 900, 5_000)
"""A series that was there before noon: 40 events in every minute."""
CASES: dict[str, list[Samples]] = {
    "hidden-reset": [KEPT, [(-5, 10), (10, 2), (25, 15), (40, 15), (55, 15)]],
    "resets": [KEPT, [(-5, 9), (10, 4), (25, 3), (40, 7), (55, 2)]],
    "reset-between": [KEPT, [(50, 100), (65, 30), (80, 31)]],
    "newcomer": [KEPT, [(31, 50), (46, 51)]],
    "one-sample": [KEPT, [(31, 50)]],
    "newcomer-resets": [KEPT, [(10, 50), (25, 3), (40, 5)]],
    "returns-higher": [KEPT, [(-600, 1_000_000), (31, 1_000_007), (46, 1_000_007)]],
    "returns-lower": [KEPT, [(-600, 1_000_000), (31, 7), (46, 7)]],
    "on-the-edge": [KEPT, [(0, 5), (60, 8), (120, 8)]],
    "fresh": [ramp(-7, 900, 1e9), ramp(5, 900, 1e9)],
    "late-phase": [ramp(40, 900, 1e9), ramp(59, 900, 1e9), ramp(62, 900, 1e9)],
    "after-long": [[(-2 * DAY, 1e9), (-2 * DAY + 15, 1e9)], ramp(1, 900, 2e9), ramp(33, 900, 7)],
    "vanished": [KEPT],
    "every-second": [[(at, 100 + at % 7 + (at % 31)) for at in range(-20, 200)]],
    "lone": [[(-20, 5), (-5, 5), (10, 6)]],
}


def storm(rng: Random) -> list[Samples]:
    """Series that begin, end, pause, reset and jitter at random; one keeps the objective seen."""
    made = [ramp(-300, STORM, 5_000)]
    for _ in range(rng.randrange(1, 6)):
        born = rng.choice([-400.0, -400.0, rng.uniform(-60, STORM)])
        dies = rng.choice([STORM, born + rng.expovariate(1 / 300)])
        value, at, samples = rng.randrange(0, 5_000), born, Samples()
        wild = rng.choice([0.0, 0.02, 0.4])
        while at < min(dies, STORM):
            value = rng.randrange(0, 30) if rng.random() < wild else value + rng.randrange(0, 20)
            if rng.random() > wild / 4:
                samples.append((round(at + rng.uniform(0, 3), 3), value))
            at += 15 + (rng.choice([60, 900]) if rng.random() < wild / 20 else 0)
        made.append(samples)
    return [samples for samples in made if samples]


def storms() -> dict[str, list[Samples]]:
    return {f"storm-{seed}": storm(Random(seed)) for seed in range(STORMS)}


def openmetrics(world: dict[str, list[Samples]]) -> Iterator[str]:
    yield "# TYPE events counter"
    for service, series in world.items():
        for number, samples in enumerate(series):
            for at, value in samples:
                labels = f'service="{service}",pod="{number}"'
                yield f"events_total{{{labels}}} {value:.0f} {NOON + at:.3f}"
    yield "# TYPE latency gauge"
    for at, number in ((60, 0.2), (120, 0.5), (180, 0.9), (300, 0.1)):
        yield f"latency {number} {NOON + at - 1}"
    yield f"latency NaN {NOON + 240 - 1}"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("counting") / "data"
    fill(openmetrics({**CASES, **storms()}), data, "96h")
    with PrometheusServer(data) as server:
        yield server.url


@pytest.fixture
def source(url: str) -> Iterator[PrometheusSource]:
    made = PrometheusSource("models", Connection(url), Habits(), time.monotonic)
    yield made
    made.close()


def ask(
    service: str, until: int, step: int = 60, seen: int | None = NOON, since: int = NOON
) -> Ask:
    ratio = Ratio(f'events_total{{service="{service}"}}', bad="nothing_total")
    return Ask(objective(service, indicator=ratio), Stretch(since, NOON + until, step), seen)


def read(source: PrometheusSource, one: Ask) -> tuple[Slice, ...]:
    (reading,) = source.read([one])
    assert reading.fault is None
    return reading.slices


def events(slices: tuple[Slice, ...]) -> list[float]:
    return [s.eligible for s in slices]


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("hidden-reset", [40 + 15, 40]),
        ("resets", [40 + 4 + 3 + 4 + 2, 40]),
        ("reset-between", [40 + 100, 40 + 31]),
        ("newcomer", [40 + 51, 40]),
        ("one-sample", [40 + 50, 40]),
        ("newcomer-resets", [40 + 50 + 3 + 2, 40]),
        ("returns-higher", [40 + 7, 40]),
        ("returns-lower", [40 + 7, 40]),
        ("on-the-edge", [40 + 3, 40]),
    ],
)
def test_every_scraped_event_counts_once(
    source: PrometheusSource, service: str, expected: list[float]
) -> None:
    assert events(read(source, ask(service, 120))) == expected


def test_an_account_without_rows_takes_a_baseline_of_all_that_it_meets(
    source: PrometheusSource,
) -> None:
    slices = read(source, ask("fresh", 180, seen=None))
    # One series was there just before noon; the other's first sample is its baseline.
    assert [(s.eligible, s.observed) for s in slices] == [(40 + 30, 60), (80, 60), (80, 60)]


def test_series_first_scraped_in_the_next_slice_are_not_minted_either(
    source: PrometheusSource,
) -> None:
    slices = read(source, ask("late-phase", 240, seen=None))
    assert [s.observed for s in slices] == [60] * 4
    assert events(slices) == [10, 110, 120, 120]


@pytest.mark.parametrize("seen", [NOON, NOON - 120, NOON - 20 * HOUR])
def test_a_server_that_lost_its_memory_mints_nothing(source: PrometheusSource, seen: int) -> None:
    """We saw the objective lately, but this server has no sample from then: it was emptied."""
    slices = read(source, ask("late-phase", 240, seen=seen))
    assert [s.observed for s in slices] == [60] * 4
    assert events(slices) == [10, 110, 120, 120]


def test_nor_in_the_poll_after_the_one_that_found_it_empty(source: PrometheusSource) -> None:
    assert events(read(source, ask("late-phase", 60, seen=NOON))) == [10]
    slices = read(source, ask("late-phase", 240, seen=NOON + 60, since=NOON + 60))
    assert events(slices) == [110, 120, 120]


def test_after_a_gap_beyond_the_limit_everything_takes_a_new_baseline(
    source: PrometheusSource,
) -> None:
    long_ago = NOON - 2 * DAY + 60
    slices = read(source, ask("after-long", 180, seen=long_ago))
    assert [s.observed for s in slices] == [60] * 3
    assert events(slices) == [30 + 10, 80, 80]


def test_a_gap_within_the_limit_counts_what_the_counters_brought_across_it(
    source: PrometheusSource,
) -> None:
    since, seen = NOON - 300, NOON - 20 * HOUR
    slices = read(source, ask("returns-higher", 120, seen=seen, since=since))
    assert events(slices)[5:] == [47, 40]


def test_a_vanished_bad_series_is_zero_and_a_vanished_good_one_is_unobserved(
    source: PrometheusSource,
) -> None:
    total = 'events_total{service="vanished"}'
    bad, good = (
        Ask(objective(name, indicator=ratio), Stretch(NOON, NOON + 60, 60), NOON)
        for name, ratio in (
            ("bad", Ratio(total, bad="nothing_total")),
            ("good", Ratio(total, good="nothing_total")),
        )
    )
    first, second = source.read([bad, good])
    assert first.slices == (Slice(NOON + 60, 40.0, 0.0, 60),)
    assert second.slices == (Slice(NOON + 60, 0.0, 0.0, 0),)


def test_a_slice_is_observed_only_if_the_total_was_scraped_in_it(
    source: PrometheusSource,
) -> None:
    slices = read(source, ask("lone", 180))
    assert [(s.eligible, s.observed) for s in slices] == [(1, 60), (0, 0), (0, 0)]


def walk(samples: Samples) -> dict[int, float]:
    """Events by the end of their minute, from noon on; the past only sets the stage."""
    found: dict[int, float] = {}
    before = 0.0
    for at, value in samples:
        minute = int(-(-(NOON + at) // 60)) * 60
        if at > 0:
            found[minute] = found.get(minute, 0) + (value - before if value >= before else value)
        before = value
    return found


@pytest.mark.parametrize("step", [60, 300, 3_600])
def test_no_storm_makes_us_miscount(source: PrometheusSource, step: int) -> None:
    asks = [ask(service, STORM, step) for service in storms()]
    for reading, series in zip(source.read(asks), storms().values(), strict=True):
        assert reading.fault is None
        minutes = [walk(samples) for samples in series]
        expected = {
            at: sum(n for one in minutes for minute, n in one.items() if at - step < minute <= at)
            for at in range(NOON + step, NOON + STORM + 1, step)
        }
        assert {s.at: s.eligible for s in reading.slices} == expected, reading.objective


def test_a_scrape_a_second_is_counted_as_exactly(url: str) -> None:
    fast = PrometheusSource("models", Connection(url), Habits(scrape_interval=1), time.monotonic)
    (samples,) = CASES["every-second"]
    minutes = walk(samples)
    assert events(read(fast, ask("every-second", 180))) == [
        minutes[NOON + at] for at in (60, 120, 180)
    ]
    fast.close()


def measured(source: PrometheusSource, indicator: Indicator, until: int, step: int) -> list[Slice]:
    made = objective("values", indicator=indicator)
    (reading,) = source.read([Ask(made, Stretch(NOON, NOON + until, step), NOON)])
    assert reading.fault is None
    return list(reading.slices)


def test_a_threshold_makes_one_event_of_every_slice_with_a_number(
    source: PrometheusSource,
) -> None:
    limit = Threshold("max_over_time(latency[30s]) # seconds", Op.LTE, Fraction("0.5"))
    assert measured(source, limit, 300, 60) == [
        Slice(NOON + 60, 1.0, 0.0, 60),
        Slice(NOON + 120, 1.0, 0.0, 60),
        Slice(NOON + 180, 1.0, 1.0, 60),
        Slice(NOON + 240, 0.0, 0.0, 0),
        Slice(NOON + 300, 1.0, 0.0, 60),
    ]
    assert measured(source, limit, 300, 300) == [Slice(NOON + 300, 4.0, 1.0, 240)]


def test_counts_that_a_query_has_made_are_added_up(source: PrometheusSource) -> None:
    ready = 'count_over_time(events_total{service="vanished"}[59s])'
    counted = Ratio(ready, bad=f"{ready} - 3", counter=False)
    assert measured(source, counted, 300, 300) == [Slice(NOON + 300, 20.0, 5.0, 300)]


def test_timeslices_are_cut_by_the_step_of_the_objective(source: PrometheusSource) -> None:
    ratio = Ratio(
        'events_total{service="newcomer"}', bad='events_total{service="newcomer",pod="1"}'
    )
    made = replace(
        objective("newcomer", indicator=ratio, method=Method.TIMESLICES),
        slice_target=Fraction("0.5"),
    )
    (reading,) = source.read([Ask(made, Stretch(NOON, NOON + 300, 300), NOON)])
    assert reading.slices == (Slice(NOON + 300, 5.0, 1.0, 300),)
