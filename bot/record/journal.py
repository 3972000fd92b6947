"""Notes on releases."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from fractions import Fraction
from functools import cache
from typing import Any

from sqlmodel import Session, col, select

from bot.decide.release import Note, NoteKind
from bot.record.dialect import Dialect
from bot.record.statements import fetch, first, pick
from bot.record.tables import NoteRow

_NAMES = [one.name for one in fields(Note) if one.name != "id"]


class SqlJournal:
    """Satisfies bot.ports.quality.Journal."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect
        self._owed: list[Note] = []

    def add(self, note: Note) -> Note | None:
        """None if its key is there already."""
        self.write()
        stored = _add(self._dialect.fresh(NoteRow))
        number = self._session.connection().execute(stored, _facts(note)).scalar()
        return None if number is None else replace(note, id=number)

    def add_all(self, notes: Sequence[Note]) -> None:
        """One statement for all of them, with the last ones of the transaction."""
        self._owed += notes

    @property
    def owes(self) -> bool:
        """Whether any are to be written yet."""
        return bool(self._owed)

    def write(self) -> None:
        """Write them."""
        rows, self._owed = [_facts(note) for note in self._owed], []
        if rows:
            self._session.connection().execute(_add_all(self._dialect.fresh(NoteRow)), rows)

    def find(self, key: str) -> Note | None:
        """The one with this key."""
        self.write()
        row = first(self._session, select(NoteRow).where(NoteRow.key == key))
        return None if row is None else _note(row)

    def of(self, services: Sequence[str], since: datetime) -> list[Note]:
        """By `at` and id."""
        self.write()
        wanted = select(NoteRow).where(col(NoteRow.service).in_(services), col(NoteRow.at) >= since)
        rows = fetch(self._session, wanted.order_by(col(NoteRow.at), col(NoteRow.id)))
        return [_note(row) for row in rows]

    def knows(self, service: str, versions: Sequence[str]) -> set[str]:
        """Which of them were ever told of."""
        self.write()
        wanted = pick(col(NoteRow.version)).where(
            col(NoteRow.service) == service, col(NoteRow.version).in_(versions)
        )
        return set(self._session.connection().execute(wanted.distinct()).scalars())

    def began(self, service: str) -> datetime | None:
        """The first moment that anybody told of."""
        self.write()
        wanted = select(NoteRow).where(NoteRow.service == service).order_by(col(NoteRow.at))
        row = first(self._session, wanted.limit(1))
        return None if row is None else row.at


@cache
def _add(fresh: Any) -> Any:
    """Made once: to put it together anew took longer than to run it."""
    return fresh.returning(col(NoteRow.id))


@cache
def _add_all(fresh: Any) -> Any:
    """Without the id that SQLAlchemy would ask for by itself where there is a single row."""
    return fresh.inline()


def _facts(note: Note) -> dict[str, Any]:
    kind, share = str(note.kind), None if note.share is None else str(note.share)
    return {name: getattr(note, name) for name in _NAMES} | {"kind": kind, "share": share}


def _note(row: NoteRow) -> Note:
    facts = row.model_dump() | {
        "kind": NoteKind(row.kind),
        "share": None if row.share is None else Fraction(row.share),
    }
    return Note(**facts)
