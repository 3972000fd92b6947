"""What dates come to: recurrences, public holidays, iCalendar. Computes with libraries; no I/O."""

from bot.calendar.almanac import Almanac
from bot.calendar.faults import Misdated
from bot.calendar.holidays import check_place
from bot.calendar.reading import read_events
from bot.calendar.recurrence import read_rule, starts
from bot.calendar.shape import check_dates
from bot.calendar.wall import instant, local_time
from bot.calendar.writing import Entry, write_calendar

__all__ = [
    "Almanac",
    "Entry",
    "Misdated",
    "check_dates",
    "check_place",
    "instant",
    "local_time",
    "read_events",
    "read_rule",
    "starts",
    "write_calendar",
]
