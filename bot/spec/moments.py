"""Local times, lengths and days of FreezeSchedules."""

from datetime import date, datetime, timedelta

from bot.spec.nodes import Scalar
from bot.spec.spot import Record, Spot, shorten
from bot.spec.values import SECONDS, duration, text

FIRST, LAST = 1970, 2100
"""Years of a schedule."""


def local(spot: Spot) -> datetime | None:
    """A day and a time by the clock on the wall."""
    written = text(spot)
    if written is None:
        return None
    found = _read(spot, written.strip())
    if found is None:
        return None
    if found.tzinfo is not None:
        remedy = "Leave the offset out; timeZone says where the clock hangs."
        spot.fault("This is a local time, without an offset.", remedy)
        return None
    return found.replace(second=0, microsecond=0) if _within(spot, found.date()) else None


def _read(spot: Spot, written: str) -> datetime | None:
    example = "Write it like 2026-12-24 18:00."
    if day_in(written) is not None:
        spot.fault("A day alone does not say at which hour.", f"Write it like {written} 18:00.")
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        spot.fault(f"`{shorten(written)}` is not a day and a time.", example)
        return None


def _within(spot: Spot, day: date) -> bool:
    if not FIRST <= day.year <= LAST:
        spot.fault(f"This lies outside of {FIRST} … {LAST}.")
        return False
    return True


def day_in(written: str) -> date | None:
    """The day that a text is, if it is one and nothing else."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        return None


def day_or_time(spot: Spot) -> date | datetime | None:
    """What an exception names: a whole day, or one start."""
    written = spot.node.text.strip() if isinstance(spot.node, Scalar) else ""
    found = day_in(written)
    if found is not None:
        return found if _within(spot, found) else None
    return local(spot)


def day(spot: Spot) -> date | None:
    """A whole day."""
    written = text(spot)
    found = None if written is None else day_in(written.strip())
    if written is not None and found is None:
        spot.fault(f"`{shorten(written)}` is not a day.", "Write it like 2026-12-24.")
    return found if found is not None and _within(spot, found) else None


def lasting(spec: Record, start: datetime | None) -> tuple[timedelta, timedelta] | None:
    """The length that `end` or `duration` says: by the clock on the wall, and elapsed after that.
    Days and weeks are those of the calendar, hours and minutes elapse."""
    until, given = spec.get("end"), spec.get("duration")
    if until is not None and given is not None:
        given.fault("`end` and `duration` both say how long it lasts.", "Keep one of them.")
        return None
    if until is not None:
        end = local(until)
        return None if end is None or start is None else (end - start, timedelta())
    if given is None:
        spec.spot.fault("Nothing says how long it lasts.", "Add end: or duration: 8h.")
        return None
    return _length(given)


def _length(spot: Spot) -> tuple[timedelta, timedelta] | None:
    seconds = duration("mhdw")(spot)
    if seconds is None or not isinstance(spot.node, Scalar):
        return None
    whole = timedelta(seconds=seconds)
    return (whole, timedelta()) if spot.node.text[-1] in "dw" else (timedelta(), whole)


def notice(spot: Spot) -> timedelta | None:
    """How long before the start people are told; 0 for never."""
    if isinstance(spot.node, Scalar) and spot.node.text == "0":
        return timedelta()
    seconds = duration("mhdw", zero=True)(spot)
    if seconds is not None and seconds > 14 * SECONDS["d"]:
        spot.fault("Nobody remembers what was said more than 14 days ago.", "Write at most 14d.")
        return None
    return None if seconds is None else timedelta(seconds=seconds)
