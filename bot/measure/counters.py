"""Ratios of counters, counted exactly: every scraped event once, and none that a gap minted."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial

from bot.judge.indicator import Ratio
from bot.measure.bounds import missing_bounds
from bot.measure.family import families
from bot.measure.formula import known
from bot.measure.looks import Pace, look
from bot.measure.promql import NotCountable
from bot.measure.question import AboutFamily, Question
from bot.measure.selector import Selector
from bot.measure.session import Session
from bot.measure.settle import Cell, Settling
from bot.measure.sheet import Sheet
from bot.measure.skew import Excesses
from bot.measure.window import Window
from bot.ports import Ask, Reading

Faults = dict[Selector, str]


def read_counters(
    session: Session, asks: Sequence[tuple[Ask, Ratio]], pace: Pace, excesses: Excesses
) -> list[Reading]:
    """One reading for each ask, in order."""
    faults: Faults = {}
    sheets = [_sheet(ask, ratio) for ask, ratio in asks]
    groups = list(_together(sheet for sheet in sheets if isinstance(sheet, Sheet)))
    wanted: dict[Window, set[Selector]] = defaultdict(set)
    for window, some in groups:
        wanted[window].update(*(sheet.selectors for sheet in some))
    looks = look(session, wanted, pace, faults)
    sound: list[Sheet] = []
    for window, some in groups:
        for sheet in some:
            if not faults.keys() & sheet.selectors:
                sheet.plan(looks[window], window, pace)
                sound.append(sheet)
    known = _known(session, sound, pace, faults)
    open_cells: dict[Cell, float | None] = {}
    for sheet in sound:
        sheet.settle_doubts(known)
        open_cells.update(sheet.open_cells)
    settled = Settling(session, pace, faults).settle(open_cells)
    unbound = missing_bounds(session, sound)
    return [
        sheet
        if isinstance(sheet, Reading)
        else _conclude(sheet, settled, faults, excesses, unbound)
        for sheet in sheets
    ]


def _sheet(ask: Ask, ratio: Ratio) -> Sheet | Reading:
    try:
        return Sheet.of(ask, ratio)
    except NotCountable as refusal:
        return Reading(ask.objective.id, fault=f"the query {refusal}")


def _conclude(
    sheet: Sheet,
    settled: Mapping[Cell, float],
    faults: Faults,
    excesses: Excesses,
    unbound: Mapping[str, str],
) -> Reading:
    fault = next((faults[s] for s in sorted(sheet.needs) if s in faults), None)
    fault = fault or unbound.get(sheet.ask.objective.id)
    if fault is not None:
        return Reading(sheet.ask.objective.id, fault=fault)
    reading, excess = sheet.reading(settled, excesses.before(sheet.ask))
    if reading.fault is None:
        excesses.keep(sheet.ask, excess)
    return reading


def _known(
    session: Session, sheets: Iterable[Sheet], pace: Pace, faults: Faults
) -> set[tuple[Selector, int]]:
    """Which selectors the server had samples of, up to which of the moments in doubt.

    When a server has just begun to scrape, or was emptied or replaced, all series seem new to it,
    and their whole lives would be minted. And where good events have no series, there are none only
    if there were some before.
    """
    wanted: dict[tuple[Window, int], set[Selector]] = defaultdict(set)
    for sheet in sheets:
        for window, horizon, selectors in sheet.doubts(pace):
            wanted[window, horizon].update(selectors)
    found: set[tuple[Selector, int]] = set()
    questions: dict[Window, list[Question]] = defaultdict(list)
    for (window, horizon), some in wanted.items():
        text = partial(known, horizon=horizon, trim=pace.trim)
        for family in families(some):
            questions[window].append(AboutFamily(family, text, partial(_note, found), faults))
    session.ask(questions)
    return found


def _note(found: set[tuple[Selector, int]], selector: Selector, time: float, _: float) -> None:
    found.add((selector, round(time * 1000)))


def _together(sheets: Iterable[Sheet]) -> Iterator[tuple[Window, list[Sheet]]]:
    """Asks that end at the same time and are of about the same length are asked as one: nobody is
    asked for more than twice what is needed."""
    alike: dict[tuple[int, int, int], list[Sheet]] = defaultdict(list)
    for sheet in sheets:
        window = sheet.window
        alike[window.step, window.until, window.count.bit_length()].append(sheet)
    for (step, until, _), some in alike.items():
        yield Window(min(sheet.window.since for sheet in some), until, step), some
