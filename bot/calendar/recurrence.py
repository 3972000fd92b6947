"""Recurrences: RRULE of RFC 5545, section 3.3.10, in local time."""

import re
from collections.abc import Iterator
from datetime import datetime, time
from difflib import get_close_matches
from functools import lru_cache
from heapq import merge
from itertools import takewhile

from dateutil.rrule import rrule, rrulestr

from bot.calendar.faults import Misdated
from bot.calendar.wall import local_time
from bot.decide.schedule import Dates

FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
EXAMPLE = "FREQ=WEEKLY;BYDAY=FR"
_DAY = "(?:MO|TU|WE|TH|FR|SA|SU)"
_PARTS = {
    "FREQ": "|".join(FREQUENCIES),
    "INTERVAL": r"[1-9]\d{0,2}",
    "COUNT": r"[1-9]\d{0,4}",
    "UNTIL": r"\d{8}(?:T\d{6}Z?)?",
    "BYMONTH": r"0?[1-9]|1[0-2]",
    "BYMONTHDAY": r"[+-]?(?:0?[1-9]|[12]\d|3[01])",
    "BYYEARDAY": r"[+-]?(?!0+$)(?:[0-2]?\d?\d|3[0-5]\d|36[0-6])",
    "BYWEEKNO": r"[+-]?(?:0?[1-9]|[1-4]\d|5[0-3])",
    "BYDAY": rf"(?:[+-]?(?:0?[1-9]|[1-4]\d|5[0-3]))?{_DAY}",
    "BYSETPOS": r"[+-]?(?!0+$)(?:[0-2]?\d?\d|3[0-5]\d|36[0-6])",
    "BYHOUR": r"[01]?\d|2[0-3]",
    "BYMINUTE": r"[0-5]?\d",
    "BYSECOND": r"[0-5]?\d",
    "WKST": _DAY,
}
"""What each part may say; parts that begin with BY may say several of these."""
_SINGLE = ("BYMINUTE", "BYSECOND")
_AGES = 7_600
"""Years. The calendar repeats every 400, and dateutil looks for the next start up to the year 9999:
near that end it gives up on a rule that never occurs in half a second instead of half a minute."""


def read_rule(text: str, zone: str) -> tuple[str, datetime | None]:
    """A rule in normal form without its UNTIL, and that, as a local time. Raises Misdated."""
    parts = _parts(text)
    if "FREQ" not in parts:
        raise Misdated("The rule does not say how often.", f"Write it like {EXAMPLE}.")
    if "COUNT" in parts and "UNTIL" in parts:
        raise Misdated("COUNT and UNTIL both say when it ends.", "Keep one of them.")
    numbered = re.search(r"\d", parts.get("BYDAY", ""))
    if numbered and parts["FREQ"] in ("DAILY", "WEEKLY"):
        remedy = "Write FREQ=MONTHLY for the first Monday of a month, or BYDAY=MO for every Monday."
        raise Misdated(f"A numbered day does not fit FREQ={parts['FREQ']}.", remedy)
    last = _last(parts.pop("UNTIL"), zone) if "UNTIL" in parts else None
    return ";".join(f"{name}={value}" for name, value in parts.items()), last


def _parts(text: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for piece in text.strip().removeprefix("RRULE:").rstrip(";").split(";"):
        name, equals, value = (part.strip().upper() for part in piece.partition("="))
        if name not in _PARTS or not equals:
            near = get_close_matches(name, _PARTS, n=1)
            remedy = f"Did you mean {near[0]}?" if near else f"Write it like {EXAMPLE}."
            raise Misdated(f"`{piece[:40]}` is not a part of a rule.", remedy)
        if name in found:
            raise Misdated(f"{name} stands here twice.", "Keep one.")
        _check(name, value)
        found[name] = value
    return found


def _check(name: str, value: str) -> None:
    several = name.startswith("BY") and name not in _SINGLE
    values = value.split(",") if several else [value]
    for one in values:
        if re.fullmatch(_PARTS[name], one) is None:
            raise Misdated(f"`{one[:40]}` does not fit {name}.", _hint(name))


def _hint(name: str) -> str:
    if name == "FREQ":
        return f"A freeze can recur {', '.join(FREQUENCIES[:-1])} or {FREQUENCIES[-1]}."
    examples = {
        "INTERVAL": "INTERVAL=2, at most 999",
        "COUNT": "COUNT=10, at most 99999",
        "UNTIL": "UNTIL=20271231T235959",
        "BYDAY": "BYDAY=FR, BYDAY=MO,TU or BYDAY=-1FR for the last Friday",
        "WKST": "WKST=MO",
    }
    return f"Write it like {examples.get(name, f'{name}=1')}."


def _last(text: str, zone: str) -> datetime | None:
    """A date alone includes its whole day; with Z it is UTC, else local."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise Misdated(f"There is no day or time `{text}`.", _hint("UNTIL")) from None
    if len(text) == 8:
        return datetime.combine(found.date(), time(23, 59, 59))
    return found if found.tzinfo is None else local_time(found, zone)


def starts(dates: Dates) -> Iterator[datetime]:
    """All starts in order, local; each once, without those that are left out."""
    before = None
    for start in merge(_recurring(dates), sorted(dates.also)):
        left_out = start in dates.except_starts or start.date() in dates.except_days
        if start != before and not left_out:
            yield start
        before = start


def _recurring(dates: Dates) -> Iterator[datetime]:
    if not dates.rule:
        return iter((dates.start,))
    found = (_moved(at, -_AGES) for at in _compiled(dates.rule, dates.start))
    last = dates.last
    return found if last is None else takewhile(lambda at: at <= last, found)


@lru_cache(maxsize=256)
def _compiled(rule: str, start: datetime) -> rrule:
    found = rrulestr(rule, dtstart=_moved(start, _AGES), cache=True)
    if not isinstance(found, rrule):
        raise TypeError(f"{rule} is a set of rules")
    return found


def _moved(at: datetime, years: int) -> datetime:
    return at.replace(year=at.year + years)
