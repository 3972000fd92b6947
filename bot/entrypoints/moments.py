"""Times as people write them: `2h`, `1h30m`, `fri 17:00`, `tomorrow 9:00`, `2026-12-24 18:00`."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.decide.freeze import Ending
from bot.errors import UserError

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(?:\d{1,4}[mhdw])+")
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_EXAMPLE = "for 2h, for 1d, until 17:00, until fri 17:00, until 2026-12-24 18:00"
LONGEST = timedelta(days=90)


def duration(word: str) -> timedelta:
    """`90m`, `2h`, `1h30m`, `3d`, `1w`. Raises UserError with an example."""
    text = word.lower()
    if not _LENGTH.fullmatch(text):
        raise UserError(f"`{word}` is not a length of time.", _EXAMPLE)
    seconds = sum(int(n) * _UNITS[u] for n, u in re.findall(r"(\d+)([mhdw])", text))
    if not 0 < seconds <= LONGEST.total_seconds():
        raise UserError(f"`{word}` is out of range: 1 minute to 90 days.", _EXAMPLE)
    return timedelta(seconds=seconds)


def known_zone(name: str) -> str:
    """The zone of that name if this machine knows it, else UTC; whoever reads a time is told which
    it is (`ending`)."""
    try:
        return ZoneInfo(name).key
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return "UTC"


def ending(until: Ending | None, zone: str) -> str:
    """A sentence that says which instant was understood: `until friday` is its first minute, in
    the person's zone. Empty for a length, which begins when it takes effect."""
    if not isinstance(until, datetime):
        return ""
    return f"It ends on {until.astimezone(ZoneInfo(zone)):%A %d %B %Y at %H:%M} ({zone})."


def moment(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int]:
    """The instant that the first one, two or three words name in `zone`, and how many words it
    took. The next one is meant: `fri 17:00` on a Friday evening is in a week. Raises UserError."""
    local = now.astimezone(ZoneInfo(known_zone(zone)))
    for size in (2, 1):
        found = _read(tuple(w.lower() for w in words[:size]), local) if len(words) >= size else None
        if found is not None:
            _check(found, now, " ".join(words[:size]))
            return found, size
    said = " ".join(words[:2]) or "nothing"
    raise UserError(f"I do not understand the time `{said}`.", _EXAMPLE)


def _read(words: tuple[str, ...], local: datetime) -> datetime | None:
    if len(words) == 2:
        return _day_and_clock(*words, local)
    word = words[0]
    if "t" in word and "-" in word:
        return _iso(word, local)
    hour = _clock(word)
    if hour is None:
        return _day_and_clock(word, "0:00", local)
    today = _at(local.date(), hour, local)
    return today if today > local else _at(local.date() + timedelta(1), hour, local)


def _day_and_clock(day: str, clock: str, local: datetime) -> datetime | None:
    hour = _clock(clock)
    if hour is None:
        return None
    if day in ("today", "tomorrow"):
        return _at(local.date() + timedelta(days=day == "tomorrow"), hour, local)
    if day[:3] in _DAYS and len(day) > 2 and _weekday(day):
        ahead = (_DAYS.index(day[:3]) - local.weekday()) % 7
        found = _at(local.date() + timedelta(days=ahead), hour, local)
        return found if found > local else _at(found.date() + timedelta(days=7), hour, local)
    try:
        return _at(date.fromisoformat(day), hour, local)
    except ValueError:
        return None


def _weekday(word: str) -> bool:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return any(name.startswith(word) for name in full)


def _clock(word: str) -> tuple[int, int] | None:
    found = re.fullmatch(r"(\d{1,2}):(\d{2})", word)
    if not found:
        return None
    hour, minute = int(found[1]), int(found[2])
    return (hour, minute) if hour < 24 and minute < 60 else None


def _iso(word: str, local: datetime) -> datetime | None:
    try:
        found = datetime.fromisoformat(word.upper())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=local.tzinfo)


def _at(day: date, clock: tuple[int, int], local: datetime) -> datetime:
    return datetime(day.year, day.month, day.day, *clock, tzinfo=local.tzinfo)


def _check(found: datetime, now: datetime, said: str) -> None:
    if found <= now:
        raise UserError(f"`{said}` is in the past.", _EXAMPLE)
    if found - now > LONGEST:
        raise UserError(f"`{said}` is more than 90 days away.", _EXAMPLE)
