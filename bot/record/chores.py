"""Work that is due once a turn, whoever does it."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, update
from sqlmodel import Session, col, select

from bot.record.dialect import Dialect
from bot.record.leases import free
from bot.record.statements import change, first
from bot.record.tables import ChoreRow


class SqlChores:
    """Satisfies bot.ports.chores.Chores."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def claim(self, name: str, turn: str, now: datetime, lease: float) -> bool:
        """See Chores."""
        known = self._dialect.insert(ChoreRow).values(name=name, turn="", claimed="")
        change(self._session, known.on_conflict_do_nothing())
        left = free(col(ChoreRow.claim_until), col(ChoreRow.claimed_at), now)
        nobody = or_(col(ChoreRow.claimed) < turn, and_(col(ChoreRow.claimed) == turn, left))
        mine = update(ChoreRow).where(col(ChoreRow.name) == name, col(ChoreRow.turn) < turn, nobody)
        until = now + timedelta(seconds=lease)
        mine = mine.values(claimed=turn, claimed_at=now, claim_until=until)
        return change(self._session, mine) == 1

    def done(self, name: str, turn: str, now: datetime) -> None:
        """This turn is not due again, nor is one before it."""
        row = self._dialect.insert(ChoreRow).values(name=name, turn=turn, done_at=now, claimed="")
        facts = {"turn": turn, "done_at": now, "claim_until": None}
        later = col(ChoreRow.turn) < turn
        change(
            self._session,
            row.on_conflict_do_update(index_elements=["name"], set_=facts, where=later),
        )

    def last(self, name: str) -> tuple[str, datetime] | None:
        """The turn that was done last, and when."""
        row = first(self._session, select(ChoreRow).where(col(ChoreRow.name) == name))
        return None if row is None or row.done_at is None else (row.turn, row.done_at)
