"""Forecasts as they were given, and what became of them."""

from sqlmodel import Field, Index, SQLModel

from bot.record.tables.base import double, seconds, text


class ForecastRow(SQLModel, table=True):
    """What was said of an account in an hour. `until` and the figures to be scored are missing
    where there was only a reason to say nothing."""

    __tablename__ = "forecasts"
    __table_args__ = (
        Index("ix_forecasts_until", "until"),
        {"sqlite_with_rowid": False},
    )

    account_id: int = Field(primary_key=True)
    hour: int = Field(sa_column=seconds(key=True))
    counts: bool
    at: int | None = Field(default=None, sa_column=seconds(null=True))
    until: int | None = Field(default=None, sa_column=seconds(null=True))
    expected: float | None = Field(default=None, sa_column=double(null=True))
    low: float | None = Field(default=None, sa_column=double(null=True))
    high: float | None = Field(default=None, sa_column=double(null=True))
    probability: float | None = Field(default=None, sa_column=double(null=True))
    factor: float | None = Field(default=None, sa_column=double(null=True))
    said: str = Field(sa_column=text())
    """The rest of it, or the reason: JSON."""
    came: float | None = Field(default=None, sa_column=double(null=True))
    """What was left at `until`; missing until that is known."""
    exhausted: bool | None = None
