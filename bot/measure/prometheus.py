"""Prometheus, or any server with its HTTP API, as a source of counts."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import httpx

from bot.crew import Crew
from bot.errors import SourceError
from bot.judge.indicator import Ratio, Threshold, Throughput
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch
from bot.measure.api import Api, Connection
from bot.measure.counters import read_counters
from bot.measure.looks import Pace
from bot.measure.session import Session
from bot.measure.skew import Excesses
from bot.measure.suspects import Suspects
from bot.measure.values import read_values
from bot.measure.versions import look_for_versions
from bot.ports import Ask, Reading, Served

IN_FLIGHT = 2
"""Requests at a time: enough to keep a small Prometheus busy, too few to trouble it."""
PORTION = 60_000
"""Slices read in one go: what was read by then is kept when the deadline cuts the rest."""


@dataclass(frozen=True, slots=True)
class Habits:
    """How the server is to be asked; seconds."""

    step: int = 60
    delay: float = 10.0
    """A slice is asked for so long after its end: scrapes take time to arrive."""
    scrape_interval: float = 15.0
    """The longest scrape interval among the counters; a shorter one than the real one would let
    resets hide."""
    horizon: int = 86_400
    """How long a series may be away and still be continued. After a longer gap everything takes
    a new baseline."""
    total_timeout: float = 60.0
    """For one read, however many requests it takes."""


class PrometheusSource:
    """Counts from the HTTP API of Prometheus."""

    def __init__(
        self,
        name: str,
        connection: Connection,
        habits: Habits,
        monotonic: Callable[[], float],
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.name = name
        self.requests = 0
        """How many requests the last read took."""
        self._api = Api(connection, monotonic, transport)
        self._habits = habits
        self._monotonic = monotonic
        self._pace = Pace(round(habits.scrape_interval * 1000), habits.horizon * 1000)
        self._learnt = False
        self._suspects = Suspects(monotonic)
        self._excesses = Excesses()
        self._workers = Crew(IN_FLIGHT, f"source {name}", 0.0)

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """One Reading per Ask, in order. Never raises; a fault starts with the source's name."""
        session = Session(
            self._api, self._workers, self._monotonic, self._habits.total_timeout, self._suspects
        )
        try:
            self._learn(session.deadline)
        except SourceError as error:
            fault = f"{self.name} {error}"
            return [Reading(ask.objective.id, fault=fault) for ask in asks]
        readings: list[Reading] = []
        for some in _portions(asks):
            readings.extend(self._some(session, some))
        self.requests = len(session.sent)
        return [
            reading
            if reading.fault is None
            else replace(reading, fault=f"{self.name} {reading.fault}")
            for reading in readings
        ]

    def check(self) -> str:
        """Its version. Raises SourceError."""
        try:
            version = self._api.version(self._monotonic() + self._habits.total_timeout)
        except SourceError as error:
            raise SourceError(f"{self.name} {error}") from error
        return f"{self.name}: Prometheus {version}" if version else f"{self.name}: answers queries"

    def newest(self, now: datetime) -> int:
        """End of the newest slice whose samples must have arrived."""
        return int((now.timestamp() - self._habits.delay) // self._habits.step) * self._habits.step

    def versions(self, objective: Objective, since: int, until: int) -> list[Served]:
        """Which versions the counters of the total show. Raises SourceError."""
        deadline = self._monotonic() + self._habits.total_timeout
        try:
            return look_for_versions(self._api, objective, Stretch(since, until, 60), deadline)
        except SourceError as error:
            raise SourceError(f"{self.name} {error}") from error

    def close(self) -> None:
        """Close every connection; a read under way ends with a fault."""
        self._workers.shutdown(wait=False, cancel_futures=True)
        self._api.close()

    def _learn(self, deadline: float) -> None:
        """Ask once how this server reads a range."""
        if not self._learnt:
            trim = 1 if self._api.closed_ranges(deadline) else 0
            self._pace, self._learnt = replace(self._pace, trim=trim), True

    def _some(self, session: Session, asks: Sequence[Ask]) -> list[Reading]:
        counted: list[tuple[int, tuple[Ask, Ratio]]] = []
        valued: list[tuple[int, tuple[Ask, Ratio | Threshold]]] = []
        readings: dict[int, Reading] = {}
        for place, ask in enumerate(asks):
            match ask.objective.indicator:
                case Ratio(counter=True) as ratio:
                    counted.append((place, (ask, ratio)))
                case Throughput() as rate:
                    counted.append((place, (ask, rate.counts)))
                case Ratio() | Threshold() as indicator:
                    valued.append((place, (ask, indicator)))
                case _:
                    fault = "is asked for counts that somebody else has counted"
                    readings[place] = Reading(ask.objective.id, fault=fault)
        done = read_counters(session, [ask for _, ask in counted], self._pace, self._excesses)
        readings.update(zip((place for place, _ in counted), done, strict=True))
        done = read_values(session, [ask for _, ask in valued], self._excesses)
        readings.update(zip((place for place, _ in valued), done, strict=True))
        return [readings[place] for place in range(len(asks))]


def _portions(asks: Sequence[Ask]) -> Iterator[Sequence[Ask]]:
    """The asks, so many at a time that their slices stay within bounds."""
    start = slices = 0
    for place, ask in enumerate(asks):
        slices += 2 * (ask.stretch.until - ask.stretch.since) // ask.stretch.step
        if slices > PORTION and place > start:
            yield asks[start:place]
            start, slices = place, 0
    if start < len(asks):
        yield asks[start:]
