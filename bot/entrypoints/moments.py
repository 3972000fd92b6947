"""Times as people write them: `2h`, `1h30m`, `fri 17:00`, `tomorrow 5pm`, `2026-12-24 18:00`."""

import re
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.decide.freeze import Ending
from bot.errors import UserError
from bot.judge.dates import instant
from bot.judge.verdict import span

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800}
_LENGTH = re.compile(r"(?:\d{1,4}[mhdw])+")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})|(\d{1,2})(?::(\d{2}))?([ap])m")
_LIKE_A_CLOCK = re.compile(
    r"(?:at|noon|midnight|\d{1,2}(?:[:.h]\d*)?(?:[ap]\.?m\.?|h|uhr|z|utc)?|[0-2]\d[0-5]\d)[,;]?"
)
"""Nobody who writes this after a day means the first minute of that day."""
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


def ending(until: Ending | None, lead: str = "It ends") -> str:
    """A sentence that says which instant was understood: `until friday` is its first minute, in
    the person's zone. Of a length, from when on it counts. Empty where no end was named."""
    if until is None:
        return ""
    if isinstance(until, timedelta):
        return f"It lasts {span(int(until.total_seconds()))}, counted from the approval."
    return f"{lead} {instant(until)}."


def whole(words: Sequence[str], now: datetime, zone: str) -> Ending:
    """The length or the instant that all of the words name. Raises UserError, also for words that
    would be left over."""
    word = words[0].lower() if len(words) == 1 else ""
    if word[:1].isdecimal() and word[-1] in _UNITS and _clock(word) is None:
        return duration(word)
    found, size = moment(words, now, zone)
    if size < len(words):
        said, rest = " ".join(words[:size]), " ".join(words[size:])
        raise UserError(f"I understand `{said}`, but not `{rest}` after it.", _EXAMPLE)
    return found


def moment(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int]:
    """The instant that the first one or two words name in `zone`, and how many words it took. The
    next one is meant: `fri 17:00` on a Friday evening is in a week. Raises UserError, also where
    the word after a day is half a time, or the day comes after the time."""
    local = now.astimezone(ZoneInfo(known_zone(zone)))
    low = [word.lower() for word in words[:2]]
    for size in (2, 1):
        found = _read(tuple(low[:size]), local) if len(low) >= size else None
        if found is not None:
            _check(found, now, " ".join(words[:size]))
            _whole_time(low, size)
            return found, size
    said = " ".join(words[:2]) or "nothing"
    raise UserError(f"I do not understand the time `{said}`.", _EXAMPLE)


def _whole_time(low: Sequence[str], size: int) -> None:
    """What follows a time of one word is not another piece of it."""
    if len(low) == size:
        return
    first, after = low
    if _clock(first) and (after in ("today", "tomorrow") or _is_weekday(after)):
        raise UserError(f"Write the day first: `{after} {first}`.", _EXAMPLE)
    if not (_clock(first) or _is_iso(first)) and _LIKE_A_CLOCK.fullmatch(after):
        raise UserError(f"I do not understand the time `{after}` after `{first}`.", _EXAMPLE)


def _read(words: tuple[str, ...], local: datetime) -> datetime | None:
    if len(words) == 2:
        return _day_and_clock(*words, local)
    word = words[0]
    if _is_iso(word):
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
    if _is_weekday(day):
        ahead = (_DAYS.index(day[:3]) - local.weekday()) % 7
        found = _at(local.date() + timedelta(days=ahead), hour, local)
        return found if found > local else _at(found.date() + timedelta(days=7), hour, local)
    try:
        return _at(date.fromisoformat(day), hour, local)
    except ValueError:
        return None


def _is_weekday(word: str) -> bool:
    full = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    return len(word) > 2 and any(name.startswith(word) for name in full)


def _clock(word: str) -> tuple[int, int] | None:
    found = _CLOCK.fullmatch(word)
    if not found:
        return None
    if found[5]:  # 12am is midnight, 12pm is noon
        hour, minute = int(found[3]), int(found[4] or 0)
        known = 1 <= hour <= 12
        hour = hour % 12 + (12 if found[5] == "p" else 0)
    else:
        hour, minute, known = int(found[1]), int(found[2]), True
    return (hour, minute) if known and hour < 24 and minute < 60 else None


def _is_iso(word: str) -> bool:
    return "t" in word and "-" in word


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
