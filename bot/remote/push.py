"""Pushing what a feed says, batch by batch; a batch that is tried again is the same request."""

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from secrets import token_hex
from typing import Any, Protocol

from bot.errors import UserError
from bot.remote.client import Away, Facts

BATCH = 10_000
"""Rows of one request."""
TRIES = 4
PAUSE = 2.0
"""Seconds before the second try; each further one waits twice as long."""
NUMBERS = (
    "tp", "fp", "fn", "tn", "positives", "negatives",
    "eligible", "bad", "value", "n", "low", "high", "threshold",
)  # fmt: skip
COLUMNS = ("start", "end", "version", *NUMBERS, "tool", "metric")

Line = tuple[int, dict[str, Any]]
"""A row with the number of its line in the file."""


class Taker(Protocol):
    """Whoever takes batches: a Burnban over HTTP. Raises Away, TurnedAway."""

    def push(self, batch: Mapping[str, Any], once: str = "", /) -> Facts: ...


@dataclass
class Pushed:
    """What became of a file."""

    taken: int = 0
    changed: int = 0
    refused: list[tuple[int, str, str]] = field(default_factory=list)
    """Line, field, rule."""


@dataclass(frozen=True)
class PushAll:
    """One file, in as many batches as it takes."""

    taker: Taker
    pause: Callable[[float], None]
    invocation: str = field(default_factory=lambda: token_hex(16))
    """A file that is pushed once more is a new word: an answer of before would hide that it is."""

    def run(self, feed: str, lines: Sequence[Line], *, atomic: bool) -> Pushed:
        """Raises Away if nobody answers for good, TurnedAway if a batch is refused as a whole;
        UserError for a file that is too long to be taken as a whole."""
        if atomic and len(lines) > BATCH:
            sentence = f"{len(lines):,} rows do not fit in one batch of {BATCH:,}."
            raise UserError(sentence, "leave --atomic out, or push the file in parts")
        done = Pushed()
        for start in range(0, len(lines), BATCH):
            some = lines[start : start + BATCH]
            said = self._pushed(feed, some, atomic=atomic)
            done.taken += int(said["taken"])
            done.changed += int(said["changed"])
            done.refused += [
                (some[one["index"]][0], str(one["field"]), str(one["rule"]))
                for one in said["refused"]
            ]
        return done

    def _pushed(self, feed: str, lines: Sequence[Line], *, atomic: bool) -> Facts:
        batch = {"feed": feed, "atomic": atomic, "slices": [row for _, row in lines]}
        said = f"{self.invocation}\n{json.dumps(batch, sort_keys=True)}"
        once = hashlib.sha256(said.encode()).hexdigest()
        for wait in (PAUSE * 2**n for n in range(TRIES - 1)):
            try:
                return self.taker.push(batch, once)
            except Away:
                self.pause(wait)
        return self.taker.push(batch, once)


def read_lines(text: Iterable[str], *, as_csv: bool) -> list[Line]:
    """Rows of JSON lines, or of CSV with named columns. Raises UserError with the line."""
    return list(_csv(text) if as_csv else _json(text))


def looks_like_csv(name: str, first: str) -> bool:
    """By the name of the file, else by how it begins."""
    return name.endswith(".csv") or (not first.lstrip().startswith("{") and "," in first)


def _json(text: Iterable[str]) -> Iterator[Line]:
    for number, line in enumerate(text, 1):
        if not line.strip():
            continue
        try:
            found = json.loads(line, parse_constant=_no_number)
            json.dumps(found, ensure_ascii=False).encode()  # no half characters
        except (ValueError, RecursionError) as error:
            raise UserError(f"Line {number} is no JSON: {error}.", _EXAMPLE) from None
        if not isinstance(found, dict):
            raise UserError(f"Line {number} is no object of JSON.", _EXAMPLE)
        yield number, found


_EXAMPLE = (
    '{"start": "2026-03-02T11:00:00Z", "end": "2026-03-02T12:00:00Z", "version": "38", '
    '"eligible": 1200, "bad": 31}'
)


def _csv(text: Iterable[str]) -> Iterator[Line]:
    rows = csv.DictReader(text)
    try:
        _check_columns([name.strip() for name in rows.fieldnames or ()])
        for row in rows:
            yield rows.line_num, _fields(row, rows.line_num)
    except csv.Error as error:
        raise UserError(f"Line {rows.line_num + 1} is no CSV: {error}.", _COMMAS) from None


_COMMAS = "fields with commas between them, one row a line"


def _check_columns(names: Sequence[str]) -> None:
    known = f"the first line names columns, with commas between them, of: {', '.join(COLUMNS)}"
    if not names:
        raise UserError("There are no columns.", known)
    for name in names:
        if name not in COLUMNS:
            raise UserError(f"The column `{name}` is not known.", known)
        if names.count(name) > 1:
            raise UserError(f"There are two columns `{name}`.", known)


def _fields(row: Mapping[str | None, Any], number: int) -> dict[str, Any]:
    if None in row:
        raise UserError(f"Line {number} has more fields than columns.", "quote commas")
    given = {str(k).strip(): v.strip() for k, v in row.items() if v is not None and v.strip()}
    return {name: _cell(name, value) for name, value in given.items()}


def _cell(name: str, value: str) -> Any:
    """What is no number stays as it is: it is refused with its row."""
    if name not in NUMBERS:
        return value
    try:
        found = float(value)
    except ValueError:
        return value
    return found if isfinite(found) else value


def _no_number(word: str) -> Any:
    raise ValueError(f"{word} is no number of JSON")
