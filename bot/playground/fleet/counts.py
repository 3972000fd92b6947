"""Counts of the replayed day and of the weeks before it. Pure: the same start, the same rows."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zlib import crc32

from bot.judge.thinning import stretches
from bot.playground.fleet.happenings import BY_HOUR, FLEET, HISTORY, HOUR, LENGTH, TROUBLES, Stream

HEADER = ("time", "objective", "eligible", "bad")
Row = tuple[int, str, int, int]


def rows(start: datetime) -> Iterator[Row]:
    """End of the slice (seconds since 1970), objective id, eligible and bad events in it; by time.

    Slices are as long as a first look back asks for them: hours weeks ago, then five minutes, and
    minutes from the night before on. What counts minutes has a row for each of them throughout.
    """
    began = int(start.timestamp())
    for until, minutes in _slices(began):
        for at in range(until - 60 * (minutes - 1), until + 1, 60):
            for stream in FLEET:
                if stream.steady:
                    yield at, stream.objective, *_count(stream, began, at, 1)
                elif at == until:
                    yield at, stream.objective, *_count(stream, began, at, minutes)


def write_csv(path: Path, start: datetime) -> None:
    """All rows as a file with the columns of HEADER."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(HEADER)
        writer.writerows(rows(start))


def _slices(began: int) -> Iterator[tuple[int, int]]:
    """End (seconds since 1970) and length (minutes) of every slice."""
    last = began - HISTORY * 60
    for stretch in stretches(last, began - 3_600, 60):  # an hour to spare at the finer end
        for last in range(stretch.since + stretch.step, stretch.until + 1, stretch.step):
            yield last, stretch.step // 60
    for until in range(last + 60, began + LENGTH * 60 + 1, 60):
        yield until, 1


def _count(stream: Stream, began: int, until: int, minutes: int) -> tuple[int, int]:
    at = (until - began) // 60
    expected = stream.per_minute * minutes
    if not stream.steady:
        expected *= _traffic(until - minutes * 30) * (0.97 + 0.06 * _chance(stream, at, "traffic"))
    eligible = round(expected)
    troubles = (t.share(at) for t in TROUBLES if t.objective == stream.objective)
    bad = eligible * min(1.0, stream.bad + max(troubles, default=0.0))
    return eligible, min(eligible, int(bad + _chance(stream, at, "bad")))


def _traffic(instant: int) -> float:
    """Traffic at an instant (seconds since 1970), as a multiple of the average."""
    hour, second = divmod(instant % 86_400, HOUR * 60)
    here, there = BY_HOUR[hour], BY_HOUR[(hour + 1) % 24]
    return (here + (there - here) * second / 3_600) / 100


def _chance(stream: Stream, at: int, what: str) -> float:
    """A number in [0, 1) that looks like chance and is the same at every run."""
    return crc32(f"{stream.objective} {at} {what}".encode()) / 2**32
