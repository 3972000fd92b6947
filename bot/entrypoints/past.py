"""Times gone by as people write them: `7d`, `yesterday`, `2026-03-01`, `2026-03-01 14:00`."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.entrypoints.moments import known_zone
from bot.errors import UserError

_UNITS = {"m": 60, "h": 3_600, "d": 86_400, "w": 604_800, "y": 31_557_600}
_LENGTH = re.compile(r"(?:\d{1,4}[mhdwy])+")
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_CLOCK = re.compile(r"(\d{1,2}):(\d{2})")
_EXAMPLE = "since 7d, since yesterday, since 2026-03-01, until 2026-03-01 14:00"
_FIRST = datetime(2000, 1, 1, tzinfo=UTC)


def past(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int]:
    """The instant that the first one or two words name, looking back from `now`, and how many words
    it took. A length is so long ago; a date is its first minute, in `zone`, like a time without an
    offset. Raises UserError."""
    if not words:
        raise UserError("Since when, or until when?", _EXAMPLE)
    low = words[0].lower()
    if _LENGTH.fullmatch(low):
        seconds = sum(int(n) * _UNITS[unit] for n, unit in re.findall(r"(\d+)([mhdwy])", low))
        return max(_FIRST, now - timedelta(seconds=min(seconds, 10**10))), 1
    local = now.astimezone(ZoneInfo(known_zone(zone)))
    day = _day(low, local)
    if day is None:
        return _instant(words[0], local), 1
    clock = _CLOCK.fullmatch(words[1]) if len(words) > 1 else None
    if clock is None:
        return day.astimezone(UTC), 1
    try:
        at = day.replace(hour=int(clock[1]), minute=int(clock[2]))
    except ValueError:
        raise _unclear(f"{words[0]} {words[1]}") from None
    return at.astimezone(UTC), 2


def _day(word: str, local: datetime) -> datetime | None:
    """The first minute of the day that a word names; None if it names none."""
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    if word in ("today", "yesterday"):
        return midnight - timedelta(days=word == "yesterday")
    if not _DATE.fullmatch(word):
        return None
    try:
        return datetime.fromisoformat(word).replace(tzinfo=local.tzinfo)
    except ValueError:
        raise _unclear(word) from None


def _instant(word: str, local: datetime) -> datetime:
    try:
        found = datetime.fromisoformat(word)
        return (found if found.tzinfo else found.replace(tzinfo=local.tzinfo)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise _unclear(word) from None


def _unclear(word: str) -> UserError:
    return UserError(f"I do not understand the time `{word}`.", _EXAMPLE)
