"""Accounts, their running totals, and how far these have been thinned."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel, UniqueConstraint

from bot.record.tables.base import double, seconds


class AccountRow(SQLModel, table=True):
    """An account: one objective counted in one way. The present one of an objective is `current`;
    those of former queries stay stored."""

    __tablename__ = "accounts"
    __table_args__ = (
        UniqueConstraint("objective", "fingerprint"),
        Index(
            "ix_accounts_current",
            "objective",
            unique=True,
            sqlite_where=text("current"),
            postgresql_where=text("current"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    objective: str
    fingerprint: str
    current: bool
    step: int
    opened: int | None = Field(default=None, sa_column=seconds(null=True))
    read_until: int | None = Field(default=None, sa_column=seconds(null=True))
    seen_until: int | None = Field(default=None, sa_column=seconds(null=True))
    due_at: datetime
    claimed_at: datetime | None = None
    claim_until: datetime | None = None
    token: int = 0


class EntryRow(SQLModel, table=True):
    """A row of the ledger: totals since the account was opened. Clustered by its key on SQLite.

    No foreign key: rows are only written under the lock of their account, and checking each of the
    many thousands of a back-fill again would take longer than writing them.
    """

    __tablename__ = "entries"
    __table_args__ = ({"sqlite_with_rowid": False},)

    account_id: int = Field(primary_key=True)
    at: int = Field(sa_column=seconds(key=True))
    eligible: float = Field(sa_column=double())
    bad: float = Field(sa_column=double())
    observed: int = Field(sa_column=seconds())


class ThinnedRow(SQLModel, table=True):
    """Up to where each tier's rule has been applied to an account. Apart from the account, so that
    thinning and polling do not wait for each other."""

    __tablename__ = "thinned"

    account_id: int = Field(primary_key=True, foreign_key="accounts.id")
    tier: int = Field(primary_key=True)
    until: int = Field(sa_column=seconds())
