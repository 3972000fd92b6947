"""Many questions in few requests, within one deadline; a broken one harms nobody else."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import FIRST_COMPLETED, CancelledError, Executor, Future, wait
from dataclasses import dataclass, field, replace

from bot.errors import SourceError
from bot.measure.api import Api, Down, Rejected, Silent, Slow, TooHeavy, Unusable
from bot.measure.batches import Batch, about, batches
from bot.measure.formula import MARK, marked, union
from bot.measure.question import Question, Subject
from bot.measure.suspects import Suspects
from bot.measure.window import Window

REFUSALS = 64
"""After so many refused requests in one read, a refused batch is no longer divided."""
HALF = 0.5
"""Share of the time of a read that one request may take, and all suspects together."""
PROBE = 5.0
"""Seconds for a server to say that it is alive."""
_CLOSED = "was closed meanwhile"
_RESTS = "takes too long for this query even when asked nothing else; it is asked again later"


class Late(SourceError):
    """No time was left to ask."""


@dataclass
class Session:
    """The requests of one read."""

    api: Api
    workers: Executor
    monotonic: Callable[[], float]
    total: float
    """Seconds for all of it."""
    suspects: Suspects
    sent: list[int] = field(default_factory=list)
    """Length of each question sent."""
    _refused: list[str] = field(default_factory=list)
    _given_up: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deadline = self.monotonic() + self.total

    def ask(self, questions: Mapping[Window, Sequence[Question]]) -> None:
        """Answer or fail every question. Suspects go last, in requests of their own."""
        subjects = {one for some in questions.values() for q in some for one in q.subjects}
        groups = self.suspects.groups(subjects)
        quiet = subjects.difference(*groups)
        free = questions
        if groups:
            free = {w: about(some, frozenset(quiet)) for w, some in questions.items()}
        self._run(batches(free, min(self.api.timeout, HALF * self.total)))
        until = self.monotonic() + HALF * self.total
        for group in groups:
            if any(map(self.suspects.rests, group)):
                _fail((q for some in questions.values() for q in about(some, group)), _RESTS)
                continue
            theirs = {window: about(some, group) for window, some in questions.items()}
            self._ask_apart(group, theirs, until)

    def _ask_apart(
        self,
        group: frozenset[Subject],
        questions: Mapping[Window, Sequence[Question]],
        until: float,
    ) -> None:
        patience = min(self.api.timeout, HALF * self.total) / 2
        apart = [
            replace(batch, suspect=True, until=until) for batch in batches(questions, patience)
        ]
        failed = self._run(apart)
        self.suspects.clear(group - failed)

    def _run(self, some: Iterable[Batch]) -> set[Subject]:
        """Ask all the batches; what a refused one is divided into waits behind the others. The
        subjects that have no answer in the end."""
        failed: set[Subject] = set()
        under_way: dict[Future[list[Batch]], Batch] = {}

        def begin(batch: Batch) -> None:
            try:
                under_way[self.workers.submit(self._settle, batch, failed)] = batch
            except RuntimeError:  # no new work after the executor was shut down
                _fail(batch.questions, _CLOSED)

        for batch in some:
            begin(batch)
        while under_way:
            for future in wait(under_way, return_when=FIRST_COMPLETED).done:
                batch = under_way.pop(future)
                try:
                    for part in future.result():
                        begin(part)
                except CancelledError:
                    _fail(batch.questions, _CLOSED)
        return failed

    def _settle(self, batch: Batch, failed: set[Subject]) -> list[Batch]:
        """Answer or fail a batch, or say what it is to be divided into."""
        if failed.issuperset(batch.subjects):
            return []
        try:
            self._request(batch)
        except SourceError as error:
            parts = self._parts(batch, error)
            if not parts:
                failed.update(batch.subjects)
                _fail(batch.questions, str(error))
            return parts
        return []

    def _parts(self, batch: Batch, error: SourceError) -> list[Batch]:
        """What is left to ask after that error; remembers who is to blame if nothing is."""
        match error:
            case Rejected():
                self._refused.append(str(error))
                parts = batch.parts(heavy=isinstance(error, TooHeavy))
                if parts and len(self._refused) <= REFUSALS:
                    return parts
                self._suspect(batch, slow=isinstance(error, Slow))
            case Late() if batch.suspect:
                self._suspect(batch, slow=True)
            case Down():
                self._given_up.append(str(error))
            case _:
                pass
        return []

    def _suspect(self, batch: Batch, *, slow: bool) -> None:
        first, *others = batch.subjects
        if slow and others:
            self.suspects.unresolved([first, *others])
        elif slow:
            self.suspects.slow(first)
        elif not others:
            self.suspects.refused(first)

    def _request(self, batch: Batch) -> None:
        if self._given_up:
            raise Down(self._given_up[0])
        now = self.monotonic()
        until = min(self.deadline, batch.until)
        if now >= until:
            raise Late(f"had no time left for this: one read has {self.total:g} s in all")
        text = union([marked(question.text, mark) for mark, question in enumerate(batch.questions)])
        self.sent.append(len(text))
        try:
            answer = self.api.range(text, batch.window, min(until, now + batch.patience))
        except Silent as error:
            if self.monotonic() >= until or now + batch.patience > until:
                raise Late(str(error)) from error
            self.api.alive(min(self.deadline, self.monotonic() + PROBE))
            raise Slow(str(error)) from error
        try:
            for series in answer:
                batch.questions[int(series.labels[MARK])].take(series)
        except (KeyError, IndexError, TypeError, ValueError) as broken:
            raise Unusable("answered with JSON that does not fit the question") from broken


def _fail(questions: Iterable[Question], fault: str) -> None:
    for question in questions:
        question.fail(fault)
