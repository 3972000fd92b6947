"""Releases that bear the annotation of an emergency: seen, and put on record."""

import hashlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.decide.catalog import Catalog
from bot.decide.change import Change
from bot.errors import RecordError
from bot.flow.gate.together import Together
from bot.flow.hosts.sightings import Seen, see
from bot.flow.override.afterwards import found_afterwards
from bot.ports import Books, Clock, Record

log = logging.getLogger(__name__)

SYSTEM = "kubernetes"
PATIENCE = 0.4
"""Seconds for which a release waits for this: it goes in front of the gate's own wait, and API
servers of clusters give both together an answer five."""


@dataclass(frozen=True, slots=True)
class Bearing:
    """An object with the annotation."""

    place: str
    """Cluster, kind, namespace and name, with slashes between."""
    services: tuple[str, ...]
    text: str
    """What the annotation says: incident and reason."""
    runs: Change
    """What it runs, by the name of no service."""
    missed: bool = False
    """It may have gone while nobody here could be asked, and we hear of it with the object's next
    release: then it never asked, the sweep of releases says so, and somebody has to review it."""


@dataclass(frozen=True)
class NoteGlass:
    """Each text of an object is put on record once."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str
    patience: float = PATIENCE

    def run(self, bearing: Bearing) -> frozenset[str]:
        """The services of which this is news. What the database takes longer for is recorded all
        the same, and nobody is told that it is news."""
        answer = self._together.begin(bearing)
        try:
            return answer.result(self.patience)
        except (TimeoutError, RecordError):
            return frozenset()

    @cached_property
    def _together(self) -> Together[Bearing, frozenset[str]]:
        return Together(self._note)

    def _note(self, some: Sequence[Bearing]) -> list[frozenset[str] | Exception]:
        catalog = self.catalog()

        def work(books: Books) -> list[frozenset[str] | Exception]:
            if any(one.missed for one in some):
                books.history.hold()
            now = self.clock.now()
            return [self._seen(books, catalog, one, now) for one in some]

        try:
            return self.record.write(work)
        except RecordError as error:
            for one in some:
                log.warning("an emergency at %s was not noted: %s", one.place, error)
            raise

    def _seen(
        self, books: Books, catalog: Catalog, bearing: Bearing, now: datetime
    ) -> frozenset[str]:
        mark = hashlib.sha256(bearing.text.encode()).hexdigest()[:16]
        source, runs, news = f"{SYSTEM} {bearing.place}", bearing.runs, set()
        for name in bearing.services:
            if name not in catalog.services:
                continue
            key = f"glass:{bearing.place}:{mark}:{name}"
            seen = Change(name, runs.version, runs.commit, runs.digest)
            told = Seen(
                key, name, source, version=seen.version, commit=seen.commit, digest=seen.digest
            )
            fresh = see(books, told, now)
            if fresh is None:
                continue
            news.add(name)
            if bearing.missed and not fresh.decision:
                text = bearing.text
                found_afterwards(books, catalog, self.ops_channel, seen, text, source, now)
        return frozenset(news)
