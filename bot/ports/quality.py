"""What feeds have said, and the journal of releases."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.decide.release import Note
from bot.judge.observation import Change, Observation
from bot.judge.refusals import Refusals


class Observations(Protocol):
    """What feeds have said: of each stretch and version the newest word."""

    def put(self, feed: str, rows: Sequence[Observation], now: datetime) -> list[Change]:
        """Store each in place of what was said of its stretch and version before. Those that are
        new or say something else, in the order given; of two with one key the later counts."""
        ...

    def of(self, feed: str, since: int, until: int) -> list[Observation]:
        """Those with since < end <= until, by end, start and version."""
        ...

    def at(self, feed: str, keys: Sequence[tuple[int, int, str]]) -> list[Observation]:
        """Those with these keys."""
        ...

    def newest(self, feed: str) -> int | None:
        """The latest `end`; None if nothing was ever said."""
        ...

    def forget(self, before: int) -> int:
        """Delete those that end before; how many went."""
        ...

    def refuse(self, found: Refusals) -> bool:
        """Rows were fetched and not taken: store their spell. Whether that is news."""
        ...

    def refused(self, feeds: Collection[str]) -> list[Refusals]:
        """The newest spell of each of these feeds, by name; those without are missing."""
        ...


class Journal(Protocol):
    """Notes on releases: append-only."""

    def add(self, note: Note) -> Note | None:
        """Stored, with its id (the given id is ignored); None if its key is there already."""
        ...

    def add_all(self, notes: Sequence[Note]) -> None:
        """The same with many, one after the other."""
        ...

    def find(self, key: str) -> Note | None:
        """The one with this key."""
        ...

    def of(self, services: Sequence[str], since: datetime) -> list[Note]:
        """Those that tell of something since then, by `at` and id."""
        ...

    def knows(self, service: str, versions: Sequence[str]) -> set[str]:
        """Which of the versions were ever told of."""
        ...

    def began(self, service: str) -> datetime | None:
        """When the first release of it that anybody told of happened; None if nobody ever did."""
        ...


@dataclass(frozen=True, slots=True)
class Fetched:
    """What a place had to say about one feed."""

    feed: str
    rows: tuple[Observation, ...] = ()
    fault: str | None = None


class Place(Protocol):
    """Where the observations of feeds lie: a warehouse, a tool's results, a registry."""

    name: str

    def fetch(self, feeds: Sequence[str], since: int, until: int) -> Sequence[Fetched]:
        """One answer per feed, in order, of what ends in since < end <= until, within the place's
        own total deadline. Never raises for a place that is down: each answer carries the fault."""
        ...

    def check(self) -> str:
        """One line on how the place is doing. Raises SourceError."""
        ...

    def close(self) -> None: ...
