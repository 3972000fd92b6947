"""Whether dates can be meant: how long a freeze is, and how often it comes back."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice, pairwise, takewhile

from bot.calendar.recurrence import starts
from bot.calendar.wall import length
from bot.decide.schedule import HORIZON, LONGEST, Dates

MOST = 200
"""Starts in the time for which freezes are stored ahead: more than three a day."""

Fault = tuple[str, str, str]
"""What of `start`, `length`, `rule`, `except` is wrong; the problem; the remedy."""


def check_dates(dates: Dates) -> Iterator[Fault]:
    """Everything that is wrong with them; `start` need not be one of the rule's for what is read
    from a calendar (then it is among `also`)."""
    lasts = length(dates)
    if lasts <= timedelta():
        yield "length", "The freeze ends no later than it begins.", "Let it end after its start."
        return
    if lasts > LONGEST:
        problem = f"A freeze of {lasts.days} days is longer than {LONGEST.days} days."
        yield "length", problem, "Split it, or freeze by hand until somebody lifts it."
        return
    whole = _without_exceptions(dates)
    first = list(islice(starts(whole), MOST + 1))
    if not first:
        yield "rule", "This recurrence never occurs.", "Look at the rule's days, months and end."
        return
    if first[0] != dates.start:
        problem = f"The start ({_said(dates.start)}) is none of the rule's own."
        yield "start", problem, f"The first one after it is {_said(first[0])}: write that."
    yield from _too_close(first, lasts)
    yield from _idle(dates, whole)


def _without_exceptions(dates: Dates) -> Dates:
    return Dates(dates.start, dates.zone, rule=dates.rule, last=dates.last, also=dates.also)


def _too_close(first: list[datetime], lasts: timedelta) -> Iterator[Fault]:
    if len(first) > MOST and first[-1] - first[0] <= HORIZON:
        problem = f"This begins more than {MOST} times in {HORIZON.days} days."
        yield "rule", problem, "Freeze longer stretches less often."
        return
    for before, after in pairwise(first):
        if after - before < lasts:
            problem = (
                f"The freeze that begins on {_said(before)} is not over when the next begins, on "
                f"{_said(after)}: releases might never go."
            )
            yield "length", problem, "Let it be shorter, or recur less often."
            return


def _idle(dates: Dates, whole: Dates) -> Iterator[Fault]:
    """Exceptions that except nothing are slips."""
    for one in sorted(dates.except_starts):
        if one not in _upto(whole, one):
            yield "except", f"There is no start at {_said(one)}.", _near(whole, one.date())
    for day in sorted(dates.except_days):
        end = datetime.combine(day, datetime.max.time())
        if not any(start.date() == day for start in _upto(whole, end)):
            yield "except", f"Nothing begins on {day:%a} {day}.", _near(whole, day)


def _upto(dates: Dates, end: datetime) -> Iterator[datetime]:
    return takewhile(lambda start: start <= end, starts(dates))


def _near(dates: Dates, day: date) -> str:
    """The starts before and after that day."""
    before = after = None
    for start in starts(dates):
        if start.date() > day:
            after = start
            break
        before = start
    found = " and ".join(_said(one) for one in (before, after) if one is not None)
    return f"The nearest: {found}."


def _said(at: datetime) -> str:
    return f"{at:%a %Y-%m-%d %H:%M}"
