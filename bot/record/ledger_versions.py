"""Accounts of versions that are long gone: twenty releases a day would leave thousands of them."""

from datetime import datetime

from sqlalchemy import delete, func
from sqlmodel import Session, col

from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, EntryRow, ThinnedRow

_OF_A_VERSION = "%@%"
"""How such an account is called; no objective bears that sign."""


def forget(session: Session, dialect: Dialect, before: datetime, limit: int) -> int:
    """Delete at most `limit` accounts of versions that were read and looked at no later than
    `before`, with their rows; how many went. Whoever holds one of them is waited for."""
    gone = (
        pick(col(AccountRow.id))
        .where(
            col(AccountRow.objective).like(_OF_A_VERSION),
            col(AccountRow.due_at) < before,
            func.coalesce(col(AccountRow.read_until), 0) < int(before.timestamp()),
        )
        .order_by(col(AccountRow.id))
        .limit(limit)
        .with_for_update()
    )
    numbers = list(session.connection().execute(gone).scalars())
    if not numbers:
        return 0
    asked = dialect.sheet({"id": numbers})
    some = pick(asked.c.id)
    change(session, delete(EntryRow).where(col(EntryRow.account_id).in_(some)))
    change(session, delete(ThinnedRow).where(col(ThinnedRow.account_id).in_(some)))
    return change(session, delete(AccountRow).where(col(AccountRow.id).in_(some)))
