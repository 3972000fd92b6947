"""A latency whose limit is no bucket of the histogram: it cannot be counted, and is told with the
bounds that there are."""

from collections import defaultdict
from collections.abc import Collection, Container, Iterable, Mapping
from dataclasses import dataclass, field, replace

from bot.measure.api import Series
from bot.measure.question import Question, Subject
from bot.measure.selector import Selector
from bot.measure.session import Session
from bot.measure.sheet import Sheet
from bot.measure.window import Window


@dataclass
class Bounds:
    """Asks which buckets a histogram has."""

    bucket: Selector
    """The one that was not there."""
    found: set[str] = field(default_factory=set)
    answered: bool = True

    @property
    def text(self) -> str:
        every = tuple(m for m in self.bucket.matchers if m.label != "le")
        return f"group by (le)({replace(self.bucket, matchers=every)})"

    @property
    def subjects(self) -> Collection[Subject]:
        return (self.bucket,)

    def among(self, some: Container[Subject]) -> "Bounds | None":
        return self if self.bucket in some else None

    def take(self, series: Series) -> None:
        self.found.add(series.labels.get("le", ""))

    def fail(self, fault: str) -> None:
        """Without an answer nothing is told: the slices are merely unobserved."""
        del fault
        self.answered = False

    @property
    def fault(self) -> str | None:
        """What is to be said of it; None if the histogram was not seen at all."""
        if not self.answered:
            return None
        name = self.bucket.name
        if not self.found:
            return (
                f"has no {name} beside its count: no classic histogram is stored there "
                "(if it is a native one, write native: true)"
            )
        wanted = [way.replace("\\", "") for way in self._wanted.split("|")]
        if not self.found.isdisjoint(wanted):
            return None
        there = ", ".join(sorted(self.found, key=float))
        return f"has no bucket {wanted[0]} of {name}; take one of its bounds: {there}"

    @property
    def _wanted(self) -> str:
        return next(m.value for m in self.bucket.matchers if m.label == "le")


def missing_bounds(session: Session, sheets: Iterable[Sheet]) -> Mapping[str, str]:
    """Faults, by the objective that each is about."""
    asked: dict[Selector, Bounds] = {}
    windows: dict[Window, list[Question]] = defaultdict(list)
    lacking = [(sheet.ask.objective.id, list(sheet.bucketless())) for sheet in sheets]
    for _, some in lacking:
        for bucket, window in some:
            if bucket not in asked:
                asked[bucket] = Bounds(bucket)
                windows[window].append(asked[bucket])
    session.ask(windows)
    faults: dict[str, str] = {}
    for name, some in lacking:
        # Of histograms that are added up, the one that is there says what can be had.
        found = sorted((asked[bucket] for bucket, _ in some), key=lambda one: not one.found)
        if found and found[0].fault is not None:
            faults[name] = found[0].fault
    return faults
