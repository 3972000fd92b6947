"""Counts of the replayed day and of the weeks before it. Pure: the same start, the same rows."""

import csv
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from zlib import crc32

from bot.judge.thinning import stretches
from bot.playground.fleet.happenings import (
    BY_HOUR,
    FAILS,
    FLEET,
    HISTORY,
    HOUR,
    LENGTH,
    TROUBLES,
    Stream,
)
from bot.playground.fleet.serving import parts

HEADER = ("time", "objective", "eligible", "bad")
Row = tuple[int, str, int, int]
Counted = tuple[str, int, int]
"""Name, eligible and bad events."""


def rows(start: datetime) -> Iterator[Row]:
    """End of the slice (seconds since 1970), objective id, eligible and bad events in it; by time.
    Where versions are told apart, those of `objective@version` follow.

    Slices are as long as a first look back asks for them: hours weeks ago, then five minutes, and
    minutes from the night before on. What counts minutes has a row for each of them throughout.
    """
    began = int(start.timestamp())
    for until, minutes in _slices(began):
        for at in range(until - 60 * (minutes - 1), until + 1, 60):
            for stream in FLEET:
                if stream.steady or at == until:
                    size = 1 if stream.steady else minutes
                    yield from ((at, *found) for found in _count(stream, began, at, size))


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


def _count(stream: Stream, began: int, until: int, minutes: int) -> Iterator[Counted]:
    at = (until - began) // 60
    expected = stream.per_minute * minutes
    if not stream.steady:
        expected *= traffic(until - minutes * 30) * (
            0.97 + 0.06 * chance(stream.objective, at, "traffic")
        )
    serving = parts(stream.objective.partition("/")[0], at) if stream.apart else ()
    found = list(_divided(stream, at, round(expected), serving))
    yield stream.objective, sum(e for _, e, _ in found), sum(bad for *_, bad in found)
    if stream.apart:
        yield from ((f"{stream.objective}@{v}", e, bad) for v, e, bad in found if v)


def _divided(
    stream: Stream, at: int, eligible: int, serving: tuple[tuple[str, float], ...]
) -> Iterator[Counted]:
    """By version; by none as long as nobody told of any."""
    troubles = [t.share(at) for t in TROUBLES if t.objective == stream.objective]
    usual, left = stream.bad + max(troubles, default=0.0), eligible
    for version, share in reversed(serving or (("", 1.0),)):
        mine = left if share == 1.0 or version == serving[0][0] else round(eligible * share)
        left -= mine
        bad = mine * min(1.0, usual + FAILS.get((stream.objective, version), 0.0))
        name = stream.objective if mine == eligible else f"{stream.objective}@{version}"
        yield version, mine, min(mine, int(bad + chance(name, at, "bad")))


def traffic(instant: int) -> float:
    """Traffic at an instant (seconds since 1970), as a multiple of the average."""
    hour, second = divmod(instant % 86_400, HOUR * 60)
    here, there = BY_HOUR[hour], BY_HOUR[(hour + 1) % 24]
    return (here + (there - here) * second / 3_600) / 100


def chance(name: str, at: int, what: str) -> float:
    """A number in [0, 1) that looks like chance and is the same at every run."""
    return crc32(f"{name} {at} {what}".encode()) / 2**32
