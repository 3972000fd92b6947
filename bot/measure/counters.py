"""Ratios of counters, counted exactly: every scraped event once, and none that a gap minted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from bot.judge.indicator import Ratio
from bot.judge.objective import Method
from bot.measure.looks import Look, Pace, look
from bot.measure.promql import NotCountable, counters
from bot.measure.selector import Selector
from bot.measure.session import Session
from bot.measure.settle import Cell, Settling, judge_cell
from bot.measure.tally import Counts, counts, fold, slices
from bot.measure.window import Window
from bot.ports import Ask, Reading

Value = float | Cell


@dataclass(frozen=True, slots=True)
class Row:
    """One observed slice: what its counts are made of."""

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
    rows: list[Row] = field(default_factory=list)
    open_cells: dict[Cell, float | None] = field(default_factory=dict)

    @classmethod
    def of(cls, ask: Ask, ratio: Ratio) -> "Sheet":
        """Raises NotCountable."""
        other = ratio.good if ratio.good is not None else ratio.bad
        found = counters(other) if other is not None else ()
        return cls(ask, counters(ratio.total), found, ratio.good is not None)

    @property
    def window(self) -> Window:
        """Its slices; where every slice is an event of its own, those of the objective."""
        whole = self.ask.objective.method is Method.OCCURRENCES
        return Window.of(
            self.ask.stretch, self.ask.stretch.step if whole else self.ask.objective.step
        )

    @property
    def selectors(self) -> set[Selector]:
        """All that it needs."""
        return {*self.total, *self.other}

    def plan(self, looks: Mapping[Selector, Look], seen_in: Window, pace: Pace) -> None:
        """Go through the slices in order: which were observed, and what is still open in them.

        While nothing was observed within the horizon, the first sample of a series is a baseline;
        a slice in which the total itself takes its baseline is not yet observed.
        """
        last = None if self.ask.seen is None else self.ask.seen * 1000
        totals = [looks[selector] for selector in self.total]
        others = [looks[selector] for selector in self.other]
        window = self.window
        for number in range(window.count):
            until = window.end(number)
            index = seen_in.index(until / 1000)
            if not any(one.present(index) for one in totals):
                continue
            gap = None if last is None else max(0, until - window.step - last)
            fresh = gap is None or gap > pace.horizon
            if fresh and not any(index in one.grown for one in totals):
                continue
            cell = Cell(_NOBODY, window.step, not fresh, _horizon(pace, gap, fresh=fresh), until)
            other = [self._value(cell, s, looks[s], index) for s in self.other]
            known = any(one.present(index) for one in others)
            self.rows.append(
                Row(
                    until,
                    [self._value(cell, s, looks[s], index) for s in self.total],
                    other if known else None,
                )
            )
            last = until

    def _value(self, like: Cell, selector: Selector, seen: Look, index: int) -> Value:
        cell = replace(like, selector=selector)
        value, doubtful = judge_cell(cell, seen, index)
        if value is not None and not doubtful:
            return value
        self.open_cells[cell] = value
        return cell

    def reading(self, settled: Mapping[Cell, float]) -> Reading:
        """The answer, with every open cell settled."""
        window = self.window
        found: dict[int, Counts | None] = {}
        for row in self.rows:
            other = None if row.other is None else _sum(row.other, settled)
            found[row.until] = counts(_sum(row.total, settled), other, good=self.good)
        ends = (window.end(number) for number in range(window.count))
        pieces = slices(
            self.ask.objective,
            window.step // 1000,
            ((end // 1000, found.get(end)) for end in ends),
        )
        return Reading(self.ask.objective.id, fold(pieces, self.ask.stretch))


_NOBODY = Selector("")
_HOUR = 3_600_000


def _horizon(pace: Pace, gap: int | None, *, fresh: bool) -> int:
    """A gap in our own sight lengthens the look into the past (by whole hours: like questions
    travel together)."""
    return pace.horizon if fresh or not gap else pace.horizon + -(-gap // _HOUR) * _HOUR


def _sum(values: Iterable[Value], settled: Mapping[Cell, float]) -> float:
    return sum(settled[value] if isinstance(value, Cell) else value for value in values)


def read_counters(session: Session, asks: Sequence[tuple[Ask, Ratio]], pace: Pace) -> list[Reading]:
    """One reading for each ask, in order."""
    faults: dict[Selector, str] = {}
    sheets = [_sheet(ask, ratio) for ask, ratio in asks]
    counted = [sheet for sheet in sheets if isinstance(sheet, Sheet)]
    wanted: dict[Window, set[Selector]] = defaultdict(set)
    seen_in: dict[int, Window] = {}
    for window, some in _together(counted):
        for sheet in some:
            wanted[window] |= sheet.selectors
            seen_in[id(sheet)] = window
    looks = look(session, wanted, pace, faults)
    open_cells: dict[Cell, float | None] = {}
    for sheet in counted:
        window = seen_in[id(sheet)]
        if not faults.keys() & sheet.selectors:
            sheet.plan(looks[window], window, pace)
            open_cells.update(sheet.open_cells)
    settled = Settling(session, pace, faults).settle(open_cells)
    return [
        sheet if isinstance(sheet, Reading) else _conclude(sheet, settled, faults)
        for sheet in sheets
    ]


def _sheet(ask: Ask, ratio: Ratio) -> Sheet | Reading:
    try:
        return Sheet.of(ask, ratio)
    except NotCountable as refusal:
        return Reading(ask.objective.id, fault=f"the query {refusal}")


def _conclude(
    sheet: Sheet, settled: Mapping[Cell, float], faults: Mapping[Selector, str]
) -> Reading:
    fault = next((faults[s] for s in sorted(sheet.selectors) if s in faults), None)
    if fault is not None:
        return Reading(sheet.ask.objective.id, fault=fault)
    return sheet.reading(settled)


def _together(sheets: Iterable[Sheet]) -> Iterator[tuple[Window, list[Sheet]]]:
    """Asks that end at the same time and are of about the same length are asked as one: nobody is
    asked for more than twice what is needed."""
    alike: dict[tuple[int, int, int], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        window = sheet.window
        alike[window.step, window.until, window.count.bit_length()].append(sheet)
    for (step, until, _), some in alike.items():
        yield Window(min(sheet.window.since for sheet in some), until, step), some
