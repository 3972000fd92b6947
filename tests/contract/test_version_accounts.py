"""Accounts of versions over a real Prometheus: counted exactly, and together all there is."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Ratio
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.judge.version import of_version
from bot.measure import build
from bot.ports import Ask, Source, TellsVersions
from tests.builders import HOUR, MINUTE, NOON, objective
from tests.prometheus import PrometheusServer, fill

pytestmark = pytest.mark.prometheus
END = NOON + 2 * HOUR
BORN = NOON + 3_000
"""38 comes fifty minutes after noon, beside 37."""
ODD = 'a"b\\c'
"""A version that would break out of a query it was pasted into."""


def series(version: str, pod: str, born: int, ends: int, each: int, bad: int) -> list[str]:
    """Samples every 15 s of a pod whose counters begin with its first sample."""
    name = version.replace("\\", "\\\\").replace('"', '\\"')
    labels = f'{{service="ranker",version="{name}",pod="{pod}"}}'
    ticks = list(enumerate(range(born, ends, 15), 1))
    return [
        *(f"requests_total{labels} {each * n} {at}" for n, at in ticks),
        *(f"errors_total{labels} {bad * n} {at}" for n, at in ticks),
    ]


PODS = [
    ("37", "a", NOON - 4 * HOUR, END, 8, 1),
    ("37", "b", NOON + HOUR, END, 4, 0),  # another pod of the old version, born meanwhile
    ("38", "c", BORN, NOON + 5_400, 3, 2),
    ("38", "d", NOON + 5_000, END, 5, 1),  # c is replaced
    (ODD, "e", BORN + 600, END, 7, 3),
]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Source]:
    data = tmp_path_factory.mktemp("versions") / "data"
    lines = [line for pod in PODS for line in series(*pod)]
    requests = [line for line in lines if line.startswith("requests")]
    errors = [line for line in lines if line.startswith("errors")]
    fill(["# TYPE requests counter", *requests, "# TYPE errors counter", *errors], data)
    with PrometheusServer(data) as running:
        details = {"url": running.url, "step": 60, "scrapeInterval": 15}
        built = build(SourceSpec("models", "prometheus", details), str, time.monotonic, data)
        yield built
        built.close()


WHOLE = replace(
    objective(
        indicator=Ratio('requests_total{service="ranker"}', bad='errors_total{service="ranker"}')
    ),
    version_label="version",
)


def counted(source: Source, one: Objective, since: int = NOON) -> tuple[Slice, ...]:
    (reading,) = source.read([Ask(one, Stretch(since, END, MINUTE), since)])
    assert reading.fault is None
    return reading.slices


def total(slices: tuple[Slice, ...]) -> tuple[float, float]:
    return sum(one.eligible for one in slices), sum(one.bad for one in slices)


def scraped(version: str) -> tuple[int, int]:
    """What the samples after noon brought: of a new series its first value, too."""
    eligible = bad = 0
    for name, _, born, ends, each, wrong in PODS:
        if name == version:
            ticks = sum(1 for at in range(born, ends, 15) if NOON < at <= END)
            eligible, bad = eligible + each * ticks, bad + wrong * ticks
    return eligible, bad


@pytest.mark.parametrize("version", ["37", "38", ODD])
def test_each_version_is_counted_exactly_from_its_first_sample_on(
    source: Source, version: str
) -> None:
    assert total(counted(source, of_version(WHOLE, version, NOON))) == scraped(version)


def test_the_versions_together_are_all_that_the_objective_counts_in_every_slice(
    source: Source,
) -> None:
    parts = [counted(source, of_version(WHOLE, v, NOON)) for v in ("37", "38", ODD)]
    for whole, *mine in zip(counted(source, WHOLE), *parts, strict=True):
        assert sum(one.eligible for one in mine) == whole.eligible
        assert sum(one.bad for one in mine) == whole.bad


def test_many_versions_are_asked_together_with_the_whole_and_answer_the_same(
    source: Source,
) -> None:
    ones = [WHOLE, *(of_version(WHOLE, v, NOON) for v in ("37", "38", ODD))]
    asks = [Ask(one, Stretch(NOON, END, MINUTE), NOON) for one in ones]
    for one, reading in zip(ones, source.read(asks), strict=True):
        assert reading.fault is None
        assert reading.slices == counted(source, one)


def test_a_version_that_was_there_before_its_account_is_continued_and_nothing_is_minted(
    source: Source,
) -> None:
    late = NOON + HOUR + 30 * MINUTE
    found = counted(source, of_version(WHOLE, "37", late), late)
    ticks = 4 * 30 - 1  # nothing is scraped at the very end
    assert total(found) == (12 * ticks, ticks)


def test_a_version_that_nobody_serves_has_no_events(source: Source) -> None:
    found = counted(source, of_version(WHOLE, "99", NOON))
    assert total(found) == (0, 0)
    assert not any(one.observed for one in found)


def test_the_metrics_show_which_versions_there_are_since_when_and_how_much_each_serves(
    source: Source,
) -> None:
    assert isinstance(source, TellsVersions)
    since, until = BORN + 240, BORN + 840  # ten minutes; ODD comes six minutes in
    found = {one.version: one for one in source.versions(WHOLE, since, until)}
    assert set(found) == {"37", "38", ODD}
    assert found["37"].since == found["38"].since == since + 60
    assert abs(found[ODD].since - (BORN + 600)) <= 60
    assert {one.until for one in found.values()} == {until}
    # 37 serves 8 in 15 s, 38 three: about 320 and 120 in these ten minutes
    assert found["37"].events == pytest.approx(320, rel=0.2)
    assert found["38"].events == pytest.approx(120, rel=0.2)


def test_without_a_label_no_versions_are_told(source: Source) -> None:
    assert isinstance(source, TellsVersions)
    assert source.versions(replace(WHOLE, version_label=""), NOON, END) == []
