"""Instants in the one form in which people read them outside Slack, which shows its own."""

from datetime import UTC, datetime, tzinfo

_DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def instant(at: datetime | float, zone: tzinfo = UTC) -> str:
    """`Thu 12 Nov 2026, 14:05 UTC`. `at`: an aware datetime, or seconds since 1970."""
    local = _local(at, zone)
    return f"{day(local, zone)}, {local:%H:%M} {local:%Z}"


def day(at: datetime | float, zone: tzinfo = UTC) -> str:
    """`Thu 12 Nov 2026`, of the day that it is in `zone`."""
    local = _local(at, zone)
    return f"{_DAYS[local.weekday()]} {local.day} {_MONTHS[local.month - 1]} {local.year}"


def clock(at: datetime) -> str:
    """`14:05 UTC`, where the day is said or is plain."""
    return f"{_local(at, UTC):%H:%M} UTC"


def brief(at: datetime | float) -> str:
    """`12 Nov 14:05`, for columns whose head says that times are UTC, of the last weeks."""
    local = _local(at, UTC)
    return f"{local.day:>2} {_MONTHS[local.month - 1]} {local:%H:%M}"


def _local(at: datetime | float, zone: tzinfo) -> datetime:
    if isinstance(at, datetime):
        return at.astimezone(zone)
    return datetime.fromtimestamp(at, zone)
