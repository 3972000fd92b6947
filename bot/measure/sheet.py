"""One ask while it is being counted: which slices were observed, and what is open in them. Pure."""

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from bot.judge.indicator import Ratio
from bot.judge.objective import Objective
from bot.measure.absence import doubtful, proved_by
from bot.measure.looks import Look, Pace
from bot.measure.promql import counters
from bot.measure.selector import Matcher, Selector
from bot.measure.settle import Cell, judge_cell
from bot.measure.skew import Excess, Fitting
from bot.measure.tally import Counts, by_slice, fold, slices
from bot.measure.window import Window
from bot.ports import Ask, Reading

Value = float | Cell
_HOUR = 3_600_000
_UNSEEN = (None, None)


class Slot(NamedTuple):
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
    witnesses: tuple[tuple[Selector, ...], tuple[Selector, ...]]
    """Of the total and of the other side: what shows that the server knew the objective. Of one
    version that is any version: a new one was not there before."""
    open_cells: dict[Cell, float | None] = field(default_factory=dict)
    unproven: dict[Slot, int] = field(default_factory=dict)
    """Slices whose newcomers count only if the server knew the objective at that moment."""
    absent: set[int] = field(default_factory=set)
    """Ends of slices without good events, which are none only if the server knew some before."""
    _looks: Mapping[Selector, Look] = field(default_factory=dict)
    _slots: list[Slot] = field(default_factory=list)
    _plain: dict[int, tuple[float, float | None]] = field(default_factory=dict)
    """Total and other side of the slices that need no second look, by their end."""
    _rows: list[_Row] = field(default_factory=list)

    @classmethod
    def of(cls, ask: Ask, ratio: Ratio) -> "Sheet":
        """Raises NotCountable."""
        side = ratio.good if ratio.good is not None else ratio.bad
        objective, stretch = ask.objective, ask.stretch
        step = objective.step if by_slice(objective) else stretch.step
        total, other = counters(ratio.total), counters(side) if side is not None else ()
        return cls(
            ask,
            _only(total, objective),
            _only(other, objective),
            ratio.good is not None,
            Window.of(stretch, step),
            None if ask.seen is None else ask.seen * 1000,
            (total, other),
        )

    @property
    def selectors(self) -> set[Selector]:
        """All that it counts."""
        return {*self.total, *self.other}

    @property
    def needs(self) -> set[Selector]:
        """All that must have been answered."""
        return self.selectors.union(*self.witnesses)

    def plan(self, looks: Mapping[Selector, Look], seen_in: Window, pace: Pace) -> None:
        """Go through the slices in order: which were observed, and how newcomers count in them.

        New series count from zero only if the objective was seen within the horizon, and was
        known to this very server a moment before the slice; else their first sample is a baseline.
        """
        self._looks = looks
        totals, others = self._seen(self.total), self._seen(self.other)
        present, continued, other_present, newcomers, resets = _places_of(totals, others)
        first = seen_in.index(self.window.first / 1000)
        end = first + self.window.count
        if self.good and not proved_by(self.total, self.other):
            mine = [place for place in present if first <= place < end]
            within = pace.horizon // self.window.step
            self.absent = {seen_in.end(at) for at in doubtful(mine, other_present, within)}
        moment = -(-pace.reach // self.window.step)
        total, other = _grown(totals), _grown(others)
        last, known_from = self.seen, None
        for place in range(first, end):
            if place not in present:
                continue
            until = seen_in.end(place)
            gap = None if last is None else max(0, until - self.window.step - last)
            fresh = gap is None or gap > pace.horizon
            last = until
            if fresh:
                known_from = None
            if known_from is None and place in continued:
                known_from = place
            if place not in newcomers and place not in resets:
                # Nearly always so: a first back-fill comes by here a million times.
                there = place in other_present
                self._plain[until] = total.get(place, 0.0), other.get(place, 0.0) if there else None
                continue
            slot = Slot(place, until, not fresh, _horizon(pace, gap, fresh=fresh))
            self._slots.append(slot)
            proven = known_from is not None and known_from + moment <= place
            if slot.births and place in newcomers and not proven:
                self.unproven[slot] = until - self.window.step - pace.reach

    def doubts(self, pace: Pace) -> Iterator[tuple[Window, int, tuple[Selector, ...]]]:
        """What the server must have known: up to which moments, within which horizon, and of
        which selectors one."""
        for slot, moment in self.unproven.items():
            yield Window(moment - 1000, moment, 1000), slot.horizon, self.witnesses[0]
        if self.absent:
            step = self.window.step
            since, until = min(self.absent) - step, max(self.absent) - step
            yield Window(since - step, until, step), pace.horizon, self.witnesses[1]

    def settle_doubts(self, known: Container[tuple[Selector, int]]) -> None:
        """Open the cells, now that it is known when the server knew which of the selectors."""
        totals, others = self._seen(self.total), self._seen(self.other)
        for slot in self._slots:
            moment = self.unproven.get(slot)
            if moment is not None and not any((w, moment) in known for w in self.witnesses[0]):
                slot = slot._replace(births=False)
            total = [self._value(slot, selector, one) for selector, one in totals]
            other = [self._value(slot, selector, one) for selector, one in others]
            there = any(one.present(slot.place) for _, one in others)
            self._rows.append(_Row(slot.until, total, other if there else None))
        self.absent = {
            end
            for end in self.absent
            if not any((one, end - self.window.step) in known for one in self.witnesses[1])
        }

    def bucketless(self) -> Iterator[tuple[Selector, Window]]:
        """Buckets of a histogram that were not there beside its count, once doubts are settled; and
        the last slice in which that was so."""
        if not self.absent:
            return
        end = max(self.absent)
        for one in self.other:
            if one.name.endswith("_bucket") and any(m.label == "le" for m in one.matchers):
                yield one, Window(end - self.window.step, end, self.window.step)

    def reading(
        self, settled: Mapping[Cell, float], excess: Excess | None
    ) -> tuple[Reading, Excess | None]:
        """The answer, with every open cell settled; what was left over before its first slice and
        is after its last one."""
        sums = dict(self._plain)
        for row in self._rows:
            other = None if row.other is None else _sum(row.other, settled)
            sums[row.until] = _sum(row.total, settled), other
        fitting = Fitting(self.good, self.window.step // 1000, excess)
        ends = range(self.window.first, self.window.until + 1, self.window.step)
        counted = [
            (end // 1000, self._counted(end, sums.get(end, _UNSEEN), fitting)) for end in ends
        ]
        if fitting.fault is not None:
            return Reading(self.ask.objective.id, fault=fitting.fault), excess
        pieces = slices(self.ask.objective, fitting.step, counted)
        return Reading(self.ask.objective.id, fold(pieces, self.ask.stretch)), fitting.excess

    def _counted(
        self, end: int, found: tuple[float | None, float | None], fitting: Fitting
    ) -> Counts | None:
        total, other = found
        if other is None and self.good and end not in self.absent:
            other = 0.0
        return fitting.counts(end // 1000, total, other)

    def _seen(self, selectors: Iterable[Selector]) -> "_Seen":
        return [(selector, self._looks[selector]) for selector in selectors]

    def _value(self, slot: Slot, selector: Selector, seen: Look) -> Value:
        value, doubtful = judge_cell(seen, slot.place, births=slot.births)
        if value is not None and not doubtful:
            return value
        cell = Cell(selector, self.window.step, slot.births, slot.horizon, slot.until)
        self.open_cells[cell] = value
        return cell


def _only(selectors: tuple[Selector, ...], objective: Objective) -> tuple[Selector, ...]:
    """Of one version: one more condition, where the objective is of one."""
    if not objective.version:
        return selectors
    mine = Matcher(objective.version_label, "=", objective.version)
    return tuple(replace(one, matchers=tuple(sorted({*one.matchers, mine}))) for one in selectors)


_Seen = Sequence[tuple[Selector, Look]]


class _Places(NamedTuple):
    """Indices of slices."""

    present: set[int]
    """The total was there."""
    continued: set[int]
    """It went on from before."""
    other: set[int]
    """The other side was there."""
    newcomers: set[int]
    resets: set[int]


def _places_of(totals: _Seen, others: _Seen) -> _Places:
    continued = {place for _, one in totals for place in one.grown}
    other = {place for _, one in others for part in (one.grown, one.born) for place in part}
    both = (*totals, *others)
    return _Places(
        continued.union(*(one.born for _, one in totals)),
        continued,
        other,
        {place for _, one in both for place in one.born},
        {place for _, one in both for place in one.resets},
    )


def _grown(looks: _Seen) -> Mapping[int, float]:
    """The growth of all of them together."""
    if len(looks) == 1:
        return looks[0][1].grown
    found: dict[int, float] = defaultdict(float)
    for _, one in looks:
        for place, value in one.grown.items():
            found[place] += value
    return found


def _horizon(pace: Pace, gap: int | None, *, fresh: bool) -> int:
    """A gap in our own sight lengthens the look into the past (by whole hours: like questions
    travel together)."""
    return pace.horizon if fresh or not gap else pace.horizon + -(-gap // _HOUR) * _HOUR


def _sum(values: Iterable[Value], settled: Mapping[Cell, float]) -> float:
    return sum(settled[value] if isinstance(value, Cell) else value for value in values)
