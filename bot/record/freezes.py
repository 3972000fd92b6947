"""Freezes, with the facts their state is derived from."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, update
from sqlmodel import Session, col, select

from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Scope
from bot.record.statements import change, fetch, first, numbered, stored
from bot.record.tables import FreezeRow


class SqlFreezes:
    """Satisfies bot.ports.workflow.Freezes."""

    def __init__(self, session: Session, *, writing: bool) -> None:
        self._session = session
        self._writing = writing

    def add(self, freeze: Freeze) -> Freeze:
        """Store it; the answer bears its id."""
        return _freeze(stored(self._session, _row(freeze)))

    def get(self, freeze: int) -> Freeze | None:
        """By id."""
        row = first(self._session, select(FreezeRow).where(col(FreezeRow.id) == freeze))
        return _freeze(row) if row else None

    def standing(self, now: datetime) -> list[Freeze]:
        """All that stop releases now or will, oldest first."""
        lifted = or_(col(FreezeRow.lifted_at).is_(None), col(FreezeRow.lifted_at) > now)
        wanted = select(FreezeRow).where(lifted, _open_ended(now)).order_by(col(FreezeRow.id))
        return [_freeze(row) for row in fetch(self._session, wanted)]

    def lapsed(self, now: datetime) -> list[Freeze]:
        """Over by their own end, untold. In a writing transaction those in other hands are left
        out: each end is told by one replica."""
        wanted = (
            select(FreezeRow)
            .where(
                col(FreezeRow.ends_at) <= now,
                col(FreezeRow.lifted_at).is_(None),
                ~col(FreezeRow.settled),
            )
            .order_by(col(FreezeRow.id))
        )
        if self._writing:
            wanted = wanted.with_for_update(skip_locked=True)
        return [_freeze(row) for row in fetch(self._session, wanted)]

    def settle(self, freeze: int) -> None:
        """Its end has been told."""
        change(
            self._session,
            update(FreezeRow).where(col(FreezeRow.id) == freeze).values(settled=True),
        )

    def lift(self, freeze: int, now: datetime) -> bool:
        """False if it was over already."""
        still = col(FreezeRow.id) == freeze, col(FreezeRow.lifted_at).is_(None), _open_ended(now)
        return change(self._session, update(FreezeRow).where(*still).values(lifted_at=now)) == 1

    def cooling(self, freeze: int, since: datetime | None) -> None:
        """Since when its cause has recovered; None: it has not."""
        known = col(FreezeRow.id) == freeze
        change(self._session, update(FreezeRow).where(known).values(recovering_since=since))


def _open_ended(now: datetime) -> ColumnElement[bool]:
    """Not over by its own end: a freeze is over at the instant of its end."""
    return or_(col(FreezeRow.ends_at).is_(None), col(FreezeRow.ends_at) > now)


def _row(freeze: Freeze) -> FreezeRow:
    return FreezeRow(
        scope=str(freeze.scope),
        reason=freeze.reason,
        origin=str(freeze.origin),
        set_by_id=freeze.set_by.id,
        set_by_name=freeze.set_by.name,
        set_by_door=str(freeze.set_by.door),
        starts_at=freeze.starts_at,
        ends_at=freeze.ends_at,
        lifted_at=freeze.lifted_at,
        cause=freeze.cause,
        recovering_since=freeze.recovering_since,
        effect=str(freeze.effect),
        monitored=freeze.monitored,
    )


def _freeze(row: FreezeRow) -> Freeze:
    return Freeze(
        numbered(row.id),
        Scope.parse(row.scope),
        row.reason,
        Origin(row.origin),
        Actor(row.set_by_id, row.set_by_name, Door(row.set_by_door)),
        row.starts_at,
        row.ends_at,
        row.lifted_at,
        row.cause,
        row.recovering_since,
        effect=Effect(row.effect),
        monitored=row.monitored,
    )
