"""Stretches of time that overlap others of their version: their events would count twice."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from bot.judge.observation import Observation


@dataclass
class _Taken:
    """The stretches of one version, none of which overlaps another, in order."""

    starts: list[int] = field(default_factory=list)
    rows: list[Observation] = field(default_factory=list)

    def put(self, row: Observation) -> Observation | None:
        """Taken if nothing is there yet; else what is."""
        place = bisect_left(self.starts, row.end)
        last = self.rows[place - 1] if place else None
        if last is not None and last.end > row.start:
            return last
        self.starts.insert(place, row.start)
        self.rows.insert(place, row)
        return None


def doubled(
    known: Iterable[Observation], rows: Sequence[tuple[int, Observation]]
) -> Iterator[tuple[int, Observation]]:
    """Of new rows (each with its place in the batch) those that overlap what is known of their
    version, or what stands before them, and what that is. The same stretch again is a newer word on
    it. Scores may overlap: each is one measurement, whatever it looks back on."""
    taken: defaultdict[str, _Taken] = defaultdict(_Taken)
    keys = set()
    for row in known:
        if row.value is None:
            keys.add(row.key)
            taken[row.version].put(row)
    for index, row in rows:
        if row.value is not None or row.key in keys:
            continue
        other = taken[row.version].put(row)
        if other is not None:
            yield index, other
        else:
            keys.add(row.key)
