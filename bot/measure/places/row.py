"""From a row with named columns to an observation. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import UTC, date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from math import ceil, floor, isnan
from typing import Any
from zoneinfo import ZoneInfo

from bot.errors import SourceError
from bot.judge.observation import FIGURES, Observation, wrongs

NAMES = tuple(field.name for field in fields(Observation))
"""Columns that an observation can come from."""
_TEXTS = ("version", "tool", "metric")
_LONGEST = 128
_SECONDS = 100_000_000_000
"""Beyond this a number is no instant in seconds: it would lie in the year 5138."""
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


class Unfit(SourceError):
    """A row, or all of an answer, is no observation; names the column."""


def observations(
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    zone: ZoneInfo | None,
    since: int,
    until: int,
) -> tuple[Observation, ...]:
    """Those that end in since < end <= until. `zone`: of instants that have none of their own.
    Raises Unfit."""
    names = _names(columns)
    found: dict[tuple[int, int, str], Observation] = {}
    for number, row in enumerate(rows, 1):
        try:
            one = observation(dict(zip(names, row, strict=True)), zone)
            if not since < one.end <= until:
                continue
            sound(one, until)
        except Unfit as error:
            raise Unfit(f"row {number}: {error}") from None
        if one.key in found:
            raise Unfit(
                f"row {number}: a second one for the same start, end and version; "
                "sum them up: GROUP BY start, end, version"
            )
        found[one.key] = one
    return tuple(found[key] for key in sorted(found, key=lambda key: (key[1], key[0], key[2])))


def observation(row: Mapping[str, Any], zone: ZoneInfo | None) -> Observation:
    """A start takes in the second that it lies in, and so does an end. Raises Unfit."""
    figures = {name: number(name, row[name]) for name in FIGURES if name in row}
    texts = {name: _text(name, row[name]) for name in _TEXTS if name in row}
    start = floor(instant("start", row["start"], zone))
    end = ceil(instant("end", row["end"], zone))
    return Observation(start, end, **texts, **figures)  # type: ignore[arg-type]


def sound(one: Observation, until: int) -> None:
    """Raises Unfit if no observation can say that."""
    for wrong in wrongs(one, until):
        raise Unfit(f"column `{wrong.field}`: {wrong.rule}")


def instant(name: str, value: Any, zone: ZoneInfo | None) -> float:
    """Seconds since 1970: from an instant, ISO text, or such seconds. Raises Unfit."""
    if isinstance(value, str) and _DATE.match(value):
        try:
            value = datetime.fromisoformat(value)
        except ValueError:
            raise _kind(name, value, "an instant such as 2026-03-02 12:00:00+00:00") from None
    if isinstance(value, date) and not isinstance(value, datetime):
        value = datetime.combine(value, time())
    if isinstance(value, datetime):
        if value.tzinfo is None and zone is None:
            raise Unfit(
                f"column `{name}` has instants without a zone: write `timeZone: UTC` (or the zone "
                "they are of) into the connectionDetails"
            )
        return (value if value.tzinfo else value.replace(tzinfo=zone or UTC)).timestamp()
    seconds = None if isinstance(value, str) else number(name, value)
    if seconds is None:
        raise _kind(name, value, "an instant")
    if not 0 <= seconds < _SECONDS:
        raise Unfit(f"column `{name}`: {seconds:.15g} is no instant in seconds since 1970")
    return seconds


def number(name: str, value: Any) -> float | None:
    """None for nothing, as SQL's NULL. Raises Unfit."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise _kind(name, value, "a number")
    try:
        found = float(value)
    except OverflowError:
        raise Unfit(f"column `{name}`: the number is too large") from None
    if isnan(found):
        raise Unfit(f"column `{name}`: must be a finite number")
    return found


def _text(name: str, value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _kind(name, value, "a text")
    found = str(value)
    if len(found) > _LONGEST or not found.isprintable():
        raise Unfit(f"column `{name}`: must be one line of up to {_LONGEST} characters")
    return found


def _kind(name: str, value: Any, wanted: str) -> Unfit:
    kinds = {"NoneType": "nothing", "str": "a text", "bool": "true or false"}
    kind = type(value).__name__
    return Unfit(f"column `{name}` holds {kinds.get(kind, kind)} where {wanted} belongs")


def _names(columns: Sequence[str]) -> list[str]:
    """Names as we know them, in whatever case the database gives them. Raises Unfit."""
    names = [column.lower() for column in columns]
    for name in names:
        if name not in NAMES:
            near = get_close_matches(name, NAMES, 1)
            hint = f"did you mean `{near[0]}`?" if near else f"it may be one of {', '.join(NAMES)}"
            raise Unfit(f"column `{name[:60]}` is not known here: {hint}")
        if names.count(name) > 1:
            raise Unfit(f"column `{name}` is there twice")
    for name in ("start", "end"):
        if name not in names:
            raise Unfit(f"column `{name}` is missing: name one so with AS")
    if not {"tp", "eligible", "bad", "value"}.intersection(names):
        raise Unfit(
            "the figures are missing: tp, fp, fn, tn, or eligible, bad, or value, n "
            "(name the columns so with AS)"
        )
    return names
