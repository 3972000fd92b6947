"""Freezes, with the facts their state is derived from."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Dialect,
    Select,
    bindparam,
    func,
    insert,
    or_,
    type_coerce,
    update,
)
from sqlalchemy.types import NullType
from sqlmodel import Session, UTCDateTime, col, select

from bot.decide.freeze import Effect, Freeze, FreezeVersion, Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Scope
from bot.record.statements import ask, change, fetch, numbered, pick, stored, whole
from bot.record.tables import FreezeRow, FreezeVersionRow

_ONE = whole(FreezeRow).where(col(FreezeRow.id) == bindparam("number"))


class SqlFreezes:
    """Satisfies bot.ports.workflow.Freezes."""

    def __init__(self, session: Session, *, writing: bool) -> None:
        self._session = session
        self._writing = writing

    def add(self, freeze: Freeze) -> Freeze:
        """Store it; the answer bears its id."""
        return freeze_of(stored(self._session, FreezeRow(**freeze_columns(freeze))))

    def get(self, freeze: int) -> Freeze | None:
        """By id."""
        row = next(iter(ask(self._session, _ONE, number=freeze)), None)
        return freeze_of(row) if row else None

    def standing(self, now: datetime) -> list[Freeze]:
        """All that stop releases now or will, oldest first."""
        connection = self._session.connection()
        rows = connection.execute(_STANDING, {"now": now})
        return [_known(connection.dialect, tuple(row)) for row in rows]

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
        return [freeze_of(row) for row in fetch(self._session, wanted)]

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

    def edit(
        self, freeze: int, former: FreezeVersion, reason: str, ends_at: datetime | None
    ) -> bool:
        """See Freezes."""
        still = (
            col(FreezeRow.id) == freeze,
            col(FreezeRow.version) == former.number,
            col(FreezeRow.lifted_at).is_(None),
            _open_ended(former.replaced_at),
        )
        facts = {
            "reason": reason,
            "ends_at": ends_at,
            "version": former.number + 1,
            "reminded_at": former.replaced_at,
        }
        if change(self._session, update(FreezeRow).where(*still).values(**facts)) == 0:
            return False
        change(self._session, insert(FreezeVersionRow).values(freeze_id=freeze, **_kept(former)))
        return True

    def versions(self, freeze: int) -> list[FreezeVersion]:
        """Oldest first."""
        wanted = (
            select(FreezeVersionRow)
            .where(col(FreezeVersionRow.freeze_id) == freeze)
            .order_by(col(FreezeVersionRow.number))
        )
        return [_version(row) for row in fetch(self._session, wanted)]

    def forgotten(self, before: datetime, others: Sequence[int] = ()) -> list[Freeze]:
        """See Freezes."""
        seen = func.coalesce(col(FreezeRow.reminded_at), col(FreezeRow.starts_at))
        wanted = (
            select(FreezeRow)
            .where(
                col(FreezeRow.ends_at).is_(None),
                col(FreezeRow.lifted_at).is_(None),
                or_(col(FreezeRow.origin) == str(Origin.MANUAL), col(FreezeRow.id).in_(others)),
                seen <= before,
            )
            .order_by(col(FreezeRow.id))
        )
        if self._writing:
            wanted = wanted.with_for_update(skip_locked=True)
        return [freeze_of(row) for row in fetch(self._session, wanted)]

    def reminded(self, freeze: int, now: datetime) -> None:
        """Whoever set it has been reminded."""
        one = update(FreezeRow).where(col(FreezeRow.id) == freeze).values(reminded_at=now)
        change(self._session, one)


def _standing() -> Select[Any]:
    """Made once: whoever asks the gate reads it, many times a second. Cells come as the driver has
    them: to make times of them anew took longer than all the rest."""
    now = bindparam("now", type_=UTCDateTime())
    lifted = or_(col(FreezeRow.lifted_at).is_(None), col(FreezeRow.lifted_at) > now)
    cells = (type_coerce(column, NullType()) for column in _COLUMNS)
    return pick(*cells).where(lifted, _open_ended(now)).order_by(col(FreezeRow.id))


def _open_ended(now: Any) -> ColumnElement[bool]:
    """Not over by its own end: a freeze is over at the instant of its end."""
    return or_(col(FreezeRow.ends_at).is_(None), col(FreezeRow.ends_at) > now)


_COLUMNS = tuple(getattr(FreezeRow, name) for name in FreezeRow.model_fields)
_STANDING = _standing()


def freeze_columns(freeze: Freeze) -> dict[str, Any]:
    """All that is stored of a freeze when it is set. That it begins is told at once, unless it
    comes from a schedule."""
    return {
        "scope": str(freeze.scope),
        "reason": freeze.reason,
        "origin": str(freeze.origin),
        "set_by_id": freeze.set_by.id,
        "set_by_name": freeze.set_by.name,
        "set_by_door": str(freeze.set_by.door),
        "starts_at": freeze.starts_at,
        "ends_at": freeze.ends_at,
        "lifted_at": freeze.lifted_at,
        "cause": freeze.cause,
        "recovering_since": freeze.recovering_since,
        "schedule": freeze.schedule,
        "occurrence": freeze.occurrence,
        "version": freeze.version,
        "effect": str(freeze.effect),
        "monitored": freeze.monitored,
        "settled": False,
        "noticed": False,
        "announced": freeze.origin is not Origin.SCHEDULE,
    }


def freeze_of(row: Any) -> Freeze:
    """A row, or its columns, as the domain knows it."""
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
        row.schedule,
        row.occurrence,
        row.version,
        effect=Effect(row.effect),
        monitored=row.monitored,
    )


@lru_cache(maxsize=2_000)
def _known(dialect: Dialect, cells: tuple[Any, ...]) -> Freeze:
    """The same cells make the same freeze: the gate reads all of them many times a second."""
    made = {
        column.key: _made(column.type.dialect_impl(dialect).result_processor(dialect, None), cell)
        for column, cell in zip(_COLUMNS, cells, strict=True)
    }
    return freeze_of(SimpleNamespace(**made))


def _made(process: Callable[[Any], Any] | None, cell: Any) -> Any:
    return cell if process is None else process(cell)


def _kept(former: FreezeVersion) -> dict[str, Any]:
    return {
        "number": former.number,
        "reason": former.reason,
        "ends_at": former.ends_at,
        "replaced_at": former.replaced_at,
        "by_id": former.replaced_by.id,
        "by_name": former.replaced_by.name,
        "by_door": str(former.replaced_by.door),
        "why": former.why,
    }


def _version(row: FreezeVersionRow) -> FreezeVersion:
    by = Actor(row.by_id, row.by_name, Door(row.by_door))
    return FreezeVersion(row.number, row.reason, row.ends_at, row.replaced_at, by, row.why)
