"""Counted events = scraped events, exactly: redeploys, crash loops, resets, outages (laws 1–4).

The truth is found by walking the very samples that Prometheus was filled with.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from random import Random

import pytest

from bot.judge.indicator import Ratio
from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch, stretches
from bot.measure.api import Connection
from bot.measure.prometheus import Habits, PrometheusSource
from bot.ports import Ask
from tests.builders import objective
from tests.prometheus import PrometheusServer, fill

pytestmark = pytest.mark.prometheus

SCRAPE = 15_000
HOURS = 48
START = 1_772_445_600
"""An hour on the full hour; the pods of the first hour had been running for long."""
END = START + HOURS * 3_600
OUTAGE = (START + 20 * 3_600 + 1_234, START + 23 * 3_600 + 1_234)
"""Nothing is scraped in these three hours."""

Labels = tuple[str, str, str]
"""Service, pod, code."""


@dataclass
class Pod:
    """A process that is scraped; its counters start at zero when it does."""

    service: str
    name: str
    born: int
    """Milliseconds, as all times here."""
    dies: int
    restarts: set[int] = field(default_factory=set)
    """Numbers of the scrapes before which it was restarted in place: its counters began anew."""
    blind: tuple[int, int] = (0, 0)
    """Its own scrapes fail in this time, while others work."""
    head_start: int = 0


def scrape(pod: Pod, rng: Random) -> Iterator[tuple[Labels, int, int]]:
    """Every sample of every counter of a pod: labels, time, value."""
    phase = rng.choice([0, rng.randrange(SCRAPE)])
    values = {"200": pod.head_start, "500": pod.head_start // 50}
    first = pod.born + (phase - pod.born) % SCRAPE
    for number, tick in enumerate(range(first, pod.dies, SCRAPE)):
        if number in pod.restarts:
            values = {"200": 0, "500": 0}
        values["200"] += rng.randrange(0, 60)
        values["500"] += rng.choice([0, 0, 0, 1, 2, 9])
        at = tick + (rng.randrange(60) if phase else 0)
        if OUTAGE[0] * 1000 <= at < OUTAGE[1] * 1000 or pod.blind[0] <= at < pod.blind[1]:
            continue
        for code, value in values.items():
            if value:  # like many client libraries: no series before its first event
                yield (pod.service, pod.name, code), at, value


def rolling(service: str, rng: Random) -> Iterator[Pod]:
    """Three replicas, replaced one after the other every two hours."""
    for generation in range(HOURS // 2):
        for replica in range(3):
            since = START + generation * 7_200 + replica * rng.randrange(5, 90)
            until = since + 7_200 + rng.randrange(-20, 40)
            pod = Pod(service, f"{service}-{generation}-{replica}", since * 1000, until * 1000)
            if generation == 0:  # old when we first saw it; all first seen in the first minute
                pod.born, pod.head_start = START * 1000, 1_000_000
            yield pod


def crash_loops(service: str, rng: Random) -> Iterator[Pod]:
    """Pods that live for one or two scrapes, and one that is restarted in place all the time."""
    for number in range(120):
        since = (START + rng.randrange(3_600, HOURS * 3_600 - 60)) * 1000
        yield Pod(service, f"{service}-crash-{number}", since, since + rng.choice([1, 2]) * SCRAPE)
    for number in range(3):
        since = (START + rng.randrange(2, HOURS - 2) * 3_600) * 1000
        restarts = {n for n in range(200) if rng.random() < 0.6}
        yield Pod(service, f"{service}-loop-{number}", since, since + 200 * SCRAPE, restarts)


def steady(service: str, rng: Random) -> Iterator[Pod]:
    """A stateful set: names stay, processes are replaced; some go blind for hours and return."""
    for number in range(3):
        restarts = {rng.randrange(100, HOURS * 240) for _ in range(30)}
        gone = (START + (5 + 12 * number) * 3_600 + 777) * 1000
        pod = Pod(service, f"{service}-{number}", START * 1000, END * 1000, restarts)
        pod.blind = (gone, gone + 2 * 3_600_000)
        pod.head_start = 5_000_000
        yield pod
    # Alive before the outage, restarted during it, back afterwards with a lower count.
    at_return = (OUTAGE[0] + 3_600 - START) * 1000 // SCRAPE
    yield Pod(service, f"{service}-back", START * 1000, END * 1000, {at_return}, head_start=777_777)


SERVICES = {"ranker": rolling, "embedder": crash_loops, "scorer": steady}


def generate() -> dict[Labels, list[tuple[int, int]]]:
    """The samples of all series."""
    rng = Random(20_260_302)
    series: dict[Labels, list[tuple[int, int]]] = defaultdict(list)
    for service, make in SERVICES.items():
        pods = [*make(service, rng), *rolling(f"{service}", rng)]
        for pod in {pod.name: pod for pod in pods}.values():
            for labels, at, value in scrape(pod, rng):
                series[labels].append((at, value))
    return series


def openmetrics(series: dict[Labels, list[tuple[int, int]]]) -> Iterator[str]:
    """The samples as promtool takes them."""
    yield "# TYPE http_requests counter"
    for (service, pod, code), samples in series.items():
        labels = f'service="{service}",pod="{pod}",code="{code}",job="models"'
        for at, value in samples:
            yield f"http_requests_total{{{labels}}} {value} {at / 1000:.3f}"


def walk(samples: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Time and new events of each sample: a fall is a reset, the first sample counts from zero."""
    before = 0
    for at, value in samples:
        yield at, value - before if value >= before else value
        before = value


Truth = dict[str, dict[int, tuple[int, int]]]


def truth(series: dict[Labels, list[tuple[int, int]]]) -> Truth:
    """Per service and end of a minute: eligible and bad events; only minutes with a sample."""
    found: dict[str, dict[int, tuple[int, int]]] = defaultdict(dict)
    for (service, _, code), samples in series.items():
        for number, (at, events) in enumerate(walk(samples)):
            if number == 0 and at < (START + 60) * 1000:
                events = 0  # the baseline of those who had been running for long
            minute = -(-at // 60_000) * 60
            eligible, bad = found[service].get(minute, (0, 0))
            found[service][minute] = eligible + events, bad + events * (code == "500")
    return found


@dataclass
class World:
    """A filled Prometheus, and what is true of it."""

    url: str
    truth: Truth


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    series = generate()
    data = tmp_path_factory.mktemp("accuracy") / "data"
    fill(openmetrics(series), data, "48h")
    with PrometheusServer(data) as server:
        yield World(server.url, truth(series))


@pytest.fixture
def accounts(world: World) -> Iterator["Accounts"]:
    source = PrometheusSource("models", Connection(world.url), Habits(), time.monotonic)
    yield Accounts(source)
    source.close()


def objectives() -> list[Objective]:
    """The same service seen as bad over total, and as good over total."""
    asked = []
    for service in SERVICES:
        total = f'sum by (code) (rate(http_requests_total{{service="{service}"}}[5m]))'
        bad = f'increase(http_requests_total{{service="{service}",code=~"5.."}}[5m])'
        good = f'sum(http_requests_total{{service="{service}",code="200"}})'
        asked.append(objective(service, "by-bad", indicator=Ratio(total, bad=bad)))
        asked.append(objective(service, "by-good", indicator=Ratio(total, good=good)))
    return asked


class Accounts:
    """What the flow does with readings: keep the slices, remember what was last seen."""

    def __init__(self, source: PrometheusSource) -> None:
        self.source = source
        self.objectives = objectives()
        self.seen: dict[str, int | None] = {o.id: None for o in self.objectives}
        self.slices: dict[str, list[Slice]] = {o.id: [] for o in self.objectives}
        self.requests: dict[int, int] = {}
        """By slices in the stretch: the most requests that a read took."""

    def read(self, stretch: Stretch) -> None:
        asks = [Ask(o, stretch, self.seen[o.id]) for o in self.objectives]
        for reading in self.source.read(asks):
            assert reading.fault is None
            self.slices[reading.objective].extend(reading.slices)
            for piece in reading.slices:
                if piece.observed:
                    self.seen[reading.objective] = piece.at
        slices = (stretch.until - stretch.since) // stretch.step
        self.requests[slices] = max(self.source.requests, self.requests.get(slices, 0))


def expected(minutes: dict[int, tuple[int, int]], since: int, until: int) -> tuple[int, int]:
    """Sum over the minutes that end in (since, until]."""
    inside = [pair for at, pair in minutes.items() if since < at <= until]
    return sum(eligible for eligible, _ in inside), sum(bad for _, bad in inside)


def differences(slices: Iterable[Slice], minutes: dict[int, tuple[int, int]], step: int) -> list:
    """Slices whose counts are not what was scraped."""
    return [
        (piece, want)
        for piece in slices
        if (want := expected(minutes, piece.at - step, piece.at)) != (piece.eligible, piece.bad)
    ]


def test_one_back_fill_counts_every_scraped_event_once(world: World, accounts: Accounts) -> None:
    spans = list(stretches(START - 86_400, END, 60))
    for stretch in spans:
        accounts.read(stretch)

    for one in accounts.objectives:
        minutes = world.truth[one.service]
        mine = accounts.slices[one.id]
        opened = next(s.at - s.observed for s in mine if s.observed)
        for stretch in spans:
            some = [s for s in mine if max(opened, stretch.since) < s.at <= stretch.until]
            assert differences(some, minutes, stretch.step) == []
        eligible, bad = expected(minutes, opened, END)
        assert sum(s.eligible for s in mine) == eligible
        assert sum(s.bad for s in mine) == bad
        assert eligible > 100_000
        assert bad > 5_000


def test_many_small_polls_count_every_scraped_event_once(world: World, accounts: Accounts) -> None:
    rng = Random(7)
    at = START - 600
    while at < END:
        until = min(END, at + 60 * rng.choice([1, 1, 2, 3, 5, 15, 45, 90]))
        accounts.read(Stretch(at, until, 60))
        at = until

    for one in accounts.objectives:
        minutes = world.truth[one.service]
        mine = accounts.slices[one.id]
        assert differences(mine, minutes, 60) == []
        seen = {s.at for s in mine if s.observed}
        assert seen == {at for at in minutes if at <= END}
    assert accounts.requests[1] <= 5


def test_the_outage_is_unobserved_and_mints_nothing(accounts: Accounts) -> None:
    accounts.read(Stretch(OUTAGE[0] // 60 * 60 - 600, OUTAGE[1] // 60 * 60 + 600, 60))

    for slices in accounts.slices.values():
        blind = [s for s in slices if OUTAGE[0] + 60 < s.at <= OUTAGE[1]]
        assert len(blind) >= 178
        assert all((s.eligible, s.bad, s.observed) == (0.0, 0.0, 0) for s in blind)
