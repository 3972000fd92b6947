"""Answers of the gate, and the tokens of those who ask."""

from datetime import datetime

from sqlalchemy import BigInteger, Column
from sqlmodel import Field, SQLModel

from bot.record.tables import base


class AnswerRow(SQLModel, table=True):
    """The newest answer to one question, or to one request by its Idempotency-Key."""

    __tablename__ = "gate_answers"

    key: str = Field(primary_key=True)
    question: str
    mark: str
    outcome: str
    seq: int = Field(sa_column=Column(BigInteger, nullable=False))
    freezes: str
    """JSON list of ids."""
    body: str = Field(sa_column=base.text())
    """JSON."""
    at: datetime = Field(index=True)
    valid_until: datetime
    count: int


class StopRow(SQLModel, table=True):
    """How many releases the same has stopped, of all about which one message tells."""

    __tablename__ = "gate_stops"

    topic: str = Field(primary_key=True)
    count: int
    at: datetime = Field(index=True)
    """The last of them."""


class TokenRow(SQLModel, table=True):
    """A token, by its hash."""

    __tablename__ = "tokens"

    id: int | None = Field(default=None, primary_key=True)
    name: str
    digest: str = Field(unique=True)
    scopes: str = Field(sa_column=base.text())
    """Separated by spaces."""
    created_at: datetime
    created_by: str
    expires_at: datetime
    revoked_at: datetime | None = None
    used_at: datetime | None = None
