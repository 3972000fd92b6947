"""What is stored of schedules, and of freezes before they were edited."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.record.tables import base


class TenureRow(SQLModel, table=True):
    """Which specs the stored freezes of schedules follow: one row. Whoever reconciles locks it."""

    __tablename__ = "schedule_tenure"

    id: int = Field(primary_key=True)
    version: str
    renewed_at: datetime


class FreezeVersionRow(SQLModel, table=True):
    """What a freeze was until an edit."""

    __tablename__ = "freeze_versions"

    freeze_id: int = Field(primary_key=True, foreign_key="freezes.id")
    number: int = Field(primary_key=True)
    reason: str = Field(sa_column=base.text())
    ends_at: datetime | None
    replaced_at: datetime
    by_id: str
    by_name: str
    by_door: str
    why: str = Field(sa_column=base.text())
