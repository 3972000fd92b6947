"""Many small pieces of work done together: one transaction, one wait for the disk, one place in the
history's line."""

from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event, Lock
from typing import Generic, TypeVar

from bot.errors import Doubtful, RecordError

A = TypeVar("A")
B = TypeVar("B")

MOST = 64
"""Pieces at a time: none waits for hundreds of others."""
GATHER = 0.002
"""Seconds to wait for more while many come; a single one never waits."""


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
        """The same for whoever has no thread to wait in. It cannot be cancelled: the work is done,
        whether or not somebody still waits for it."""
        answer: Future[B] = Future()
        answer.set_running_or_notify_cancel()
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
                if isinstance(result, Exception):
                    answer.set_exception(result)
                else:
                    answer.set_result(result)

    def _next(self) -> list[tuple[A, "Future[B]"]]:
        if self._many:  # others come as fast: one transaction for more of them costs less of all
            Event().wait(GATHER)
        with self._turn:
            some = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
            self._serving = bool(some)
        self._many = len(some) > 1
        return some

    def _results(self, some: Sequence[tuple[A, "Future[B]"]]) -> Sequence[B | Exception]:
        try:
            return self._work([asked for asked, _ in some])
        except Exception as error:  # noqa: BLE001 - each of them is told
            if len(some) > 1 and isinstance(error, RecordError) and not isinstance(error, Doubtful):
                return [self._alone(asked) for asked, _ in some]
            return [error] * len(some)

    def _alone(self, asked: A) -> B | Exception:
        """One that the database does not take spoils nobody else's."""
        try:
            return self._work([asked])[0]
        except Exception as error:  # noqa: BLE001 - as above
            return error
