"""timeWindow: the last so many days, or whole calendar units in a zone."""

import re
from datetime import datetime
from functools import cache
from zoneinfo import available_timezones

from bot.judge.objective import Calendar, Rolling, Unit, Window
from bot.spec.nodes import Listing, Scalar
from bot.spec.spot import Record, Spot, close, listing, not_yet, record, shorten
from bot.spec.values import duration, flag, text

_UNITS = {"d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "M": Unit.MONTH} | {
    "Q": Unit.QUARTER,
    "Y": Unit.YEAR,
}
"""OpenSLO's own example writes `1m` for a calendar month; there are no calendar minutes."""
_MOST = {Unit.DAY: 400, Unit.WEEK: 57, Unit.MONTH: 13, Unit.QUARTER: 4, Unit.YEAR: 1}
"""What the ledger keeps."""
_CALENDAR = re.compile(r"(\d{1,9})([dwmMQY])")
_EXAMPLE = "timeWindow: [{duration: 28d, isRolling: true}]"


def read_window(spot: Spot) -> Window | None:
    """The one time window of an SLO."""
    found = listing(spot)
    if len(found) != 1:
        if found:
            not_yet(found[1], "More than one timeWindow", "Write one SLO per window.")
        elif isinstance(spot.node, Listing):
            spot.fault("There is no window.", f"Write {_EXAMPLE}.")
        return None
    window = record(found[0], "duration", "isRolling", "calendar")
    if window is None:
        return None
    calendar = window.get("calendar")
    rolling = window.read("isRolling", flag)
    if calendar is None:
        if rolling is False:
            remedy = "Write isRolling: true, or add calendar: {startTime: …, timeZone: …}."
            window.spot.fault("A window that does not roll needs a calendar.", remedy)
            return None
        return window.need("duration", _rolling, "duration: 28d")
    if rolling:
        calendar.fault("A rolling window has no calendar.", "Keep isRolling: true or calendar.")
        return None
    return _calendar(window, calendar)


def _rolling(spot: Spot) -> Rolling | None:
    written = spot.node.text if isinstance(spot.node, Scalar) else ""
    if written[-1:] in ("M", "Q", "Y"):
        not_yet(
            spot,
            f"A rolling window of `{shorten(written)}`",
            "Months differ in length: write 30d, or add calendar: {startTime: …, timeZone: …}.",
        )
        return None
    seconds = duration("mhdw")(spot)
    if seconds is not None and seconds < 3_600:
        spot.fault("A budget needs a window of at least an hour.", "Write it like 7d or 28d.")
        return None
    return None if seconds is None else Rolling(seconds, written)


def _calendar(window: Record, calendar: Spot) -> Calendar | None:
    length = window.need("duration", _units, "duration: 1M")
    found = record(calendar, "startTime", "timeZone")
    if found is None:
        return None
    start = found.need("startTime", _start, "startTime: 2026-01-01 00:00:00")
    hangs = found.need("timeZone", zone, "timeZone: Europe/Berlin")
    if length is None or start is None or hangs is None:
        return None
    count, unit = length
    return Calendar(count, unit, start, hangs, f"{count}{unit}")


def _units(spot: Spot) -> tuple[int, Unit] | None:
    parts = _CALENDAR.fullmatch(spot.node.text) if isinstance(spot.node, Scalar) else None
    if parts is None:
        spot.fault("This is not a number of calendar units.", "Write it like 1d, 1w, 1M, 1Q, 1Y.")
        return None
    count, unit = int(parts[1]), _UNITS[parts[2]]
    if not 1 <= count <= _MOST[unit]:
        spot.fault(
            "Nothing is kept for longer than 400 days.", f"Write 1{unit} … {_MOST[unit]}{unit}."
        )
        return None
    return count, unit


def _start(spot: Spot) -> datetime | None:
    written = text(spot)
    if written is None:
        return None
    try:
        found = datetime.fromisoformat(written.strip())
    except ValueError:
        spot.fault(f"`{shorten(written)}` is not a time.", "Write it like 2026-01-01 00:00:00.")
        return None
    if found.tzinfo is not None:
        remedy = "Leave the offset out; timeZone says where the clock hangs."
        spot.fault("startTime is a local time, without an offset.", remedy)
        return None
    if not 1970 <= found.year <= 2100:
        spot.fault("startTime lies outside of 1970 … 2100.")
        return None
    return found.replace(microsecond=0)


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones()) - {"Factory", "localtime", "posixrules"}


def zone(spot: Spot) -> str | None:
    """The IANA name of a time zone that there is."""
    written = text(spot)
    if written is None or written in _zones():
        return written
    spot.fault(f"There is no time zone `{shorten(written)}`.", _near_zone(written))
    return None


def _near_zone(written: str) -> str:
    near = close(written, _zones(), cutoff=0.7)
    return f"Did you mean `{near}`?" if near else "Write an IANA name, like Europe/Berlin."
