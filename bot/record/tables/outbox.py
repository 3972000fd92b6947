"""Messages on their way, the heads of topics, the pace of channels, receipts."""

from datetime import datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from bot.record.tables import base

_UNSENT = text("state = 'new'")
_REPLIES = text("act = 'reply'")


class MessageRow(SQLModel, table=True):
    """A message: new, then sent, dead (can never be delivered) or dropped (has become needless)."""

    __tablename__ = "messages"
    __table_args__ = (
        Index(
            "ix_messages_key",
            "key",
            unique=True,
            sqlite_where=text("act <> 'edit'"),
            postgresql_where=text("act <> 'edit'"),
        ),
        Index(
            "ix_messages_unsent_lane",
            "lane",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
        Index(
            "ix_messages_unsent_topic",
            "topic",
            "id",
            sqlite_where=_UNSENT,
            postgresql_where=_UNSENT,
        ),
        Index(
            "ix_messages_replies",
            "topic",
            "id",
            sqlite_where=_REPLIES,
            postgresql_where=_REPLIES,
        ),
        Index(
            "ix_messages_repeated",
            "sent_at",
            sqlite_where=text("tries > 1"),
            postgresql_where=text("tries > 1"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    key: str
    channel: str
    lane: str
    """What it takes turns with: its channel, or all edits."""
    topic: str
    act: str
    template: str
    facts: str = Field(sa_column=base.text())
    """JSON."""
    broadcast: bool
    patient: bool
    state: str
    created_at: datetime
    available_at: datetime
    attempts: int = 0
    """How often it was claimed."""
    tries: int = 0
    """How often somebody was about to post it."""
    maybe: bool = False
    first_try: datetime | None = None
    claimed_at: datetime | None = None
    claim_until: datetime | None = None
    worker: str = ""
    token: int = 0
    parked_at: datetime | None = None
    """When it was first refused for a fault that is not its own."""
    sent_at: datetime | None = None
    sent_channel: str = ""
    ts: str = ""
    thread: str = ""
    why: str = Field(default="", sa_column=base.text())


class TopicRow(SQLModel, table=True):
    """The head of a topic, once it stands in its channel."""

    __tablename__ = "topics"

    topic: str = Field(primary_key=True)
    channel: str
    ts: str
    digest: str
    changed_at: datetime | None = None
    """When it was posted or last edited."""


class LaneRow(SQLModel, table=True):
    """When a lane is open next: one row that all replicas share."""

    __tablename__ = "lanes"

    name: str = Field(primary_key=True)
    next_at: datetime


class ReceiptRow(SQLModel, table=True):
    """A request that was acted upon."""

    __tablename__ = "receipts"

    key: str = Field(primary_key=True)
    at: datetime = Field(index=True)
