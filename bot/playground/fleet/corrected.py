"""Labels to be pushed by hand: of the night before the day, looked at once more."""

import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from bot.judge.observation import Observation
from bot.playground.fleet import feed

_SINCE, _UNTIL = -300, -60
"""03:00 to 07:00, in minutes of the day."""
_MISSED = 150
"""Frauds of each half-hour that nobody had seen: a hundredth of the budget together."""
_COLUMNS = ("start", "end", "version", "tp", "fp", "fn", "tn", "positives", "negatives")


def corrected(start: datetime) -> Iterator[Observation]:
    """What the labels of that night should have been."""
    first, last = (int(start.timestamp()) + minute * 60 for minute in (_SINCE, _UNTIL))
    for row in feed.labels(start, None, 0):
        if first <= row.start and row.end <= last:
            fn, tn = (row.fn or 0) + _MISSED, (row.tn or 0) - _MISSED
            yield replace(row, fn=fn, tn=tn)


def write_corrected(path: Path, start: datetime) -> None:
    """As a file for `burnban push`."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(_COLUMNS)
        for row in corrected(start):
            began, ended = (datetime.fromtimestamp(at, UTC).isoformat() for at in row.key[:2])
            counts = (row.tp, row.fp, row.fn, row.tn, row.positives, row.negatives)
            writer.writerow((began, ended, row.version, *(int(n or 0) for n in counts)))
