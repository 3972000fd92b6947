"""What waits at code hosts, and releases that were seen."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from bot.record.tables import base


class WatchRow(SQLModel, table=True):
    """One thing that we look after at a host."""

    __tablename__ = "watches"

    key: str = Field(primary_key=True)
    kind: str = Field(index=True)
    host: str
    place: str
    facts: str = Field(sa_column=base.text())
    """JSON."""
    mark: str = Field(sa_column=base.text())
    reports: int = 0
    tries: int = 0
    maybe: bool = False
    told_at: datetime | None = None
    due_at: datetime
    token: int = 0
    claimed_at: datetime | None = None
    claim_until: datetime | None = None


class SightingRow(SQLModel, table=True):
    """A release that was seen."""

    __tablename__ = "sightings"

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    service: str
    release: str
    version: str
    commit: str
    digest: str
    source: str
    who: str
    seen_at: datetime = Field(index=True)
    decision: int
    told: bool
