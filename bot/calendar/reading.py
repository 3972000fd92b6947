"""Events of an iCalendar file as dates. Source: RFC 5545. The library is loaded when a calendar is
read: most specs name none."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from bot.calendar.faults import Misdated
from bot.calendar.recurrence import read_rule, starts
from bot.calendar.shape import check_dates
from bot.calendar.wall import local_time
from bot.decide.schedule import Dates

MOST = 1_000
"""Events of a file."""
_READ = ("DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "RECURRENCE-ID")
_NAME = 200
"""Characters of an event's summary."""


@dataclass(frozen=True, slots=True)
class EventFault:
    """What is wrong with an event, and where it begins."""

    line: int
    event: str
    problem: str
    remedy: str


def read_events(text: str, zone: str = "") -> tuple[list[Dates], list[EventFault]]:
    """The dates of all events that are not cancelled. `zone`: in which times without one, and whole
    days, are meant; empty: they are faults."""
    from icalendar import Calendar

    try:
        events = Calendar.from_ical(text).walk("VEVENT")
    except (ValueError, KeyError, IndexError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else "it cannot be read"
        return [], [EventFault(1, "", f"This is not iCalendar: {reason}.", "Export it anew.")]
    if not 0 < len(events) <= MOST:
        problem = f"There are {len(events)} events in it; 1 to {MOST:,} can be read."
        return [], [EventFault(1, "", problem, "Name the calendar that holds the freezes.")]
    lines = [n for n, line in enumerate(text.splitlines(), 1) if _BEGIN.fullmatch(line)]
    found: list[_Read] = []
    faults: list[EventFault] = []
    for event, line in zip(events, lines, strict=False):
        try:
            found.append(_event(event, zone, line))
        except Misdated as error:
            faults.append(EventFault(line, _summary(event), error.problem, error.remedy))
    return _kept(found, faults), faults


_BEGIN = re.compile(r"\s*BEGIN:VEVENT\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Read:
    uid: str
    dates: Dates
    further: tuple[Dates, ...]
    """Periods that the event lists besides."""
    instead: datetime | None
    """For an event that takes the place of one of a recurrence: that one's start, local."""
    cancelled: bool
    line: int


def _kept(found: list[_Read], faults: list[EventFault]) -> list[Dates]:
    """Without what is cancelled or has moved elsewhere."""
    gone: dict[str, set[datetime]] = {}
    for one in found:
        if one.instead is not None:
            gone.setdefault(one.uid, set()).add(one.instead)
    kept: list[Dates] = []
    for one in found:
        if one.cancelled:
            continue
        dates = one.dates
        if one.instead is None and one.uid in gone:
            moved = frozenset(gone[one.uid] & _starts_by(dates, max(gone[one.uid])))
            dates = replace(dates, except_starts=dates.except_starts | moved)
        for each in (dates, *one.further):
            checked = replace(each, except_starts=frozenset(), except_days=frozenset())
            wrong = [EventFault(one.line, each.reason, p, r) for _, p, r in check_dates(checked)]
            faults.extend(wrong)
            kept.append(each)
    return kept


def _starts_by(dates: Dates, last: datetime) -> set[datetime]:
    found = set()
    for start in starts(dates):
        if start > last:
            break
        found.add(start)
    return found


def _event(event: Any, zone: str, line: int) -> _Read:
    for name, problem in event.errors:
        if name in _READ:
            raise Misdated(f"{name} cannot be read: {problem}.", "Export the calendar anew.")
    for name in _READ[:4]:
        if isinstance(event.get(name), list):
            raise Misdated(f"{name} stands there more than once.", "Keep one.")
    begin = event.get("DTSTART")
    if begin is None:
        raise Misdated("It has no DTSTART.", "Say when it begins.")
    start, home = _local(begin, zone)
    wall, exact = _length(event, start, home)
    dates = Dates(start, home, wall, exact, reason=_summary(event))
    if "RRULE" in event:
        dates = _recurring(dates, event["RRULE"].to_ical().decode())
    also, further = _further(event, dates)
    return _Read(
        str(event.get("UID", "")),
        replace(dates, also=also, **_exceptions(event, home)),
        further,
        _instead(event, home),
        str(event.get("STATUS", "")).upper() == "CANCELLED",
        line,
    )


def _recurring(dates: Dates, text: str) -> Dates:
    rule, last = read_rule(text, dates.zone)
    return replace(dates, rule=rule, last=last)


def _local(value: Any, zone: str, home: str = "") -> tuple[datetime, str]:
    """A value's local time, and its zone; in `home`, if that is given."""
    at = value.dt
    if not isinstance(at, datetime):
        return datetime.combine(at, time()), home or _needed(zone, "A whole day")
    if at.tzinfo is None:
        named = value.params.get("TZID", "")
        if named:
            raise Misdated(f"There is no time zone `{named[:60]}`.", "Use IANA names.")
        return at, home or _needed(zone, f"{at:%Y-%m-%d %H:%M}")
    key = "UTC" if at.utcoffset() == timedelta() and at.tzname() == "UTC" else _key(at, value)
    return (local_time(at, home), home) if home else (at.replace(tzinfo=None, fold=0), key)


def _key(at: datetime, value: Any) -> str:
    key = getattr(at.tzinfo, "key", None)
    if key is None:
        named = str(value.params.get("TZID", at.tzinfo))
        raise Misdated(f"`{named[:60]}` is no IANA time zone.", "Use names like Europe/Berlin.")
    return str(key)


def _needed(zone: str, what: str) -> str:
    if not zone:
        remedy = "Write timeZone: Europe/Berlin (or yours) beside the name of the calendar."
        raise Misdated(f"{what} is meant in some time zone, and none is named.", remedy)
    return zone


def _length(event: Any, start: datetime, home: str) -> tuple[timedelta, timedelta]:
    """By the clock on the wall, and elapsed after that."""
    if "DTEND" in event:
        end, _ = _local(event["DTEND"], home, home)
        return end - start, timedelta()
    if "DURATION" in event:
        whole = event["DURATION"].dt
        days = timedelta(days=whole.days)
        return days, whole - days
    if isinstance(event["DTSTART"].dt, datetime):
        raise Misdated("It does not say how long it lasts.", "Give it an end.")
    return timedelta(days=1), timedelta()


def _further(event: Any, dates: Dates) -> tuple[tuple[datetime, ...], tuple[Dates, ...]]:
    """What is listed beside the rule. The first start counts also where the rule leaves it out."""
    also = [dates.start] if dates.rule else []
    further = []
    for value in _values(event, "RDATE"):
        if isinstance(value.dt, tuple):
            begin, end = value.dt
            start = local_time(begin, dates.zone) if begin.tzinfo else begin
            lasts = end if isinstance(end, timedelta) else end - begin
            further.append(Dates(start, dates.zone, exact=lasts, reason=dates.reason))
        else:
            also.append(_local(value, dates.zone, dates.zone)[0])
    return tuple(also), tuple(further)


def _exceptions(event: Any, home: str) -> dict[str, Any]:
    values = list(_values(event, "EXDATE"))
    return {
        "except_days": frozenset(v.dt for v in values if _day(v.dt)),
        "except_starts": frozenset(_local(v, home, home)[0] for v in values if not _day(v.dt)),
    }


def _day(value: date) -> bool:
    return not isinstance(value, datetime)


def _instead(event: Any, home: str) -> datetime | None:
    value = event.get("RECURRENCE-ID")
    if value is None:
        return None
    if value.params.get("RANGE"):
        raise Misdated("A change of all later dates at once is not read.", "End the old series.")
    return _local(value, home, home)[0]


def _values(event: Any, name: str) -> Iterator[Any]:
    """A property may stand several times, each with several values."""
    found = event.get(name, [])
    for one in found if isinstance(found, list) else [found]:
        yield from one.dts


def _summary(event: Any) -> str:
    return " ".join(str(event.get("SUMMARY", "")).split())[:_NAME]
