"""Our freezes as GitLab's freeze periods: two cron expressions, without a year. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.freeze import Effect, Freeze

AHEAD = timedelta(days=300)
"""Without a year, a period that begins later would seem to have begun."""
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Period:
    """A freeze period: from when until when, as cron expressions in a zone."""

    start: str
    end: str
    zone: str = "UTC"

    @property
    def mark(self) -> str:
        """The same for periods that say the same."""
        return f"{self.start}|{self.end}|{self.zone}"


def period_of(freeze: Freeze, now: datetime) -> Period | None:
    """None for what stops nothing, or only in a year. A freeze without an end is given one in a day
    or two, that moves on every day: if Burnban is gone, so is the period."""
    stops = freeze.effect is Effect.FREEZE and not freeze.monitored
    if freeze.over(now) or not stops or freeze.starts_at > now + AHEAD:
        return None
    start = freeze.starts_at.astimezone(UTC)
    end = freeze.ends_at
    if end is None or end > now + AHEAD:
        day = max(now, freeze.starts_at).astimezone(UTC).replace(hour=0, minute=0)
        end = day + timedelta(days=2)
    end = end.astimezone(UTC)
    if end.second or end.microsecond:
        end += _MINUTE  # cron knows minutes: what is frozen for part of one is frozen for all of it
    return Period(_cron(start), _cron(end))


def _cron(at: datetime) -> str:
    return f"{at.minute} {at.hour} {at.day} {at.month} *"
