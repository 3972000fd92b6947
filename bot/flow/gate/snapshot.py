"""What stood at a moment: for whoever only looks, and for when the database cannot be asked."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from threading import Lock

from bot.decide.gate import HOLDS
from bot.decide.gate_answer import Circumstances
from bot.errors import RecordError, Undecidable
from bot.flow.freeze.outlook import Outlooks
from bot.flow.gate.known import Known, Standing
from bot.flow.verdicts import Judged, Verdicts
from bot.ports import Books, Clock, Record

FRESH, _RECENT = 1.0, 5.0
"""Seconds that a look may be old."""


@dataclass(frozen=True)
class Seen:
    """Freezes and verdicts as they stood at `at`."""

    known: Known
    freezes: Standing
    judged: dict[str, list[Judged]]
    at: datetime
    openings: dict[int, datetime] = field(default_factory=dict)
    """By freeze, when it will about thaw."""
    said: dict[str, object] = field(default_factory=dict)
    """What was worked out of it already."""

    def circumstances(self, service: str, freezes: Standing | None = None) -> Circumstances:
        """All that an answer about a service rests on, but for overrides. `freezes`: as they stand
        now, if that was looked up since."""
        held = self.freezes if freezes is None else freezes
        found = self.known.circumstances(service, held, self.of(service))
        return replace(found, openings=self.openings)

    def of(self, service: str) -> list[Judged]:
        """The verdicts on a service."""
        return self.judged.get(service, [])


class Snapshot:
    """Looks at most once a second, and remembers what it saw."""

    def __init__(
        self,
        record: Record,
        clock: Clock,
        known: Callable[[], Known],
        verdicts: Verdicts,
        monotonic: Callable[[], float],
    ) -> None:
        self._record, self._clock = record, clock
        self._known, self._verdicts = known, verdicts
        self._monotonic = monotonic
        self._outlooks = Outlooks()
        self._turn = Lock()
        self._seen: tuple[Seen, float] | None = None

    def look(self) -> Seen:
        """Look now. Raises RecordError."""
        began = self._monotonic()
        seen = self._record.read(self._read)
        self._seen = seen, began
        return seen

    def lately(self) -> Seen:
        """At most a second old; while the database does not answer, what was seen last, as long as
        an answer may be relied on. Raises Undecidable after that."""
        kept = self._seen
        if kept is not None and self._monotonic() - kept[1] < FRESH:
            return kept[0]
        waits = kept is None or self._monotonic() - kept[1] >= _RECENT
        if not self._turn.acquire(blocking=waits):
            return self.last()  # somebody is looking already
        try:
            again = self._seen
            if again is not None and again is not kept:
                return again[0]
            return self.look()
        except RecordError:
            return self.last()
        finally:
            self._turn.release()

    def recent(self) -> Seen:
        """At most five seconds old: for decisions, which read freezes themselves. Somebody else
        looks meanwhile; nobody who waits for an answer waits for a thousand verdicts."""
        kept = self._seen
        if kept is not None and self._monotonic() - kept[1] < _RECENT:
            return kept[0]
        return self.lately()

    def last(self) -> Seen:
        """What was seen last. Raises Undecidable if that was nothing, or too long ago."""
        kept = self._seen
        if kept is None or self._monotonic() - kept[1] >= HOLDS.total_seconds():
            raise Undecidable("The database does not answer, and what was known is too old.")
        return kept[0]

    def _read(self, books: Books) -> Seen:
        known, now = self._known(), self._clock.now()
        judged = self._verdicts.of(books, known.catalog.objectives, now)
        by_service = {
            name: list(some)
            for name, some in groupby(
                sorted(judged, key=lambda pair: pair[0].service), lambda pair: pair[0].service
            )
        }
        freezes = books.freezes.standing(now)
        openings = self._outlooks.of(books, known.catalog, freezes, now)
        return Seen(known, Standing.of(freezes), by_service, now, openings)
