"""Nobody waits for a source, or for a place of feeds, once the process is to end: what it would
have said is asked for again by whoever polls next. What is being stored is stored."""

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from bot.crew import Crew
from bot.errors import BurnbanError
from bot.judge.objective import Objective
from bot.ports import Ask, Fetched, Place, Reading, Served, Source, TellsVersions

T = TypeVar("T")


class Left(BurnbanError):
    """The process is to end: the answer is not waited for."""


class Leave:
    """One for a process; it is taken once."""

    def __init__(self) -> None:
        self._taken: Future[None] = Future()
        self._lock = threading.Lock()

    def take(self) -> None:
        """Whoever waits goes, and nobody begins to wait."""
        with self._lock:
            if not self._taken.done():
                self._taken.set_result(None)

    def unless(self, name: str, work: Callable[[], T]) -> T:
        """What `work`, in a thread of its own, gives or raises. Raises Left once leave is taken;
        the work goes on alone, and ends with the process at the latest."""
        if self._taken.done():
            raise Left(f"{name} is not asked: Burnban ends")
        crew = Crew(1, name, 0.0)
        asked = crew.submit(work)
        crew.shutdown(wait=False)
        either: tuple[Future[Any], ...] = asked, self._taken
        wait(either, return_when=FIRST_COMPLETED)
        if not asked.done():
            raise Left(f"{name} has not answered yet, and Burnban ends")
        return asked.result()

    def source(self, source: Source) -> Source:
        """The same source, which nobody waits for any more once leave is taken."""
        if isinstance(source, TellsVersions):
            return _Telling(source.name, self, source, source)
        return _Source(source.name, self, source)

    def places(self, places: Mapping[str, Place]) -> Mapping[str, Place]:
        """The same places, likewise."""
        return {name: _Place(place.name, self, place) for name, place in places.items()}


@dataclass(slots=True)
class _Source:
    """Satisfies Source."""

    name: str
    _leave: Leave
    _inner: Source

    def read(self, asks: Sequence[Ask]) -> Sequence[Reading]:
        return self._leave.unless(self.name, lambda: self._inner.read(asks))

    def check(self) -> str:
        return self._inner.check()

    def newest(self, now: datetime) -> int:
        return self._inner.newest(now)

    def close(self) -> None:
        self._inner.close()


@dataclass(slots=True)
class _Telling(_Source):
    """Satisfies TellsVersions too."""

    _teller: TellsVersions

    def versions(self, objective: Objective, since: int, until: int) -> Sequence[Served]:
        return self._leave.unless(self.name, lambda: self._teller.versions(objective, since, until))


@dataclass(slots=True)
class _Place:
    """Satisfies Place."""

    name: str
    _leave: Leave
    _inner: Place

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        return self._leave.unless(self.name, lambda: self._inner.fetch(feeds, since, until))

    def check(self) -> str:
        return self._inner.check()

    def close(self) -> None:
        self._inner.close()
