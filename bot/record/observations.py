"""What feeds have said: of each stretch and version the newest word."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, fields
from datetime import datetime
from typing import Any
from zlib import crc32

from sqlalchemy import Select, delete, func, tuple_
from sqlmodel import Session, col, select

from bot.judge.observation import Change, Observation
from bot.judge.refusals import Refusals, spell_of
from bot.record.dialect import Dialect
from bot.record.statements import change, fetch, pick
from bot.record.tables import ObservationRow, RefusalRow

_NAMES = [field.name for field in fields(Observation)][2:]
_COLUMNS = [
    col(ObservationRow.since),
    col(ObservationRow.until),
    *(getattr(ObservationRow, name) for name in _NAMES),
]
_TOPIC = 0x0B5E_0000_0000
"""Apart from other locks."""

Key = tuple[int, int, str]


class SqlObservations:
    """Satisfies bot.ports.quality.Observations."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def put(self, feed: str, rows: Sequence[Observation], now: datetime) -> list[Change]:
        """One at a time per feed: what has changed is taken out and loaded anew."""
        newest = {row.key: row for row in rows}
        self._dialect.alone(self._session, _TOPIC + crc32(feed.encode()))
        known = {row.key: row for row in self.at(feed, list(newest))}
        changes = [
            Change(known.get(key), row) for key, row in newest.items() if known.get(key) != row
        ]
        if changes:
            self._drop(feed, [one.before.key for one in changes if one.before is not None])
            told = int(now.timestamp())
            fresh = [_cells(feed, one.after, told) for one in changes]
            self._dialect.load(self._session, ObservationRow, fresh)
        return changes

    def of(self, feed: str, since: int, until: int) -> list[Observation]:
        """Those with since < end <= until."""
        wanted = pick(*_COLUMNS).where(
            col(ObservationRow.feed) == feed,
            col(ObservationRow.until) > since,
            col(ObservationRow.until) <= until,
        )
        return self._read(
            wanted.order_by(
                col(ObservationRow.until), col(ObservationRow.since), col(ObservationRow.version)
            )
        )

    def at(self, feed: str, keys: Sequence[Key]) -> list[Observation]:
        """Those with these keys."""
        return self._read(pick(*_COLUMNS).where(*self._among(feed, keys))) if keys else []

    def newest(self, feed: str) -> int | None:
        """The latest `end`."""
        wanted = pick(func.max(col(ObservationRow.until))).where(col(ObservationRow.feed) == feed)
        latest = self._session.connection().execute(wanted).scalar_one()
        return None if latest is None else int(latest)

    def forget(self, before: int) -> int:
        """How many went."""
        return change(
            self._session, delete(ObservationRow).where(col(ObservationRow.until) < before)
        )

    def refuse(self, found: Refusals) -> bool:
        """One at a time per feed, as with what is taken: of several who refuse one has news."""
        self._dialect.alone(self._session, _TOPIC + crc32(found.feed.encode()))
        known = self.refused([found.feed])
        spell, news = spell_of(known[0] if known else None, found)
        row = self._dialect.insert(RefusalRow).values(asdict(spell))
        facts = {name: row.excluded[name] for name in asdict(spell)}
        change(self._session, row.on_conflict_do_update(index_elements=["feed"], set_=facts))
        return news

    def refused(self, feeds: Collection[str]) -> list[Refusals]:
        """By name."""
        wanted = select(RefusalRow).where(col(RefusalRow.feed).in_(sorted(feeds)))
        rows = fetch(self._session, wanted.order_by(col(RefusalRow.feed)))
        return [Refusals(**row.model_dump()) for row in rows]

    def _drop(self, feed: str, keys: Sequence[Key]) -> None:
        if keys:
            change(self._session, delete(ObservationRow).where(*self._among(feed, keys)))

    def _among(self, feed: str, keys: Sequence[Key]) -> Iterable[Any]:
        since, until, version = zip(*keys, strict=True)
        asked = self._dialect.sheet({"a": since, "b": until, "v": version})
        # Not EXISTS: SQLite would unfold all of them anew for every row of the feed.
        key = tuple_(
            col(ObservationRow.since), col(ObservationRow.until), col(ObservationRow.version)
        )
        return col(ObservationRow.feed) == feed, key.in_(pick(asked.c.a, asked.c.b, asked.c.v))

    def _read(self, wanted: Select[Any]) -> list[Observation]:
        return [Observation(*row) for row in self._session.connection().execute(wanted).all()]


def _cells(feed: str, row: Observation, told: int) -> tuple[Any, ...]:
    """In the order of the table's columns."""
    said = {"feed": feed, "since": row.start, "until": row.end, "told": told}
    said |= {name: getattr(row, name) for name in _NAMES}
    return tuple(said[name] for name in ObservationRow.model_fields)
