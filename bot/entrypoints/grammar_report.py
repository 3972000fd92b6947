"""What follows `/budget report`: a team, and the month that is meant."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.month import Month, month_of
from bot.errors import UserError
from bot.flow.show.report import NAMES

EXAMPLE = "/budget report search 2026-10"
_NUMBERS = re.compile(r"(\d{4})-(\d{1,2})")


@dataclass(frozen=True, slots=True)
class ReadReport:
    """`/budget report [team] [month]`."""

    team: str = ""
    month: Month | None = None
    """None: the last one that is over."""


def report(words: Sequence[str], now: datetime, zone: str) -> ReadReport:
    """Understand what follows `/budget report`. Raises UserError with an example."""
    month = month_in(words[-1], now, zone) if words else None
    rest = words[:-1] if month is not None else words
    if len(rest) > 1:
        said = " ".join(rest)
        raise UserError(f"`report` takes one team and one month; I read `{said}`.", EXAMPLE)
    team = rest[0] if rest and rest[0].lower() != "all" else ""
    return ReadReport(team, month)


def month_in(word: str, now: datetime, zone: str) -> Month | None:
    """The month that a word names: `2026-10`, `last`, `this`, `october` (the last one that has
    begun); None if it names none. Raises UserError for one that there is not."""
    present, low = month_of(now, zone), word.lower()
    if low in ("last", "this"):
        return present.before if low == "last" else present
    found = _NUMBERS.fullmatch(low)
    if found is not None:
        year, number = int(found[1]), int(found[2])
        if not (1 <= number <= 12 and year >= 1970):
            raise UserError(f"There is no month `{word}`.", EXAMPLE)
        return Month(year, number)
    for number, name in enumerate(NAMES, 1):
        if low in (name.lower(), name[:3].lower()):
            year = present.year - (number > present.number)
            return Month(year, number)
    return None


def month_said(word: str, now: datetime, zone: str) -> Month | None:
    """The same of an option: nothing is no month. Raises UserError for any other word."""
    found = month_in(word, now, zone) if word else None
    if word and found is None:
        raise UserError(f"I do not understand the month `{word}`.", "2026-10, last, this, october")
    return found
