"""What feeds have said, and the journal of releases."""

from datetime import datetime

from sqlmodel import Field, Index, SQLModel

from bot.record.tables.base import double, seconds


class ObservationRow(SQLModel, table=True):
    """The newest word of a feed on one stretch of time and one version."""

    __tablename__ = "observations"
    __table_args__ = (
        Index("ix_observations_feed_until", "feed", "until"),
        {"sqlite_with_rowid": False},
    )

    feed: str = Field(primary_key=True)
    since: int = Field(sa_column=seconds(key=True))
    until: int = Field(sa_column=seconds(key=True))
    version: str = Field(primary_key=True)
    tp: float | None = Field(default=None, sa_column=double(null=True))
    fp: float | None = Field(default=None, sa_column=double(null=True))
    fn: float | None = Field(default=None, sa_column=double(null=True))
    tn: float | None = Field(default=None, sa_column=double(null=True))
    positives: float | None = Field(default=None, sa_column=double(null=True))
    negatives: float | None = Field(default=None, sa_column=double(null=True))
    eligible: float | None = Field(default=None, sa_column=double(null=True))
    bad: float | None = Field(default=None, sa_column=double(null=True))
    value: float | None = Field(default=None, sa_column=double(null=True))
    n: float | None = Field(default=None, sa_column=double(null=True))
    low: float | None = Field(default=None, sa_column=double(null=True))
    high: float | None = Field(default=None, sa_column=double(null=True))
    tool: str
    metric: str
    threshold: float | None = Field(default=None, sa_column=double(null=True))
    told: int = Field(sa_column=seconds())
    """When it was told last: seconds since 1970."""


class RefusalRow(SQLModel, table=True):
    """The newest spell of refused rows of a feed."""

    __tablename__ = "refusals"

    feed: str = Field(primary_key=True)
    since: int = Field(sa_column=seconds())
    last: int = Field(sa_column=seconds())
    rows: int
    field: str
    rule: str


class NoteRow(SQLModel, table=True):
    """What somebody told of a release."""

    __tablename__ = "release_notes"
    __table_args__ = (Index("ix_release_notes_service_at", "service", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(unique=True)
    service: str
    version: str
    kind: str
    at: datetime
    origin: str
    share: str | None = None
    """A fraction, exactly as told."""
    actor: str
    commit: str
    digest: str
    committed: datetime | None = None
    decision: int
