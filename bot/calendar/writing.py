"""Freezes as an iCalendar text, for everybody's calendar. Source: RFC 5545. The library is loaded
when one is written."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from icalendar import Event

PRODUCT = "-//Burnban//Freezes//EN"
REFRESH = timedelta(minutes=15)
"""How often a calendar that subscribes is asked to look."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One freeze: its number makes an identity that no edit changes."""

    number: int
    version: int
    summary: str
    description: str
    start: datetime
    end: datetime
    """Of a freeze without an end: until when it is shown."""


def write_calendar(entries: Iterable[Entry], now: datetime, home: str = "burnban") -> str:
    """The text of a calendar, lines ended as the RFC wants. `home`: what sets the freezes of this
    installation apart from those of others."""
    from icalendar import Calendar

    calendar = Calendar()
    calendar.add("PRODID", PRODUCT)
    calendar.add("VERSION", "2.0")
    calendar.add("METHOD", "PUBLISH")
    calendar.add("NAME", "Freezes of releases")
    calendar.add("X-WR-CALNAME", "Freezes of releases")
    calendar.add("REFRESH-INTERVAL", REFRESH, parameters={"VALUE": "DURATION"})
    for entry in entries:
        calendar.add_component(_event(entry, now, home))
    return str(calendar.to_ical(), "utf-8")


def _event(entry: Entry, now: datetime, home: str) -> "Event":
    from icalendar import Event

    event = Event()
    event.add("UID", f"freeze-{entry.number}@{home}")
    event.add("SEQUENCE", entry.version - 1)
    event.add("DTSTAMP", _whole(now))
    event.add("DTSTART", _whole(entry.start))
    event.add("DTEND", _whole(entry.end))
    event.add("SUMMARY", entry.summary)
    event.add("DESCRIPTION", entry.description)
    event.add("CATEGORIES", ["freeze"])
    event.add("TRANSP", "TRANSPARENT")
    return event


def _whole(at: datetime) -> datetime:
    """UTC, in whole seconds: iCalendar has no smaller ones."""
    return at.astimezone(UTC).replace(microsecond=0)
