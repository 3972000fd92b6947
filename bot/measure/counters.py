"""Ratios of counters, counted exactly: every scraped event once, and none that a gap minted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from bot.judge.indicator import Ratio
from bot.measure.family import families
from bot.measure.formula import known
from bot.measure.looks import Pace, look
from bot.measure.promql import NotCountable
from bot.measure.selector import Selector
from bot.measure.session import AboutFamily, Question, Session
from bot.measure.settle import Cell, Settling
from bot.measure.sheet import Sheet
from bot.measure.window import Window
from bot.ports import Ask, Reading

Faults = dict[Selector, str]


def read_counters(session: Session, asks: Sequence[tuple[Ask, Ratio]], pace: Pace) -> list[Reading]:
    """One reading for each ask, in order."""
    faults: Faults = {}
    sheets = [_sheet(ask, ratio) for ask, ratio in asks]
    groups = list(_together(sheet for sheet in sheets if isinstance(sheet, Sheet)))
    wanted: dict[Window, set[Selector]] = defaultdict(set)
    for window, some in groups:
        wanted[window].update(*(sheet.selectors for sheet in some))
    looks = look(session, wanted, pace, faults)
    sound = [
        (sheet, looks[window], window)
        for window, some in groups
        for sheet in some
        if not faults.keys() & sheet.selectors
    ]
    _check_memory(session, [s for s, seen, w in sound if s.relies_on_memory(seen, w)], pace, faults)
    open_cells: dict[Cell, float | None] = {}
    for sheet, seen, window in sound:
        sheet.plan(seen, window, pace)
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


def _conclude(sheet: Sheet, settled: Mapping[Cell, float], faults: Faults) -> Reading:
    fault = next((faults[s] for s in sorted(sheet.selectors) if s in faults), None)
    if fault is not None:
        return Reading(sheet.ask.objective.id, fault=fault)
    return sheet.reading(settled)


def _check_memory(session: Session, sheets: Sequence[Sheet], pace: Pace, faults: Faults) -> None:
    """A server that was emptied, or replaced, does not remember what we saw. All its series seem
    new then, and their whole lives would be minted: we must begin anew as well."""
    moments: dict[Window, list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        if sheet.seen is not None:
            step = sheet.window.step
            moments[Window(sheet.seen - step, sheet.seen, step)].append(sheet)
    remembered: set[tuple[Selector, int]] = set()
    text = partial(known, horizon=pace.horizon, trim=pace.trim)
    sink = partial(_remember, remembered)
    questions: dict[Window, list[Question]] = {
        window: [
            AboutFamily(family, text, sink, faults)
            for family in families(selector for sheet in some for selector in sheet.total)
        ]
        for window, some in moments.items()
    }
    session.ask(questions)
    for sheet in sheets:
        if not any((selector, sheet.seen) in remembered for selector in sheet.total):
            sheet.seen = None


def _remember(
    remembered: set[tuple[Selector, int]], selector: Selector, time: float, _: float
) -> None:
    remembered.add((selector, round(time * 1000)))


def _together(sheets: Iterable[Sheet]) -> Iterator[tuple[Window, list[Sheet]]]:
    """Asks that end at the same time and are of about the same length are asked as one: nobody is
    asked for more than twice what is needed."""
    alike: dict[tuple[int, int, int], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        window = sheet.window
        alike[window.step, window.until, window.count.bit_length()].append(sheet)
    for (step, until, _), some in alike.items():
        yield Window(min(sheet.window.since for sheet in some), until, step), some
