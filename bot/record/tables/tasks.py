"""Tasks that budgets ask for."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.record.tables import base


class TaskRow(SQLModel, table=True):
    """A retraining; at most one is open for an objective."""

    __tablename__ = "tasks"
    __table_args__ = (
        Index(
            "ix_tasks_open",
            "objective",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    objective: str
    service: str
    opened_at: datetime
    evidence: str = Field(sa_column=base.text())
    """JSON."""
    owner: str = ""
    owner_name: str = ""
    taken_at: datetime | None = None
    recovering_since: datetime | None = None
    reminded_at: datetime | None = None
    request: int = 0
    closed_at: datetime | None = None
