"""Many questions in few requests, within one deadline; a broken one harms nobody else."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Executor
from dataclasses import dataclass, field
from typing import Protocol

from bot.errors import SourceError
from bot.measure.api import Api, Down, Rejected, Series, TooHeavy, Unusable
from bot.measure.family import Family
from bot.measure.formula import MARK, marked, union
from bot.measure.selector import Selector
from bot.measure.window import Window

SLICES = 240
SPAN = 2 * 86_400_000
"""Slices in one request, and milliseconds that they may cover. (Where pods come and go, a longer
stretch holds ever more series, and Prometheus looks at each of them for every slice. And it refuses
more than 11,000 slices.)"""
TEXT = 256_000
"""Bytes of one question."""
WEIGHT = 250_000
"""Numbers in one answer, about."""
LEAST = 100
"""What a question weighs at least, for each selector: as much as an answer of so many slices."""
REQUESTS = 20
"""So many requests are aimed at for many unlike questions. (Few long unions cost more than many
short ones: Prometheus 2 takes time by the square of the length.)"""
REFUSALS = 64
"""After so many refused requests in one read, a refused batch is no longer divided."""
FEWEST, MOST = 72, 400
"""Questions in one request."""


class Question(Protocol):
    """Something to ask of every slice of a window."""

    @property
    def text(self) -> str: ...

    @property
    def size(self) -> int:
        """Numbers in the answer, for each slice, about."""
        ...

    def halves(self) -> "Sequence[Question]":
        """The same in two parts; empty if it cannot be divided."""
        ...

    def take(self, series: Series) -> None: ...

    def fail(self, fault: str) -> None: ...


Sink = Callable[[Selector, float, float], None]
"""Takes the selector, the end of the slice in seconds, the number."""


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
    def size(self) -> int:
        return len(self.family.members)

    def halves(self) -> "list[AboutFamily]":
        return [
            AboutFamily(half, self.formula, self.sink, self.faults) for half in self.family.halves()
        ]

    def take(self, series: Series) -> None:
        selector = self.family.member(series.labels)
        if selector is not None:
            for time, value in series.points:
                self.sink(selector, time, float(value))

    def fail(self, fault: str) -> None:
        for selector in self.family.members.values():
            self.faults[selector] = fault


@dataclass
class Session:
    """The requests of one read."""

    api: Api
    workers: Executor
    deadline: float
    sent: list[int] = field(default_factory=list)
    """Length of each question sent."""
    _refused: list[str] = field(default_factory=list)
    _given_up: list[str] = field(default_factory=list)

    def ask(self, questions: Mapping[Window, Sequence[Question]]) -> None:
        """Answer or fail every question."""
        batches = [
            (batch, piece)
            for window, some in questions.items()
            for piece in window.pieces(max(1, min(SLICES, SPAN // window.step)))
            for batch in _batches(some, piece.count)
        ]
        under_way = []
        for batch, piece in batches:
            try:
                under_way.append((batch, self.workers.submit(self._settle, batch, piece)))
            except RuntimeError:  # no new work after the executor was shut down
                _fail(batch, _CLOSED)
        for batch, future in under_way:
            try:
                future.result()
            except CancelledError:
                _fail(batch, _CLOSED)

    def _settle(self, batch: Sequence[Question], window: Window) -> None:
        """Answer or fail a batch, however often it must be divided."""
        todo = [(batch, window)]
        while todo:
            some, span = todo.pop()
            try:
                self._request(some, span)
            except Rejected as error:
                self._refused.append(str(error))
                parts = _parts(some, span, heavy=isinstance(error, TooHeavy))
                if len(self._refused) > REFUSALS:
                    parts = []
                todo.extend(reversed(parts))
                if not parts:
                    _fail(some, str(error))
            except SourceError as error:
                if isinstance(error, Down):
                    self._given_up.append(str(error))
                _fail(some, str(error))

    def _request(self, batch: Sequence[Question], window: Window) -> None:
        if self._given_up:
            raise Down(self._given_up[0])
        text = union([marked(question.text, mark) for mark, question in enumerate(batch)])
        self.sent.append(len(text))
        answer = self.api.range(text, window, self.deadline)
        try:
            for series in answer:
                batch[int(series.labels[MARK])].take(series)
        except (KeyError, IndexError, TypeError, ValueError) as broken:
            raise Unusable("answered with JSON that does not fit the question") from broken


_CLOSED = "was closed meanwhile"


def _fail(batch: Iterable[Question], fault: str) -> None:
    for question in batch:
        question.fail(fault)


def _parts(
    batch: Sequence[Question], window: Window, *, heavy: bool
) -> list[tuple[Sequence[Question], Window]]:
    """What a refused request is divided into: first its questions, then its time."""
    if len(batch) > 1:
        middle = len(batch) // 2
        return [(batch[:middle], window), (batch[middle:], window)]
    halves = batch[0].halves()
    if halves:
        return [([half], window) for half in halves]
    if heavy and window.count > 1:
        return [(batch, half) for half in window.halves()]
    return []


def _batches(questions: Sequence[Question], slices: int) -> Iterator[Sequence[Question]]:
    most = min(MOST, max(FEWEST, -(-len(questions) // REQUESTS)))
    batch: list[Question] = []
    weight = length = 0
    for question in questions:
        more, longer = question.size * max(slices, LEAST), len(question.text)
        if batch and (len(batch) == most or weight + more > WEIGHT or length + longer > TEXT):
            yield batch
            batch, weight, length = [], 0, 0
        batch.append(question)
        weight += more
        length += longer
    if batch:
        yield batch
