"""What feeds have said, and the journal of releases, in memory."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.decide.release import Note
from bot.judge.observation import Change, Observation
from bot.judge.refusals import Refusals, spell_of
from tests.fake_record_state import State, stored


class MemoryObservations:
    """Satisfies Observations."""

    def __init__(self, state: State) -> None:
        self._state = state

    def put(self, feed: str, rows: Sequence[Observation], now: datetime) -> list[Change]:
        """The later of two with one key counts."""
        self._state.write()
        newest = {row.key: row for row in rows}
        known = {key: self._state.observations.get((feed, *key)) for key in newest}
        self._state.observations.update({(feed, *key): row for key, row in newest.items()})
        return [Change(known[key], row) for key, row in newest.items() if known[key] != row]

    def of(self, feed: str, since: int, until: int) -> list[Observation]:
        """By end, start and version."""
        found = [row for row in self._all(feed) if since < row.end <= until]
        return sorted(found, key=lambda row: (row.end, row.start, row.version))

    def at(self, feed: str, keys: Sequence[tuple[int, int, str]]) -> list[Observation]:
        """Those with these keys."""
        return [row for row in self._all(feed) if row.key in keys]

    def newest(self, feed: str) -> int | None:
        """The latest end."""
        return max((row.end for row in self._all(feed)), default=None)

    def forget(self, before: int) -> int:
        """How many went."""
        self._state.write()
        gone = [key for key, row in self._state.observations.items() if row.end < before]
        for key in gone:
            del self._state.observations[key]
        return len(gone)

    def refuse(self, found: Refusals) -> bool:
        """Whether that is news."""
        self._state.write()
        spell, news = spell_of(self._state.refusals.get(found.feed), found)
        self._state.refusals[found.feed] = spell
        return news

    def refused(self, feeds: Collection[str]) -> list[Refusals]:
        """By name."""
        known = self._state.refusals
        return [known[feed] for feed in sorted(feeds) if feed in known]

    def _all(self, feed: str) -> list[Observation]:
        return [row for (of, *_), row in self._state.observations.items() if of == feed]


class MemoryJournal:
    """Satisfies Journal."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, note: Note) -> Note | None:
        """None if its key is there."""
        self._state.write()
        if note.key in self._state.notes:
            return None
        kept = stored(replace(note, id=len(self._state.notes) + 1))
        self._state.notes[note.key] = kept
        return kept

    def add_all(self, notes: Sequence[Note]) -> None:
        """One after the other."""
        for note in notes:
            self.add(note)

    def find(self, key: str) -> Note | None:
        """The one with this key."""
        return self._state.notes.get(key)

    def of(self, services: Sequence[str], since: datetime) -> list[Note]:
        """By `at` and id."""
        notes = self._state.notes.values()
        found = [note for note in notes if note.service in services and note.at >= since]
        return sorted(found, key=lambda note: (note.at, note.id))

    def knows(self, service: str, versions: Sequence[str]) -> set[str]:
        """Which of them were ever told of."""
        told = {note.version for note in self._state.notes.values() if note.service == service}
        return told & set(versions)

    def began(self, service: str) -> datetime | None:
        """The first moment that anybody told of."""
        told = [note.at for note in self._state.notes.values() if note.service == service]
        return min(told, default=None)
