"""Many small pieces of work done together: one transaction, one wait for the disk, one place in the
history's line."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import Generic, TypeVar

from bot.errors import Doubtful, RecordError, Silent

A = TypeVar("A")
B = TypeVar("B")

MOST = 64
"""Pieces at a time: none waits for hundreds of others."""
GATHER = 0.002
"""Seconds to wait for more while many come; a single one never waits."""
_HOPELESS = (Doubtful, Silent)
"""No piece is to blame, and to try each by itself would take as long as all of them again."""


class Together(Generic[A, B]):
    """Whoever comes while others are served waits, and is then served with all who wait. `work`
    gives a result or an error for each piece, in their order, or raises for all of them."""

    def __init__(self, work: Callable[[Sequence[A]], Sequence[B | Exception]]) -> None:
        self._work = work
        # A thread of its own: those who wait need none, and nobody who has been served holds up
        # the next.
        self._server = ThreadPoolExecutor(1, thread_name_prefix="burnban-together")
        self._waiting: deque[tuple[A, Future[B]]] = deque()
        self._serving = self._many = False
        self._turn = Lock()

    def do(self, asked: A) -> B:
        """What `work` gives for this piece."""
        return self.begin(asked).result()

    def begin(self, asked: A) -> "Future[B]":
        """The same for whoever has no thread to wait in. It can be cancelled until its turn comes,
        and is then not done; after that it is, whether or not somebody still waits for it."""
        answer: Future[B] = Future()
        with self._turn:
            if not self._serving:
                self._server.submit(self._serve)
                self._serving = True
            self._waiting.append((asked, answer))
        return answer

    def _serve(self) -> None:
        """Until nobody waits."""
        while some := self._next():
            for (_, answer), result in zip(some, self._results(some), strict=True):
                if isinstance(result, BaseException):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    def _next(self) -> list[tuple[A, "Future[B]"]]:
        if self._many:  # others come as fast: one transaction for more of them costs less of all
            Event().wait(GATHER)
        some: list[tuple[A, Future[B]]] = []
        with self._turn:
            while self._waiting and len(some) < MOST:
                one = self._waiting.popleft()
                if one[1].set_running_or_notify_cancel():
                    some.append(one)
            self._serving = bool(some)
        self._many = len(some) > 1
        return some

    def _results(self, some: Sequence[tuple[A, "Future[B]"]]) -> Sequence[B | BaseException]:
        asked = [one for one, _ in some]
        found = self._tried(asked)
        if not isinstance(found, BaseException):
            return found
        if len(some) > 1 and isinstance(found, RecordError) and not isinstance(found, _HOPELESS):
            return self._one_by_one(asked)
        return [found] * len(some)

    def _one_by_one(self, asked: Sequence[A]) -> Sequence[B | BaseException]:
        """One that the database does not take spoils nobody else's."""
        results: list[B | BaseException] = []
        for one in asked:
            if results and isinstance(results[-1], Silent):
                results.append(results[-1])  # it went away meanwhile
                continue
            found = self._tried([one])
            results.append(found if isinstance(found, BaseException) else found[0])
        return results

    def _tried(self, asked: Sequence[A]) -> Sequence[B | Exception] | BaseException:
        """Whatever comes up is told: whoever waits must hear something, and whoever comes later
        must be served."""
        try:
            found = self._work(asked)
        except BaseException as error:  # noqa: BLE001
            return error
        if len(found) != len(asked):
            return AssertionError(f"{len(found)} results for {len(asked)} pieces")
        return found
