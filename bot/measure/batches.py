"""How many questions travel together, and how a refused request is divided."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.measure.question import Question, Subject
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
"""What a question weighs at least, for each subject: as much as an answer of so many slices."""
REQUESTS = 20
"""So many requests are aimed at for many unlike questions. (Few long unions cost more than many
short ones: Prometheus 2 takes time by the square of the length.)"""
FEWEST, MOST = 72, 400
"""Questions in one request."""
PATIENCE = 2.0
"""Seconds that a part of a slow request gets at least."""


@dataclass(frozen=True)
class Batch:
    """The questions of one request."""

    questions: Sequence[Question]
    window: Window
    patience: float
    """Seconds that it may take."""
    suspect: bool = False
    """Part of something that took too long."""
    until: float = field(default=float("inf"))
    """When it must be over, whatever the deadline of the session."""

    @property
    def subjects(self) -> list[Subject]:
        """All that it is about, each once."""
        return list(dict.fromkeys(one for q in self.questions for one in q.subjects))

    def parts(self, *, heavy: bool) -> "list[Batch]":
        """Divided: first its subjects, then (if it was merely too much) its time; empty if it
        cannot be. What took too long gets half the time for each half."""
        patience = max(min(PATIENCE, self.patience), self.patience / 2) if heavy else self.patience
        subjects, suspect = self.subjects, self.suspect or heavy
        if len(subjects) > 1:
            middle = len(subjects) // 2
            return [
                Batch(about(self.questions, half), self.window, patience, suspect, self.until)
                for half in (frozenset(subjects[:middle]), frozenset(subjects[middle:]))
            ]
        if heavy and self.window.count > 1:
            return [
                Batch(self.questions, half, patience, suspect, self.until)
                for half in self.window.halves()
            ]
        return []


def about(questions: Sequence[Question], some: frozenset[Subject]) -> list[Question]:
    """The questions, about these subjects only."""
    return [part for question in questions if (part := question.among(some)) is not None]


def batches(questions: Mapping[Window, Sequence[Question]], patience: float) -> Iterator[Batch]:
    """Every question of every window, few requests, each of a bounded size."""
    for window, some in questions.items():
        for piece in window.pieces(max(1, min(SLICES, SPAN // window.step))):
            for batch in _bounded(some, piece.count):
                yield Batch(batch, piece, patience)


def _bounded(questions: Sequence[Question], slices: int) -> Iterator[Sequence[Question]]:
    most = min(MOST, max(FEWEST, -(-len(questions) // REQUESTS)))
    batch: list[Question] = []
    weight = length = 0
    for question in questions:
        more, longer = len(question.subjects) * max(slices, LEAST), len(question.text)
        if batch and (len(batch) == most or weight + more > WEIGHT or length + longer > TEXT):
            yield batch
            batch, weight, length = [], 0, 0
        batch.append(question)
        weight += more
        length += longer
    if batch:
        yield batch
