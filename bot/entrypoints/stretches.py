"""Stretches of time as people write them, in the past or ahead: `from yesterday 14:00 to 16:00`."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.entrypoints.moments import duration, known_zone
from bot.entrypoints.past import past
from bot.errors import UserError

EXAMPLE = "from yesterday 14:00 to 16:00, from 2026-03-01 22:00 for 3h, from 2h to now"
_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def stretch(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, datetime, int]:
    """Start and end of `from … to …` or `from … for …`, and how many words they took. Times without
    an offset are meant in `zone`; an end that is only a time of day is the next one after the
    start. Raises UserError with an example."""
    if not words or words[0].lower() != "from":
        raise UserError("From when?", EXAMPLE)
    start, size = _instant(words[1:], now, zone, None)
    rest = words[1 + size :]
    opener = rest[0].lower() if rest else ""
    if opener == "for" and len(rest) > 1:
        return start, start + duration(rest[1]), size + 3
    if opener not in ("to", "until") or len(rest) < 2:
        raise UserError("Until when, or for how long?", EXAMPLE)
    end, more = _instant(rest[1:], now, zone, start)
    return start, end, 1 + size + 1 + more


def fields(since: str, until: str, now: datetime, zone: str) -> tuple[datetime, datetime]:
    """The same from the two fields of a form. Raises UserError, also for words left over."""
    begin = [word for word in since.split() if word.lower() != "from"]
    end = until.split()
    opener = end[:1] if end and end[0].lower() in ("to", "until", "for") else ["to"]
    tail = end[1:] if opener == end[:1] else end
    words = ["from", *begin, *opener, *tail]
    start, finish, size = stretch(words, now, zone)
    if size < len(words):
        raise UserError(f"I do not understand `{' '.join(words[size:])}`.", EXAMPLE)
    return start, finish


def instant(words: Sequence[str], now: datetime, zone: str) -> tuple[datetime, int]:
    """An instant of the past (`10:04`, `yesterday 14:00`, `2h`, `now`), and how many words it took.
    Raises UserError with an example."""
    return _instant(words, now, zone, None)


def _instant(
    words: Sequence[str], now: datetime, zone: str, after: datetime | None
) -> tuple[datetime, int]:
    """An instant and the number of its words; `after`: a mere time of day is the next one then."""
    if not words:
        raise UserError("A time is missing.", EXAMPLE)
    low = words[0].lower()
    if low == "now":
        return now.astimezone(UTC), 1
    local = now.astimezone(ZoneInfo(known_zone(zone)))
    _no_weekday(low, local)
    if ":" in low and "-" not in low:
        return _time_of_day(low, after or now, after, zone), 1
    if low == "tomorrow":
        words = [f"{local.date() + timedelta(days=1)}", *words[1:]]
    try:
        return past(words, now, zone)
    except UserError as error:
        raise UserError(error.sentence, EXAMPLE) from None


def _time_of_day(word: str, near: datetime, after: datetime | None, zone: str) -> datetime:
    day = near.astimezone(ZoneInfo(known_zone(zone))).date()
    for each in (day, day + timedelta(days=1)):
        try:
            found, _ = past([f"{each}", word], near, zone)
        except UserError:
            break
        if after is None or found > after:
            return found
    raise UserError(f"I do not understand the time `{word}`.", EXAMPLE)


def _no_weekday(word: str, local: datetime) -> None:
    """It could be the last one or the next one: a wrong guess would be approved unseen."""
    named = next((n for n, day in enumerate(_DAYS) if word in (day, day[:3])), None)
    if named is None:
        return
    back = (local.weekday() - named) % 7 or 7
    last = local.date() - timedelta(days=back)
    sentence = f"`{word}` may be {last} or {last + timedelta(days=7)}: write the date."
    raise UserError(sentence, f"from {last} 14:00 to 16:00")
