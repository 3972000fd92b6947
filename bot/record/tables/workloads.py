"""Objects of clusters that are followed from release to release."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.record.tables import base


class WorkloadRow(SQLModel, table=True):
    """One object as the releases of one service."""

    __tablename__ = "workloads"

    key: str = Field(primary_key=True)
    place: str
    uid: str
    generation: int = Field(sa_column=base.seconds())
    runs: str = Field(sa_column=base.text())
    """Marks, with blanks between them."""
    at: datetime
