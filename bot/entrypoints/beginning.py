"""A freeze that people set begins at once: `from 08:00` must not be taken to mean now."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.entrypoints.moments import moment
from bot.entrypoints.stretches import instant, stretch
from bot.errors import UserError

_OPENERS = frozenset({"from", "at", "between", "starting"})
_CLOCK = re.compile(r"\d{1,2}:\d{2}(?:[ap]m)?|\d{1,2}[ap]m")
_MINUTE = timedelta(minutes=1)


def refuse_later(words: Sequence[str], now: datetime, zone: str, command: str) -> None:
    """Raise UserError if the words that follow the scope in `command` begin with a time, as in
    `from 08:00 to 09:00 maintenance`: as a reason they would be read by nobody in time."""
    size = _named(words, now, zone)
    if not size:
        return
    length, taken = _lasting(words, now, zone)
    reason = " ".join(words[max(size, taken) :]) or "<reason>"
    said = " ".join(words[:size])
    sentence = (
        f"A freeze begins as soon as it is set, so it cannot wait for `{said}`: nothing is frozen."
        " Set it when it is time. One that begins by itself is a FreezeSchedule in the spec files."
    )
    raise UserError(sentence, f"{command} for {length} {reason}")


def _named(words: Sequence[str], now: datetime, zone: str) -> int:
    """How many words at the beginning say when it should begin; 0 if they do not."""
    if not words:
        return 0
    if words[0].lower() in _OPENERS:
        size = _size(words[1:], now, zone)
        return size and size + 1
    size = _size(words, now, zone)
    return size if size == 2 or _CLOCK.fullmatch(words[0].lower()) else 0


def _size(words: Sequence[str], now: datetime, zone: str) -> int:
    """How many words the time takes that they begin with."""
    for read in (moment, instant):
        try:
            return read(words, now, zone)[1]
        except UserError:
            continue
    return 0


def _lasting(words: Sequence[str], now: datetime, zone: str) -> tuple[str, int]:
    """How long it is meant to last, if they say so, and how many words that took."""
    opened = words if words[0].lower() == "from" else ["from", *words]
    try:
        start, end, size = stretch(opened, now, zone)
    except UserError:
        return "2h", 0
    # Hours of today that are over are meant for another day.
    minutes = (end - (max(start, now) if end > now else start)) // _MINUTE
    taken = size if opened is words else size - 1
    return (_length(minutes) if minutes > 0 else "2h"), taken


def _length(minutes: int) -> str:
    """`90` becomes `1h30m`."""
    hours, rest = divmod(minutes, 60)
    return f"{hours}h" * bool(hours) + f"{rest}m" * bool(rest)
