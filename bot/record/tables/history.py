"""The decision history, its head, and where it begins. Triggers of the migrations refuse to change
a row."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer
from sqlmodel import Field, SQLModel

from bot.record.tables.base import text


def _place() -> Any:
    """A sequence number as key. On SQLite it must be the row's own number: a hidden one beside it
    could be replaced under another sequence number, past every trigger."""
    kind = BigInteger().with_variant(Integer(), "sqlite")
    return Column(kind, primary_key=True, autoincrement=False, nullable=False)


class DecisionRow(SQLModel, table=True):
    """A decision: `body` is its canonical text, the other columns repeat parts of it to find it."""

    __tablename__ = "decisions"
    __table_args__ = (
        Index(None, "at", "seq"),
        Index(None, "scope", "seq"),
        Index(None, "objective", "seq"),
        Index(None, "event", "seq"),
        Index(None, "actor", "seq"),
    )

    seq: int = Field(sa_column=_place())
    at: datetime
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


class CheckpointRow(SQLModel, table=True):
    """The last of the decisions that were moved out at one time, sealed."""

    __tablename__ = "decision_checkpoints"

    seq: int = Field(sa_column=_place())
    hash: str
    at: datetime
    key: str
    signature: str
