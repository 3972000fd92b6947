"""The decision history and its head. Triggers of the first migration refuse to change a row."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index
from sqlmodel import Field, SQLModel

from bot.record.tables.base import seconds, text


class DecisionRow(SQLModel, table=True):
    """A decision: `body` is its canonical text, the other columns repeat parts of it to find it."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "scope", "seq"),
        Index(None, "objective", "seq"),
    )

    seq: int = Field(sa_column=seconds(key=True))
    at: datetime = Field(index=True)
    event: str
    actor: str
    scope: str
    objective: str
    body: str = Field(sa_column=text())
    previous: str
    hash: str


class HeadRow(SQLModel, table=True):
    """The newest row of the history. Whoever appends locks this one row first."""

    __tablename__ = "decision_head"

    id: int = Field(primary_key=True)
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    hash: str
