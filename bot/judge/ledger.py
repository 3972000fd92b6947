"""The account of an objective: running totals, so that any window is one subtraction.

All instants are whole seconds since 1970 (UTC); `at` is the end of a slice. Counts are doubles, as
the sources have them: whole events are exact up to 2^53.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Slice:
    """What one step of time brought: counts of this slice alone."""

    at: int
    eligible: float
    bad: float
    observed: int
    """Seconds of the slice that were really seen: its length, or 0."""


class Entry(NamedTuple):
    """A row of the ledger: totals since the account was opened, up to and including `at`. A tuple:
    hundreds of thousands of them are read at once."""

    at: int
    eligible: float
    bad: float
    observed: int

    def plus(self, piece: Slice) -> "Entry":
        """The next row, after `piece`."""
        return Entry(
            piece.at,
            self.eligible + piece.eligible,
            self.bad + piece.bad,
            self.observed + piece.observed,
        )


class Spend(NamedTuple):
    """What happened between two rows. A tuple: a verdict makes many of them."""

    since: int
    until: int
    eligible: float
    bad: float
    observed: int

    @property
    def good(self) -> float:
        """Events that were as they should be."""
        return self.eligible - self.bad


def opening(at: int) -> Entry:
    """The first row: an empty account, opened at `at`."""
    return Entry(at, 0.0, 0.0, 0)


def accumulate(last: Entry | None, pieces: Iterable[Slice]) -> list[Entry]:
    """Rows for the slices that the account does not have yet; `last` is its newest row.

    A slice that ends at or before the last row was counted already and is passed over: polls may
    overlap. An account without rows opens at the start of its first observed slice. A run of
    unobserved slices leaves only its last row: it says how far the account has been read without
    a row a minute for every hour of an outage.

    Raises ValueError for a slice that begins before the last row and ends after it: part of it
    was counted already.
    """
    rows: list[Entry] = []
    was_silent = False
    for piece in pieces:
        silent = piece.observed == 0
        if last is None:
            if silent:
                continue
            last = opening(piece.at - piece.observed)
            rows.append(last)
        if piece.at <= last.at:
            continue
        if piece.at - piece.observed < last.at:
            raise ValueError(f"the slice until {piece.at} overlaps the row at {last.at}")
        last = last.plus(piece)
        if silent and was_silent:
            rows[-1] = last
        else:
            rows.append(last)
        was_silent = silent
    return rows


def between(first: Entry, last: Entry) -> Spend:
    """What the account took in from one row to the other."""
    return Spend(
        first.at,
        last.at,
        last.eligible - first.eligible,
        last.bad - first.bad,
        last.observed - first.observed,
    )


Stretch = tuple[int, int]
"""Start and end of a stretch of time, seconds since 1970."""


def merged(stretches: Iterable[Stretch], opened: int) -> list[Stretch]:
    """The time that is in any of the stretches, once, in order, from `opened` on."""
    found: list[Stretch] = []
    for start, end in sorted((max(start, opened), end) for start, end in stretches):
        if found and start <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        elif start < end:
            found.append((start, end))
    return found


class Balances:
    """Some rows of one account, enough to answer what its totals were at the asked instants."""

    def __init__(self, rows: Sequence[Entry]) -> None:
        """`rows` ascend by `at`; the first is the opening row or older than every asked instant."""
        self._rows = rows
        self._ats = [row.at for row in rows]
        self._end = len(rows)

    def upto(self, count: int) -> "Balances":
        """The account as it stood when it had only its first `count` rows; nothing is copied."""
        earlier = Balances.__new__(Balances)
        earlier._rows, earlier._ats, earlier._end = self._rows, self._ats, count
        return earlier

    @property
    def rows(self) -> Sequence[Entry]:
        """All rows at hand, oldest first."""
        return self._rows if self._end == len(self._rows) else self._rows[: self._end]

    @property
    def first(self) -> Entry:
        """The oldest row at hand."""
        return self._rows[0]

    @property
    def last(self) -> Entry:
        """The newest row."""
        return self._rows[self._end - 1]

    def at(self, instant: int) -> Entry:
        """The last row at or before `instant`; before the account was opened, its opening row."""
        return self._rows[max(0, bisect_right(self._ats, instant, 0, self._end) - 1)]

    def after(self, instant: int) -> Entry:
        """The first row at or after `instant`; the newest, if there is none."""
        return self._rows[min(bisect_left(self._ats, instant, 0, self._end), self._end - 1)]

    def without(self, stretches: Iterable[Stretch]) -> "Balances":
        """The same account as if nothing had happened in these stretches of time, which people have
        decided not to count: every row loses what came in inside them before it, and their seconds
        count as observed. Exact where there are rows at their bounds; else the slice that holds a
        start goes as a whole, the one that holds an end stays."""
        taken = merged(stretches, self.first.at)
        if not taken:
            return self
        starts = [start for start, _ in taken]
        gone = [Entry(0, 0.0, 0.0, 0)]
        for start, end in taken:
            gone.append(self._more(gone[-1], start, end))
        rows = []
        for row in self.rows:
            begun = bisect_left(starts, row.at)
            less = gone[begun]
            if begun and row.at < taken[begun - 1][1]:  # in the midst of one
                less = self._more(gone[begun - 1], starts[begun - 1], row.at)
            rows.append(
                Entry(
                    row.at,
                    row.eligible - less.eligible,
                    row.bad - less.bad,
                    row.observed - less.observed,
                )
            )
        return Balances(rows)

    def _more(self, gone: Entry, start: int, end: int) -> Entry:
        """What is to be taken off up to `end`, if `gone` was up to `start`."""
        before, after = self.at(start), self.at(end)
        return Entry(
            end,
            gone.eligible + after.eligible - before.eligible,
            gone.bad + after.bad - before.bad,
            gone.observed + after.observed - before.observed - (end - start),
        )

    def over(self, seconds: int) -> Spend:
        """The newest `seconds` of the account."""
        return between(self.at(self.last.at - seconds), self.last)
