"""Requests that were acted upon."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.record.dialect import Dialect
from bot.record.statements import change
from bot.record.tables import ReceiptRow


class SqlReceipts:
    """Satisfies bot.ports.outbox.Receipts."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def first_time(self, key: str, now: datetime) -> bool:
        """Store the key; False if it was there."""
        row = self._dialect.insert(ReceiptRow).values(key=key, at=now)
        return change(self._session, row.on_conflict_do_nothing()) == 1

    def first_times(self, keys: Collection[str], now: datetime) -> set[str]:
        """In one order for all: two who store the same keys never wait for each other."""
        if not keys:
            return set()
        fresh = self._dialect.fresh(ReceiptRow).returning(col(ReceiptRow.key))
        rows = [{"key": key, "at": now} for key in sorted(set(keys))]
        return set(self._session.connection().execute(fresh, rows).scalars())

    def forget(self, before: datetime) -> int:
        """Delete those from before then; how many went."""
        return change(self._session, delete(ReceiptRow).where(col(ReceiptRow.at) < before))
