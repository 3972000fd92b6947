"""One suite of laws for every source: a real Prometheus, a file of counts, and the fake."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from bot.decide.catalog import SourceSpec
from bot.judge.indicator import Counted, Indicator, Ratio, Recorded
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.observation import Observation
from bot.judge.thinning import Stretch
from bot.measure import build
from bot.ports import Ask, Source
from tests.builders import HOUR, MINUTE, NOON, objective, when
from tests.fakes import FakeSource
from tests.prometheus import PrometheusServer, fill

GAP = (NOON + HOUR, NOON + HOUR + 1_800)
END = NOON + 2 * HOUR
ELIGIBLE, BAD = 120, 15
"""Events in every minute outside the gap."""
NAMES = ("ranker", "embedder")


@dataclass
class Subject:
    """A source with the known hours in it."""

    source: Source
    indicator: Callable[[str], Indicator]

    def objective(self, service: str = "ranker", step: int = MINUTE) -> Objective:
        return objective(service, step=step, indicator=self.indicator(service))

    def ask(self, since: int, until: int, step: int = MINUTE, service: str = "ranker") -> Ask:
        return Ask(self.objective(service), Stretch(since, until, step), since)

    def slices(self, since: int, until: int, step: int = MINUTE) -> tuple[Slice, ...]:
        (reading,) = self.source.read([self.ask(since, until, step)])
        assert reading.fault is None
        return reading.slices


def minutes() -> list[int]:
    """Ends of the minutes with traffic."""
    return [at for at in range(NOON + 60, END + 1, 60) if not GAP[0] < at <= GAP[1]]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    data = tmp_path_factory.mktemp("contract") / "data"
    lines = []
    for metric, each in (("requests", ELIGIBLE), ("errors", BAD)):
        lines.append(f"# TYPE {metric} counter")
        for name in NAMES:
            for count, at in enumerate([NOON, *minutes()]):
                lines.append(f'{metric}_total{{service="{name}"}} {1_000 + each * count} {at}')
    fill(lines, data)
    with PrometheusServer(data) as running:
        yield running.url


def prometheus(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    details = {"url": request.getfixturevalue("server"), "step": 60, "scrapeInterval": 60}
    source = build(SourceSpec("models", "prometheus", details), str, time.monotonic, tmp_path)
    return Subject(
        source,
        lambda name: Ratio(
            f'requests_total{{service="{name}"}}', bad=f'errors_total{{service="{name}"}}'
        ),
    )


def file(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    rows = [f"{at},{n}/availability,{ELIGIBLE},{BAD}" for n in NAMES for at in minutes()]
    path = tmp_path / "counts.csv"
    path.write_text("\n".join(["time,objective,eligible,bad", *rows]))
    spec = SourceSpec("models", "csv", {"path": "counts.csv", "step": 60})
    source = build(spec, str, time.monotonic, tmp_path)
    return Subject(source, lambda name: Recorded(f"{name}/availability"))


def fake(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    source = FakeSource("models")
    for name in NAMES:
        for since, until in ((NOON, GAP[0]), (GAP[1], END)):
            source.steady(f"{name}/availability", since, until, ELIGIBLE / 60, BAD / 60)
    return Subject(source, lambda name: Recorded(f"{name}/availability"))


def pushed(request: pytest.FixtureRequest, tmp_path: Path) -> Subject:
    rows = [Observation(at - 60, at, eligible=ELIGIBLE, bad=BAD) for at in minutes()]

    def told(feed: str, since: int, until: int) -> list[Observation]:
        known = rows if feed in NAMES else []
        return [row for row in known if row.end > since and row.start < until]

    spec = SourceSpec("models", "push", {"step": 60})
    return Subject(build(spec, str, time.monotonic, told=told), Counted)


@pytest.fixture(
    params=[pytest.param(prometheus, marks=pytest.mark.prometheus), file, fake, pushed],
    ids=["prometheus", "csv", "fake", "push"],
)
def subject(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Subject]:
    made: Subject = request.param(request, tmp_path)
    yield made
    made.source.close()


def test_every_step_of_a_stretch_has_a_slice_with_its_counts(subject: Subject) -> None:
    assert subject.slices(NOON, NOON + 300) == tuple(
        Slice(at, ELIGIBLE, BAD, 60) for at in range(NOON + 60, NOON + 301, 60)
    )


def test_a_longer_step_gives_the_sums_of_the_shorter(subject: Subject) -> None:
    assert subject.slices(NOON, NOON + HOUR, 300) == tuple(
        Slice(at, 5 * ELIGIBLE, 5 * BAD, 300) for at in range(NOON + 300, NOON + HOUR + 1, 300)
    )


def test_time_without_data_is_unobserved_and_empty(subject: Subject) -> None:
    found = subject.slices(GAP[0] - 120, GAP[1] + 120)
    assert [s.at for s in found if s.observed == 0] == list(range(GAP[0] + 60, GAP[1] + 1, 60))
    assert all((s.eligible, s.bad) == (0, 0) for s in found if s.observed == 0)


def test_after_a_gap_counting_goes_on_where_it_stopped(subject: Subject) -> None:
    found = subject.slices(NOON, END)
    assert sum(s.eligible for s in found) == ELIGIBLE * len(minutes())
    assert sum(s.bad for s in found) == BAD * len(minutes())
    assert sum(s.observed for s in found) == 60 * len(minutes())


def test_any_split_into_polls_gives_the_same_slices(subject: Subject) -> None:
    whole = subject.slices(NOON, END)
    parts: list[Slice] = []
    seen, at = NOON, NOON
    for minute in (1, 2, 7, 40, 31, 19, 20):
        until = at + minute * 60
        ask = Ask(subject.objective(), Stretch(at, until, 60), seen)
        (reading,) = subject.source.read([ask])
        parts.extend(reading.slices)
        seen = max([seen, *(s.at for s in reading.slices if s.observed)])
        at = until
    assert at == END
    assert tuple(parts) == whole


def test_asking_again_gives_the_same_answer(subject: Subject) -> None:
    assert subject.slices(NOON, NOON + 600) == subject.slices(NOON, NOON + 600)


def test_readings_come_in_the_order_of_the_asks(subject: Subject) -> None:
    asks = [
        subject.ask(NOON, NOON + 60, service="embedder"),
        subject.ask(NOON, NOON + 600, 300),
        subject.ask(NOON + 60, NOON + 120, service="embedder"),
        subject.ask(NOON, NOON + 60),
    ]
    readings = subject.source.read(asks)
    assert [r.objective for r in readings] == [a.objective.id for a in asks]
    assert [[s.at for s in r.slices] for r in readings] == [
        [NOON + 60],
        [NOON + 300, NOON + 600],
        [NOON + 120],
        [NOON + 60],
    ]


def test_no_asks_are_no_readings(subject: Subject) -> None:
    assert list(subject.source.read([])) == []


def test_the_newest_slice_is_over_and_a_multiple_of_the_step(subject: Subject) -> None:
    instants: list[datetime] = [when(NOON + second) for second in range(0, 300, 7)]
    newest = [subject.source.newest(now) for now in instants]
    assert newest == sorted(newest)
    assert all(at % 60 == 0 for at in newest)
    assert all(at <= now.timestamp() for at, now in zip(newest, instants, strict=True))


def test_it_says_in_one_line_how_it_is(subject: Subject) -> None:
    line = subject.source.check()
    assert line.startswith("models: ")
    assert "\n" not in line
