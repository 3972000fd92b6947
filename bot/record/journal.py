"""Notes on releases."""

from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime
from fractions import Fraction

from sqlmodel import Session, col, select

from bot.decide.release import Note, NoteKind
from bot.record.dialect import Dialect
from bot.record.statements import change, fetch, first, numbered, pick
from bot.record.tables import NoteRow


class SqlJournal:
    """Satisfies bot.ports.quality.Journal."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def add(self, note: Note) -> Note | None:
        """None if its key is there already."""
        facts = {name: value for name, value in asdict(note).items() if name != "id"}
        facts |= {"kind": str(note.kind), "share": None if note.share is None else str(note.share)}
        row = self._dialect.insert(NoteRow).values(facts)
        if change(self._session, row.on_conflict_do_nothing()) != 1:
            return None
        found = first(self._session, select(NoteRow).where(NoteRow.key == note.key))
        return replace(note, id=numbered(found.id if found is not None else None))

    def find(self, key: str) -> Note | None:
        """The one with this key."""
        row = first(self._session, select(NoteRow).where(NoteRow.key == key))
        return None if row is None else _note(row)

    def of(self, services: Sequence[str], since: datetime) -> list[Note]:
        """By `at` and id."""
        wanted = select(NoteRow).where(col(NoteRow.service).in_(services), col(NoteRow.at) >= since)
        rows = fetch(self._session, wanted.order_by(col(NoteRow.at), col(NoteRow.id)))
        return [_note(row) for row in rows]

    def knows(self, service: str, versions: Sequence[str]) -> set[str]:
        """Which of them were ever told of."""
        wanted = pick(col(NoteRow.version)).where(
            col(NoteRow.service) == service, col(NoteRow.version).in_(versions)
        )
        return set(self._session.connection().execute(wanted.distinct()).scalars())


def _note(row: NoteRow) -> Note:
    facts = row.model_dump() | {
        "kind": NoteKind(row.kind),
        "share": None if row.share is None else Fraction(row.share),
    }
    return Note(**facts)
