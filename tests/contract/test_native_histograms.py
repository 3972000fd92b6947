"""Native histograms, scraped by the real Prometheus and counted slice by slice."""

import time
from collections.abc import Iterator

import pytest

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Ratio
from bot.judge.ledger import Slice
from bot.judge.thinning import Stretch
from bot.measure import build
from bot.ports import Ask
from tests.builders import objective
from tests.exposition import PROTOBUF, Exporter, native
from tests.prometheus import PrometheusServer

pytestmark = pytest.mark.prometheus

SCRAPE = 15
SCRAPES = 41
RESET = 24
"""The first scrape after the server was restarted: six minutes in."""
FAST, JUST, SLOW = -4, 0, 3
"""Buckets of schema 3 that end at 0.707, at 1 and at 1.297 seconds."""
NAME = "lat_seconds"


def buckets(scrape: int) -> dict[int, int]:
    """Every scrape 3 fast ones, 2 of just under a second, 1 slow one."""
    life = scrape if scrape < RESET else scrape - RESET
    return {FAST: 3 * life, JUST: 2 * life, SLOW: life}


@pytest.fixture(scope="module")
def start() -> int:
    """A full minute, long enough ago, and recent enough for a head block."""
    return int(time.time()) // 60 * 60 - 1_800


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, start: int) -> Iterator[str]:
    data = tmp_path_factory.mktemp("native") / "data"
    pages = [native(NAME, (start + n * SCRAPE) * 1000, 3, buckets(n)) for n in range(SCRAPES)]
    feature = "--enable-feature=native-histograms"
    with (
        Exporter(pages, PROTOBUF) as exporter,
        PrometheusServer(data, exporter.scrape_config, feature) as running,
    ):
        exporter.wait(SCRAPES + 1)
        yield running.url


def read(
    url: str, bound: str, since: int, until: int, step: int = 60, scrape: int = SCRAPE
) -> tuple[Slice, ...]:
    selector = f'{NAME}{{model="ranker"}}'
    indicator = Ratio(
        f"histogram_count({selector})",
        good=f"histogram_fraction(-Inf, {bound}, {selector}) * histogram_count({selector})",
    )
    details = {"url": url, "step": 60, "scrapeInterval": scrape}
    source = build(SourceSpec("models", "prometheus", details), str, time.monotonic)
    ask = Ask(objective(indicator=indicator), Stretch(since, until, step), since)
    (reading,) = source.read([ask])
    source.close()
    assert reading.fault is None
    return reading.slices


def test_at_a_bound_of_its_buckets_every_observation_is_counted_once(url: str, start: int) -> None:
    found = read(url, "1", start + 60, start + 300)
    assert found == tuple(Slice(at, 24.0, 4.0, 60) for at in range(start + 120, start + 301, 60))


@pytest.mark.parametrize("scrape", [15, 10, 7])
def test_a_restart_of_the_server_loses_and_mints_nothing(url: str, start: int, scrape: int) -> None:
    # The scrape at six minutes found nothing yet: three scrapes' worth in that minute.
    found = read(url, "1", start + 300, start + 480, scrape=scrape)
    assert [(s.eligible, s.bad) for s in found] == [(18.0, 3.0), (24.0, 4.0), (24.0, 4.0)]


def test_longer_slices_are_the_sums(url: str, start: int) -> None:
    (whole,) = read(url, "1", start, start + 600, 600)
    assert (whole.eligible, whole.bad) == (6.0 * (SCRAPES - 2), 1.0 * (SCRAPES - 2))
    assert whole.observed == 600


def test_between_two_bounds_the_error_stays_within_one_bucket(url: str, start: int) -> None:
    # 0.96 s lies in the bucket from 0.917 to 1 s, which gets eight of 24 a minute.
    for found in read(url, "0.96", start + 60, start + 300):
        assert found.eligible == 24.0
        assert 4.0 <= found.bad <= 12.0


def test_time_without_samples_is_unobserved(url: str, start: int) -> None:
    end = start + (SCRAPES - 1) * SCRAPE
    found = read(url, "1", end, end + 120)
    assert [(s.eligible, s.bad, s.observed) for s in found] == [(0.0, 0.0, 0)] * 2
