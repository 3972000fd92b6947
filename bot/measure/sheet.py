"""One ask while it is being counted: which slices were observed, and what is open in them. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.judge.indicator import Ratio
from bot.judge.objective import Method
from bot.measure.looks import Look, Pace
from bot.measure.promql import counters
from bot.measure.selector import Selector
from bot.measure.settle import Cell, judge_cell
from bot.measure.tally import counts, fold, slices
from bot.measure.window import Window
from bot.ports import Ask, Reading

Value = float | Cell
_HOUR = 3_600_000


class _Slot(NamedTuple):
    """One slice, and how newcomers in it are to be taken."""

    place: int
    until: int
    births: bool
    horizon: int


@dataclass(frozen=True, slots=True)
class _Row:
    """One observed slice with open cells: what its counts are made of."""

    until: int
    total: list[Value]
    other: list[Value] | None
    """None: not one of its series was there."""


@dataclass
class Sheet:
    """One ask while it is being counted."""

    ask: Ask
    total: tuple[Selector, ...]
    other: tuple[Selector, ...]
    good: bool
    """Whether the other side are the good events."""
    window: Window
    """Its slices; where every slice is an event of its own, those of the objective."""
    seen: int | None
    """End of the newest slice observed before; milliseconds."""
    open_cells: dict[Cell, float | None] = field(default_factory=dict)
    _plain: dict[int, tuple[float, float | None]] = field(default_factory=dict)
    """Total and other side of the slices that need no second look, by their end."""
    _rows: list[_Row] = field(default_factory=list)

    @classmethod
    def of(cls, ask: Ask, ratio: Ratio) -> "Sheet":
        """Raises NotCountable."""
        other = ratio.good if ratio.good is not None else ratio.bad
        objective, stretch = ask.objective, ask.stretch
        step = stretch.step if objective.method is Method.OCCURRENCES else objective.step
        return cls(
            ask,
            counters(ratio.total),
            counters(other) if other is not None else (),
            ratio.good is not None,
            Window.of(stretch, step),
            None if ask.seen is None else ask.seen * 1000,
        )

    @property
    def selectors(self) -> set[Selector]:
        """All that it needs."""
        return {*self.total, *self.other}

    def relies_on_memory(self, looks: Mapping[Selector, Look], seen_in: Window) -> bool:
        """Whether newcomers in the first slice would count from zero although nothing in the
        answer shows that this very server knew the objective when it was last seen."""
        totals = [looks[selector] for selector in self.total]
        first = next((at for at in self._places(seen_in) if _present(totals, at)), None)
        if self.seen is None or first is None:
            return False
        if not any(first in looks[selector].born for selector in self.selectors):
            return False
        followed = seen_in.end(first) - self.window.step <= self.seen
        return not (followed and any(first in one.grown for one in totals))

    def plan(self, looks: Mapping[Selector, Look], seen_in: Window, pace: Pace) -> None:
        """Go through the slices in order: which were observed, and what is still open in them.

        While nothing was observed within the horizon, the first sample of a series is a baseline;
        a slice in which the total itself takes its baseline is not yet observed.
        """
        last = self.seen
        totals = [(selector, looks[selector]) for selector in self.total]
        others = [(selector, looks[selector]) for selector in self.other]
        present, continued, other_present, open_ones = _places_of(totals, others)
        for place in self._places(seen_in):
            if place not in present:
                continue
            until = seen_in.end(place)
            gap = None if last is None else max(0, until - self.window.step - last)
            fresh = gap is None or gap > pace.horizon
            if fresh and place not in continued:
                continue
            last = until
            known = place in other_present
            if place in open_ones:
                slot = _Slot(place, until, not fresh, _horizon(pace, gap, fresh=fresh))
                total = [self._value(slot, selector, one) for selector, one in totals]
                other = [self._value(slot, selector, one) for selector, one in others]
                self._rows.append(_Row(until, total, other if known else None))
            else:  # nearly always; a first back-fill goes through here a million times
                sums = _grown(totals, place), _grown(others, place) if known else None
                self._plain[until] = sums

    def reading(self, settled: Mapping[Cell, float]) -> Reading:
        """The answer, with every open cell settled."""
        sums = dict(self._plain)
        for row in self._rows:
            other = None if row.other is None else _sum(row.other, settled)
            sums[row.until] = _sum(row.total, settled), other
        ends = range(self.window.first, self.window.until + 1, self.window.step)
        counted = (
            (end // 1000, counts(*sums[end], good=self.good) if end in sums else None)
            for end in ends
        )
        pieces = slices(self.ask.objective, self.window.step // 1000, counted)
        return Reading(self.ask.objective.id, fold(pieces, self.ask.stretch))

    def _places(self, seen_in: Window) -> Iterator[int]:
        """Its slices by their index in the window they were seen in."""
        first = seen_in.index(self.window.first / 1000)
        yield from range(first, first + self.window.count)

    def _value(self, slot: _Slot, selector: Selector, seen: Look) -> Value:
        value, doubtful = judge_cell(seen, slot.place, births=slot.births)
        if value is not None and not doubtful:
            return value
        cell = Cell(selector, self.window.step, slot.births, slot.horizon, slot.until)
        self.open_cells[cell] = value
        return cell


_Seen = Sequence[tuple[Selector, Look]]


def _places_of(totals: _Seen, others: _Seen) -> tuple[set[int], set[int], set[int], set[int]]:
    """Where the total was there, where it went on from before, where the other side was there,
    and where a newcomer or a reset leaves the count open."""
    continued = {place for _, one in totals for place in one.grown}
    present = continued.union(*(one.born for _, one in totals))
    other_present = {place for _, one in others for part in (one.grown, one.born) for place in part}
    both = (*totals, *others)
    open_ones = {place for _, one in both for part in (one.born, one.resets) for place in part}
    return present, continued, other_present, open_ones


def _grown(looks: _Seen, place: int) -> float:
    return sum(one.grown.get(place, 0.0) for _, one in looks)


def _present(looks: Iterable[Look], place: int) -> bool:
    return any(one.present(place) for one in looks)


def _horizon(pace: Pace, gap: int | None, *, fresh: bool) -> int:
    """A gap in our own sight lengthens the look into the past (by whole hours: like questions
    travel together)."""
    return pace.horizon if fresh or not gap else pace.horizon + -(-gap // _HOUR) * _HOUR


def _sum(values: Iterable[Value], settled: Mapping[Cell, float]) -> float:
    return sum(settled[value] if isinstance(value, Cell) else value for value in values)
