"""The first look at counters: what they grew by, and where a second look is needed."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import partial

from bot.measure.family import families
from bot.measure.formula import born, grown, resets
from bot.measure.question import AboutFamily, Question
from bot.measure.selector import Selector
from bot.measure.session import Session
from bot.measure.window import Window


@dataclass(slots=True)
class Look:
    """What was seen of one selector, by index of the slice; what is missing was not there."""

    grown: dict[int, float] = field(default_factory=dict)
    """Growth of the series that were there before."""
    born: dict[int, float] = field(default_factory=dict)
    """Values of the series that seem new."""
    resets: dict[int, float] = field(default_factory=dict)
    """Resets in the slice, or shortly before it."""

    def present(self, index: int) -> bool:
        """Whether any series had a sample in that slice."""
        return index in self.grown or index in self.born


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the series are scraped, and how far back their past reaches; milliseconds."""

    scrape: int
    horizon: int
    trim: int = 0
    """What a range must be shortened by to be open on the left."""

    @property
    def reach(self) -> int:
        """A series without a sample for so long is not simply continued: three scrapes and a half,
        so that two missed ones are nothing special."""
        return self.scrape * 7 // 2

    def fine(self, step: int) -> int:
        """The longest part of a slice that never holds two samples of a series: a third of a
        scrape interval at most, and the slice is a multiple of it."""
        parts = -(-step * 3 // self.scrape)
        return step // next(n for n in range(parts, step + 1) if step % n == 0)


def look(
    session: Session,
    wanted: Mapping[Window, Iterable[Selector]],
    pace: Pace,
    faults: dict[Selector, str],
) -> dict[Window, dict[Selector, Look]]:
    """Look at all the selectors of each window, in few requests."""
    looks: dict[Window, dict[Selector, Look]] = {}
    questions: dict[Window, list[Question]] = {}
    for window, selectors in wanted.items():
        looks[window] = {selector: Look() for selector in selectors}
        questions[window] = list(_questions(looks[window], window, pace, faults))
    session.ask(questions)
    return looks


def _questions(
    looks: Mapping[Selector, Look], window: Window, pace: Pace, faults: dict[Selector, str]
) -> Iterable[Question]:
    kin = families(looks)
    for part, formula in (("grown", grown), ("born", born), ("resets", resets)):
        text = partial(formula, step=window.step, reach=pace.reach, trim=pace.trim)
        sink = partial(_note, looks, part, window)
        for family in kin:
            yield AboutFamily(family, text, sink, faults)


def _note(
    looks: Mapping[Selector, Look],
    part: str,
    window: Window,
    selector: Selector,
    time: float,
    value: float,
) -> None:
    getattr(looks[selector], part)[window.index(time)] = value
