"""The database: tables, ledger, decision history, outbox, migrations."""

from bot.record.database import Database
from bot.record.migrate import migrate, pending
from bot.record.replica import hold, holder

__all__ = ["Database", "hold", "holder", "migrate", "pending"]
