"""Decisions as files: a sheet for people (CSV), or lines of JSON that can be proven again."""

import csv
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Protocol

from bot.decide.decision import read_back
from bot.decide.population import FIELDS, population
from bot.decide.proof import Link
from bot.errors import UserError

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


class Sheet(Protocol):
    """Takes rows and writes them as text."""

    def take(self, link: Link) -> None: ...


def guarded(cell: str) -> str:
    """A cell that no spreadsheet reads as a formula: what people wrote is data."""
    return f"'{cell}" if cell.startswith(_BEGINS_A_FORMULA) else cell


class CsvSheet:
    """RFC 4180, UTF-8, a heading; one decision a row."""

    def __init__(self, out: IO[str]) -> None:
        self._writer = csv.DictWriter(out, FIELDS)
        self._writer.writeheader()

    def take(self, link: Link) -> None:
        """One row."""
        row = {name: guarded(cell) for name, cell in flat(link).items()}
        self._writer.writerow(row)


class JsonLines:
    """One decision a line. `body` is the canonical text that its hash was made of, together with
    `previous` and `seq`; `fields` are those of the sheet."""

    def __init__(self, out: IO[str]) -> None:
        self._out = out

    def take(self, link: Link) -> None:
        """One line."""
        line = {
            "seq": link.seq,
            "previous": link.previous,
            "hash": link.hash,
            "body": link.body,
            "fields": population(read_back(link.body)),
        }
        self._out.write(json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n")


SHEETS: dict[str, type[CsvSheet] | type[JsonLines]] = {"csv": CsvSheet, "jsonl": JsonLines}


def flat(link: Link) -> dict[str, str]:
    """All columns of a row, as text."""
    decision = read_back(link.body)
    evidence = json.dumps(decision.evidence, ensure_ascii=False, sort_keys=True)
    chain = {"previous": link.previous, "hash": link.hash}
    return {"seq": str(link.seq), **population(decision), "evidence": evidence, **chain}


def digest(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def links_of(path: Path) -> Iterator[Link]:
    """The rows of a file of JSON lines, one at a time. Raises UserError naming the line."""
    with path.open(encoding="utf-8") as file:
        for number, line in enumerate(file, 1):
            try:
                yield _link(json.loads(line))
            except (ValueError, KeyError, TypeError) as error:
                raise UserError(f"Line {number} of {path} is no decision.") from error


def _link(said: Any) -> Link:
    return Link(int(said["seq"]), str(said["previous"]), str(said["hash"]), str(said["body"]))
