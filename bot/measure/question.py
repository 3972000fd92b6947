"""Something to ask of every slice of a window, about one subject or many."""

from collections.abc import Callable, Collection, Container
from dataclasses import dataclass, replace
from typing import Protocol, Self

from bot.measure.api import Series
from bot.measure.family import Family
from bot.measure.selector import Selector

Subject = Selector | str
"""What can be at fault by itself: a selector, or the text of a query."""
Sink = Callable[[Selector, float, float], None]
"""Takes the selector, the end of the slice in seconds, the number."""


class Question(Protocol):
    """Something to ask of every slice of a window."""

    @property
    def text(self) -> str:
        """PromQL."""
        ...

    @property
    def subjects(self) -> Collection[Subject]:
        """What it is about: so many numbers are in the answer for each slice, about."""
        ...

    def among(self, some: Container[Subject]) -> Self | None:
        """The same about these subjects only; None if it is about none of them."""
        ...

    def take(self, series: Series) -> None:
        """A series of the answer."""
        ...

    def fail(self, fault: str) -> None:
        """There is no answer."""
        ...


@dataclass(frozen=True)
class AboutFamily:
    """One formula over one family."""

    family: Family
    formula: Callable[[Family], str]
    sink: Sink
    faults: dict[Selector, str]

    @property
    def text(self) -> str:
        return self.formula(self.family)

    @property
    def subjects(self) -> Collection[Selector]:
        return self.family.members.values()

    def among(self, some: Container[Subject]) -> Self | None:
        family = self.family.among(some)
        return None if family is None else replace(self, family=family)

    def take(self, series: Series) -> None:
        selector = self.family.member(series.labels)
        if selector is not None:
            for time, value in series.points:
                self.sink(selector, time, float(value))

    def fail(self, fault: str) -> None:
        for selector in self.family.members.values():
            self.faults[selector] = fault
