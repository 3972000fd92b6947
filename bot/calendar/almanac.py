"""What a schedule comes to between two instants."""

from collections.abc import Iterable, Iterator
from datetime import datetime, time, timedelta

from bot.calendar.holidays import stretches
from bot.calendar.recurrence import starts
from bot.calendar.wall import instant, length, local_time, stretch
from bot.decide.schedule import Dates, Occurrence, PublicHolidays, Schedule

_SLACK = timedelta(days=2)
"""More than any change of a clock."""


class Almanac:
    """Satisfies bot.ports.Calendar."""

    def occurrences(self, schedule: Schedule, since: datetime, until: datetime) -> list[Occurrence]:
        """Those that are not over at `since` and begin by `until`, in order. Of several with one
        start the longest counts."""
        found = (
            one for one in _all(schedule, since, until) if since < one.end and one.start <= until
        )
        longest: dict[datetime, Occurrence] = {}
        for one in found:
            known = longest.get(one.start)
            if known is None or known.end < one.end:
                longest[one.start] = one
        return [longest[start] for start in sorted(longest)]


def _all(schedule: Schedule, since: datetime, until: datetime) -> Iterator[Occurrence]:
    for dates in schedule.dates:
        yield from _of_dates(dates, schedule.reason, since, until)
    for holidays in schedule.holidays:
        yield from _of_holidays(holidays, schedule.reason, since, until)


def _of_dates(dates: Dates, reason: str, since: datetime, until: datetime) -> Iterable[Occurrence]:
    earliest = local_time(since, dates.zone) - length(dates) - _SLACK
    latest = local_time(until, dates.zone) + _SLACK
    for start in starts(dates):
        if start > latest:
            return
        if start >= earliest:
            yield Occurrence(*stretch(start, dates), dates.reason or reason)


def _of_holidays(
    rule: PublicHolidays, reason: str, since: datetime, until: datetime
) -> Iterable[Occurrence]:
    for first, after, names in stretches(rule, since.date(), until.date()):
        start, end = (instant(datetime.combine(day, time()), rule.zone) for day in (first, after))
        yield Occurrence(start, end, f"{reason} ({names})")
