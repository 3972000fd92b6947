"""The second look: slices in which series were born, came back, or were reset."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from bot.measure.family import Family, families
from bot.measure.formula import returned, walked, walked_from_baseline
from bot.measure.looks import Look, Pace, look
from bot.measure.question import AboutFamily, Question
from bot.measure.selector import Selector
from bot.measure.session import Session
from bot.measure.window import Window

WALK = 60
"""A slice of at most so many parts is walked through; a longer one is first divided."""
DIVIDE = 12
"""Into so many slices."""
NEAR = 10
"""Slices with newcomers are asked about together if they lie so close."""


@dataclass(frozen=True, slots=True, order=True)
class Cell:
    """One selector in one slice."""

    selector: Selector
    step: int
    births: bool
    """Whether new series count from zero; otherwise their first sample is a baseline."""
    horizon: int
    """How far back a series must have been there not to be new."""
    until: int


def judge_cell(seen: Look, index: int, *, births: bool) -> tuple[float | None, bool]:
    """The count of a slice by the first look (None: it cannot be told), and whether that count
    holds only if its newcomers were never there before."""
    if index in seen.resets:
        return None, False
    value = seen.grown.get(index, 0.0)
    if index not in seen.born:
        return value, False
    return (value + seen.born[index], True) if births else (None, False)


class Settling:
    """Finds the counts of cells that the first look left open."""

    def __init__(self, session: Session, pace: Pace, faults: dict[Selector, str]) -> None:
        self._session = session
        self._pace = pace
        self._faults = faults

    def settle(self, cells: Mapping[Cell, float | None]) -> dict[Cell, float]:
        """The count of every cell. A number is its count if its newcomers are really new."""
        doubtful = [cell for cell, value in cells.items() if value is not None]
        old = self._returned(doubtful)
        found = {cell: value for cell, value in cells.items() if value is not None}
        open_ones = [cell for cell, value in cells.items() if value is None]
        open_ones += [cell for cell in doubtful if cell in old]
        short = [cell for cell in open_ones if self._parts(cell) <= WALK]
        found.update(self._walk(short))
        found.update(self._divide([cell for cell in open_ones if self._parts(cell) > WALK]))
        return found

    def _parts(self, cell: Cell) -> int:
        return cell.step // self._pace.fine(cell.step)

    def _returned(self, cells: Iterable[Cell]) -> set[Cell]:
        """Those of the cells in which some newcomer is none: it was there within the horizon."""
        old: set[Cell] = set()
        alike: dict[tuple[int, int], list[Cell]] = defaultdict(list)
        for cell in cells:
            alike[cell.step, cell.horizon].append(cell)
        questions: dict[Window, list[Question]] = defaultdict(list)
        for (step, horizon), some in alike.items():
            for window, near in _clusters(some, step):
                known = {(cell.selector, cell.until): cell for cell in near}
                text = partial(
                    returned,
                    step=step,
                    reach=self._pace.reach,
                    horizon=horizon,
                    trim=self._pace.trim,
                )
                sink = partial(_note_old, old, known)
                for family in families(cell.selector for cell in near):
                    questions[window].append(AboutFamily(family, text, sink, self._faults))
        self._session.ask(questions)
        return old

    def _walk(self, cells: Iterable[Cell]) -> dict[Cell, float]:
        """Count sample by sample."""
        found = dict.fromkeys(cells, 0.0)
        alike: dict[tuple[Cell, int], list[Selector]] = defaultdict(list)
        for first, until in _runs(found):
            alike[replace(first, selector=_ANY), until].append(first.selector)
        questions: dict[Window, list[Question]] = defaultdict(list)
        for (kind, until), selectors in alike.items():
            fine = self._pace.fine(kind.step)
            text = self._walking(kind, fine)
            sink = partial(_add, found, kind)
            window = Window(kind.until - kind.step, until, fine)
            for family in families(selectors):
                questions[window].append(AboutFamily(family, text, sink, self._faults))
        self._session.ask(questions)
        return found

    def _walking(self, kind: Cell, fine: int) -> Callable[[Family], str]:
        trim = self._pace.trim
        if kind.births:
            return partial(walked, step=fine, horizon=kind.horizon, trim=trim)
        reach = kind.step + self._pace.reach
        return partial(walked_from_baseline, step=fine, reach=reach, trim=trim)

    def _divide(self, cells: Iterable[Cell]) -> dict[Cell, float]:
        """Look again at shorter slices, and settle only what is still open there."""
        found: dict[Cell, float] = {}
        alike: dict[Window, list[Cell]] = defaultdict(list)
        for cell in cells:
            found[cell] = 0.0
            step = cell.step // _divisor(cell.step)
            alike[Window(cell.until - cell.step, cell.until, step)].append(cell)
        if not found:
            return found
        wanted = {window: {cell.selector for cell in some} for window, some in alike.items()}
        looks = look(self._session, wanted, self._pace, self._faults)
        whole: dict[Cell, Cell] = {}
        still_open: dict[Cell, float | None] = {}
        for window, some in alike.items():
            for cell in some:
                seen = looks[window][cell.selector]
                for index in range(window.count):
                    value, doubtful = judge_cell(seen, index, births=cell.births)
                    if value is None or doubtful:
                        part = replace(cell, until=window.end(index), step=window.step)
                        still_open[part], whole[part] = value, cell
                    else:
                        found[cell] += value
        for part, value in self.settle(still_open).items():
            found[whole[part]] += value
        return found


_ANY = Selector("")


def _note_old(
    old: set[Cell],
    known: Mapping[tuple[Selector, int], Cell],
    selector: Selector,
    time: float,
    _: float,
) -> None:
    cell = known.get((selector, round(time * 1000)))
    if cell is not None:
        old.add(cell)


def _add(
    found: dict[Cell, float], first: Cell, selector: Selector, time: float, value: float
) -> None:
    until = first.until + -((first.until - round(time * 1000)) // first.step) * first.step
    found[replace(first, selector=selector, until=until)] += value


def _runs(cells: Iterable[Cell]) -> list[tuple[Cell, int]]:
    """Slices of one selector that follow one another: the first, and the end of the last."""
    runs: list[tuple[Cell, int]] = []
    for cell in sorted(cells):
        if runs and cell == replace(runs[-1][0], until=runs[-1][1] + cell.step):
            runs[-1] = runs[-1][0], cell.until
        else:
            runs.append((cell, cell.until))
    return runs


def _divisor(step: int) -> int:
    return next(n for n in range(DIVIDE, step + 1) if step % n == 0)


def _clusters(cells: Iterable[Cell], step: int) -> list[tuple[Window, list[Cell]]]:
    """Cells in runs, each with the window from its first to its last slice."""
    runs: list[list[Cell]] = []
    for cell in sorted(cells, key=lambda cell: cell.until):
        if runs and cell.until - runs[-1][-1].until <= NEAR * step:
            runs[-1].append(cell)
        else:
            runs.append([cell])
    return [(Window(run[0].until - step, run[-1].until, step), run) for run in runs]
