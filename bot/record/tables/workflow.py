"""Standings, episodes, freezes, requests and votes."""

from datetime import datetime

from sqlalchemy import BigInteger, Column, Index, text
from sqlmodel import Field, SQLModel

from bot.record.tables import base


class StandingRow(SQLModel, table=True):
    """What has been said about an objective."""

    __tablename__ = "standings"

    objective: str = Field(primary_key=True)
    kind: str | None
    level: int
    opened_at: datetime | None
    quiet_since: datetime | None
    passed: str = Field(sa_column=base.text())
    """JSON list of fractions as text, some with a severity (`1/4 page`)."""
    blind_polls: int
    told_blind: bool
    fault: str = Field(sa_column=base.text())
    calm_since: datetime | None = None
    noted: str | None = None
    outage: int = Field(default=0, sa_column=Column(BigInteger, nullable=False))
    """A sequence number of the history; 0: none."""


class EpisodeRow(SQLModel, table=True):
    """A stretch of trouble; at most one is open for an objective."""

    __tablename__ = "episodes"
    __table_args__ = (
        Index(
            "ix_episodes_open",
            "objective",
            unique=True,
            sqlite_where=text("closed_at IS NULL"),
            postgresql_where=text("closed_at IS NULL"),
        ),
        Index("ix_episodes_lately", "channel", "opened_at"),
        Index(
            "ix_episodes_together",
            "summary",
            sqlite_where=text("summary IS NOT NULL"),
            postgresql_where=text("summary IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    objective: str
    opened_at: datetime
    level: int
    closed_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    channel: str = ""
    summary: int | None = None
    """The first of the episodes that share its message."""


class FreezeRow(SQLModel, table=True):
    """The stored facts of a freeze. `settled`: nobody needs to be told of its end any more;
    `noticed`, `announced`: people know that it comes, or that it has begun. The key of an
    occurrence without a start does not count, as NULLs do not in a unique index."""

    __tablename__ = "freezes"
    __table_args__ = (
        Index(
            "ix_freezes_unsettled",
            "ends_at",
            sqlite_where=text("lifted_at IS NULL AND NOT settled"),
            postgresql_where=text("lifted_at IS NULL AND NOT settled"),
        ),
        Index(
            "ix_freezes_unannounced",
            "starts_at",
            sqlite_where=text("lifted_at IS NULL AND NOT announced"),
            postgresql_where=text("lifted_at IS NULL AND NOT announced"),
        ),
        Index("ix_freezes_occurrence", "schedule", "occurrence", "scope", unique=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    scope: str
    reason: str = Field(sa_column=base.text())
    origin: str
    set_by_id: str
    set_by_name: str
    set_by_door: str
    starts_at: datetime
    ends_at: datetime | None
    lifted_at: datetime | None
    cause: str
    recovering_since: datetime | None
    settled: bool = False
    schedule: str = ""
    occurrence: datetime | None = None
    version: int = 1
    noticed: bool = False
    announced: bool = True
    reminded_at: datetime | None = None
    effect: str = "freeze"
    monitored: bool = False


class RequestRow(SQLModel, table=True):
    """The stored facts of a request; `closed` is set once."""

    __tablename__ = "requests"
    __table_args__ = (
        Index(
            "ix_requests_undecided",
            "expires_at",
            sqlite_where=text("closed IS NULL"),
            postgresql_where=text("closed IS NULL"),
        ),
        Index(
            "ix_requests_docket",
            "docket",
            sqlite_where=text("docket IS NOT NULL"),
            postgresql_where=text("docket IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    wish: str
    scope: str
    reason: str = Field(sa_column=base.text())
    requester_id: str
    requester_name: str
    requester_door: str
    origin: str
    created_at: datetime
    expires_at: datetime
    until: datetime | None
    starts_at: datetime | None
    freezes: str = Field(sa_column=base.text())
    """JSON list of ids."""
    cause: str
    closed: str | None
    closed_at: datetime | None = None
    lasts: int | None = None
    """Seconds."""
    quorum: str = Field(sa_column=base.text())
    change: str = Field(sa_column=base.text())
    stretch: str = Field(sa_column=base.text())
    """JSON, as the column before; empty without one."""
    incident: str = ""
    disputed: bool = False
    escalated_at: datetime | None = None
    evidence: str = Field(default="{}", sa_column=base.text())
    """JSON."""
    shortage: str = Field(default="", sa_column=base.text())
    docket: int | None = None
    """The first of the requests that share its message."""


class VoteRow(SQLModel, table=True):
    """A vote: the key allows one a person."""

    __tablename__ = "votes"

    request_id: int = Field(primary_key=True, foreign_key="requests.id")
    voter_id: str = Field(primary_key=True)
    voter_name: str
    voter_door: str
    choice: str
    at: datetime
    membership: str
    groups: str = Field(sa_column=base.text())
    """JSON list of names."""
    comment: str = Field(sa_column=base.text())
