"""Freezes that come from schedules."""

from datetime import datetime

from sqlalchemy import or_, update
from sqlmodel import Session, col, select

from bot.decide.freeze import Freeze
from bot.ports.schedules import Coming, Tenure, Told
from bot.record.dialect import Dialect
from bot.record.freezes import freeze_columns, freeze_of
from bot.record.statements import change, fetch, first
from bot.record.tables import FreezeRow, TenureRow

_ONLY = 1


class SqlSchedules:
    """Satisfies bot.ports.schedules.Schedules."""

    def __init__(self, session: Session, dialect: Dialect, *, writing: bool) -> None:
        self._session = session
        self._dialect = dialect
        self._writing = writing

    def add(self, freeze: Freeze) -> Freeze | None:
        """See Schedules."""
        row = self._dialect.insert(FreezeRow).values(freeze_columns(freeze))
        if change(self._session, row.on_conflict_do_nothing()) == 0:
            return None
        same = (
            col(FreezeRow.schedule) == freeze.schedule,
            col(FreezeRow.occurrence) == freeze.occurrence,
            col(FreezeRow.scope) == str(freeze.scope),
        )
        stored = first(self._session, select(FreezeRow).where(*same))
        return freeze_of(stored) if stored else None

    def withdraw(self, freeze: int, now: datetime) -> bool:
        """See Schedules."""
        unbegun = (
            col(FreezeRow.id) == freeze,
            col(FreezeRow.lifted_at).is_(None),
            col(FreezeRow.starts_at) > now,
        )
        gone = update(FreezeRow).where(*unbegun).values(lifted_at=now, occurrence=None)
        return change(self._session, gone) == 1

    def coming(self, now: datetime, until: datetime) -> list[Coming]:
        """See Schedules."""
        wanted = (
            select(FreezeRow)
            .where(
                ~col(FreezeRow.announced),
                col(FreezeRow.lifted_at).is_(None),
                col(FreezeRow.starts_at) <= until,
                or_(col(FreezeRow.ends_at).is_(None), col(FreezeRow.ends_at) > now),
            )
            .order_by(col(FreezeRow.id))
        )
        if self._writing:
            wanted = wanted.with_for_update(skip_locked=True)
        return [Coming(freeze_of(row), row.noticed) for row in fetch(self._session, wanted)]

    def noticed(self, freeze: int) -> None:
        """Its coming has been told."""
        self._mark(freeze, noticed=True)

    def announced(self, freeze: int) -> None:
        """Its beginning has been told."""
        self._mark(freeze, announced=True)

    def _mark(self, freeze: int, **said: bool) -> None:
        one = update(FreezeRow).where(col(FreezeRow.id) == freeze).values(**said)
        change(self._session, one)

    def told(self, freeze: int) -> Told:
        """See Schedules."""
        row = first(self._session, select(FreezeRow).where(col(FreezeRow.id) == freeze))
        if row is None:
            return Told.NOTHING
        return Told.BEGUN if row.announced else Told.COMING if row.noticed else Told.NOTHING

    def tenure(self) -> Tenure | None:
        """See Schedules."""
        row = first(self._session, select(TenureRow).where(col(TenureRow.id) == _ONLY))
        return None if row is None else Tenure(row.version, row.renewed_at)

    def hold(self, version: str, now: datetime) -> None:
        """See Schedules."""
        facts = {"version": version, "renewed_at": now}
        row = self._dialect.insert(TenureRow).values(id=_ONLY, **facts)
        change(self._session, row.on_conflict_do_update(index_elements=["id"], set_=facts))
