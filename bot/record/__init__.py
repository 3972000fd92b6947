"""The database: tables, ledger, decision history, outbox, migrations."""

from bot.record.database import Database
from bot.record.migrate import fresh, migrate, overpowered, pending
from bot.record.replica import hold, holder

__all__ = ["Database", "fresh", "hold", "holder", "migrate", "overpowered", "pending"]
