"""Months of a calendar in a zone: what reports are made of."""

from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Month:
    """One month; `number` is 1 to 12."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.number:02d}"

    @property
    def before(self) -> "Month":
        """The one before it."""
        return Month(self.year, self.number - 1) if self.number > 1 else Month(self.year - 1, 12)

    @property
    def after(self) -> "Month":
        """The one after it."""
        return Month(self.year, self.number + 1) if self.number < 12 else Month(self.year + 1, 1)

    def bounds(self, zone: str) -> tuple[datetime, datetime]:
        """Its first instant, and that of the next month, in UTC; `zone` is an IANA name."""
        return self._start(zone), self.after._start(zone)

    def _start(self, zone: str) -> datetime:
        return datetime(self.year, self.number, 1, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def month_of(now: datetime, zone: str) -> Month:
    """The month that it is in a zone."""
    local = now.astimezone(ZoneInfo(zone))
    return Month(local.year, local.month)
