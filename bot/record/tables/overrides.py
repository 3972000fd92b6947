"""Grants, reviews and budget adjustments."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.record.tables import base


class GrantRow(SQLModel, table=True):
    """A granted override; `used_at` is set once. `settled`: nobody needs to be told of its end any
    more."""

    __tablename__ = "grants"
    __table_args__ = (
        Index(
            "ix_grants_unsettled",
            "use_by",
            sqlite_where=text("used_at IS NULL AND revoked_at IS NULL AND NOT settled"),
            postgresql_where=text("used_at IS NULL AND revoked_at IS NULL AND NOT settled"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(unique=True, foreign_key="requests.id")
    service: str = Field(index=True)
    change: str = Field(sa_column=base.text())
    """JSON."""
    freezes: str = Field(sa_column=base.text())
    """JSON list of ids."""
    granted_at: datetime
    use_by: datetime
    emergency: bool
    used_at: datetime | None
    used_by: str
    revoked_at: datetime | None
    settled: bool = False


class ReviewRow(SQLModel, table=True):
    """What must be looked at after a break-glass."""

    __tablename__ = "reviews"

    id: int | None = Field(default=None, primary_key=True)
    grant_id: int = Field(unique=True, foreign_key="grants.id")
    scope: str
    opened_at: datetime
    due_at: datetime = Field(index=True)
    owner: str
    reviewed_at: datetime | None
    reviewed_by: str
    finding: str = Field(sa_column=base.text())


class AdjustmentRow(SQLModel, table=True):
    """Time taken out of budgets."""

    __tablename__ = "adjustments"

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(unique=True, foreign_key="requests.id")
    stretch: str = Field(sa_column=base.text())
    """JSON."""
    reason: str = Field(sa_column=base.text())
    approved_at: datetime
    reversed_at: datetime | None
