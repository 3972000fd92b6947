"""Counts from a CSV file: `time,objective,eligible,bad`, one row a slice, `time` is its end."""

import csv
import threading
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from bot.errors import SourceError
from bot.judge.indicator import Recorded
from bot.judge.objective import Method, Objective
from bot.measure.tally import Counts, believable, fold, slices
from bot.measure.window import Window
from bot.ports import Ask, Reading

COLUMNS = ("time", "objective", "eligible", "bad")
_EXAMPLE = "2026-03-02T12:01:00Z,ranker/availability,120,3"


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of one objective: any stretch of them is one subtraction."""

    ats: list[int] = field(default_factory=list)
    eligible: list[float] = field(default_factory=lambda: [0.0])
    bad: list[float] = field(default_factory=lambda: [0.0])

    def add(self, at: int, eligible: float, bad: float) -> None:
        """The next row."""
        self.ats.append(at)
        self.eligible.append(self.eligible[-1] + eligible)
        self.bad.append(self.bad[-1] + bad)

    def between(self, since: int, until: int) -> Counts | None:
        """Sums of the rows that end in (since, until]; None if there are none."""
        first, last = bisect_right(self.ats, since), bisect_right(self.ats, until)
        if first == last:
            return None
        eligible = self.eligible[last] - self.eligible[first]
        # Where counts are no whole numbers, the two differences are rounded apart.
        return eligible, min(self.bad[last] - self.bad[first], eligible)


class CsvSource:
    """A file of counts. A file that changes is read again."""

    def __init__(self, name: str, path: Path, *, step: int = 60, delay: int = 0) -> None:
        self.name = name
        self._path = path
        self._step = step
        self._delay = delay
        self._lock = threading.Lock()
        self._stamp: tuple[int, int] | None = None
        self._rows: Mapping[str, Rows] = {}

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """One Reading per Ask, in order; a file that cannot be read is the fault of each."""
        try:
            rows = self._load()
        except SourceError as error:
            return [Reading(ask.objective.id, fault=str(error)) for ask in asks]
        return [self._answer(rows, ask) for ask in asks]

    def check(self) -> str:
        """How many rows there are. Raises SourceError."""
        rows = self._load()
        count = sum(len(some.ats) for some in rows.values())
        held = f"{count:,} row{'' if count == 1 else 's'}"
        whose = f"{len(rows):,} objective{'' if len(rows) == 1 else 's'}"
        return f"{self.name}: {held} of {whose} in {self._path.name}"

    def newest(self, now: datetime) -> int:
        """The last slice that is over."""
        return int(now.timestamp() - self._delay) // self._step * self._step

    def close(self) -> None:
        """Forget the rows."""
        with self._lock:
            self._rows, self._stamp = {}, None

    def _answer(self, rows: Mapping[str, Rows], ask: Ask) -> Reading:
        objective, indicator = ask.objective, ask.objective.indicator
        if not isinstance(indicator, Recorded):
            fault = f"{self.name} is a file of counts and answers no queries"
            return Reading(objective.id, fault=fault)
        mine = rows.get(_series(objective, indicator))
        if mine is None and objective.version:
            mine = Rows()  # a version without rows served nothing that is known of
        if mine is None:
            fault = f"{self.name} has no rows for {indicator.series} in {self._path.name}"
            return Reading(objective.id, fault=fault)
        whole = objective.method is Method.OCCURRENCES
        window = Window.of(ask.stretch, ask.stretch.step if whole else objective.step)
        step = window.step // 1000
        ends = (window.end(number) // 1000 for number in range(window.count))
        pieces = slices(objective, step, ((at, mine.between(at - step, at)) for at in ends))
        return Reading(objective.id, fold(pieces, ask.stretch))

    def _load(self) -> Mapping[str, Rows]:
        with self._lock:
            try:
                found = self._path.stat()
                stamp = found.st_mtime_ns, found.st_size
                if stamp != self._stamp:
                    with self._path.open(newline="", encoding="utf-8-sig") as file:
                        self._rows = _indexed(_parsed(file, str(self._path)))
                    self._stamp = stamp
            except OSError as error:
                reason = error.strerror or str(error)
                raise SourceError(f"{self.name}: cannot read {self._path}: {reason}") from error
            except (UnicodeDecodeError, csv.Error) as error:
                raise SourceError(f"{self.name}: {self._path} is not CSV: {error}") from error
            return self._rows


def _series(objective: Objective, indicator: Recorded) -> str:
    """Rows of one version are named like `ranker/availability@v38`."""
    only = f"@{objective.version}" if objective.version else ""
    return f"{indicator.series}{only}"


Row = tuple[int, str, float, float, str]
"""Time, objective, eligible, bad, and where it stands."""


def _parsed(lines: Iterable[str], name: str) -> Iterator[Row]:
    rows = csv.reader(lines)
    head = tuple(cell.strip().lower() for cell in next(rows, []))
    if head != COLUMNS:
        raise SourceError(f"{name}:1: the first line must be {','.join(COLUMNS)}")
    for cells in rows:
        where = f"{name}:{rows.line_num}"
        if not cells:
            continue
        if len(cells) != len(COLUMNS) or not cells[1].strip():
            raise SourceError(f"{where}: a row has four fields, like {_EXAMPLE}")
        eligible, bad = _count(cells[2], where), _count(cells[3], where)
        if bad > eligible:
            raise SourceError(f"{where}: {bad:g} bad events of only {eligible:g} eligible ones")
        yield _time(cells[0].strip(), where), cells[1].strip(), eligible, bad, where


def _indexed(rows: Iterable[Row]) -> dict[str, Rows]:
    found: dict[str, Rows] = defaultdict(Rows)
    for at, objective, eligible, bad, where in sorted(rows):
        mine = found[objective]
        if mine.ats and mine.ats[-1] == at:
            raise SourceError(f"{where}: another row has the same time and objective")
        mine.add(at, eligible, bad)
        if not believable(mine.eligible[-1]):
            raise SourceError(f"{where}: up to here the counts of {objective} exceed 2^53 in all")
    return dict(found)


def _count(cell: str, where: str) -> float:
    try:
        count = float(cell)
    except ValueError:
        count = -1.0
    if count < 0 or not believable(count):
        wanted = "a count is a number from 0 to 2^53"
        raise SourceError(f"{where}: {wanted}, not {cell.strip()[:40]!r}")
    return count


def _time(cell: str, where: str) -> int:
    try:
        if cell.isascii() and cell.isdigit():
            return int(cell)
        at = datetime.fromisoformat(cell)
        if at.tzinfo is not None:
            return int(at.timestamp())
    except ValueError:
        pass
    raise SourceError(
        f"{where}: a time is written like 2026-03-02T12:01:00Z, or as whole seconds since 1970, "
        f"not {cell[:40]!r}"
    )
