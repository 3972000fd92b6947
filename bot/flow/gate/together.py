"""Many small pieces of work done together: one transaction, one wait for the disk, one place in the
history's line."""

from collections import deque
from collections.abc import Callable, Sequence
from threading import Event, Lock
from typing import Generic, TypeVar

from bot.errors import Doubtful, RecordError

A = TypeVar("A")
B = TypeVar("B")

MOST = 64
"""Pieces at a time: none waits for hundreds of others."""
GATHER = 0.002
"""Seconds to wait for more while many come; a single one never waits."""


class _Piece(Generic[A, B]):
    __slots__ = ("asked", "done", "error", "result")

    def __init__(self, asked: A) -> None:
        self.asked = asked
        self.done = False
        self.result: B | None = None
        self.error: Exception | None = None


class Together(Generic[A, B]):
    """Whoever comes while others are at it waits, and is then served with all who wait. `work`
    gives a result or an error for each piece, in their order, or raises for all of them."""

    def __init__(self, work: Callable[[Sequence[A]], Sequence[B | Exception]]) -> None:
        self._work = work
        self._busy = False
        self._waiting: deque[_Piece[A, B]] = deque()
        self._turn = Lock()

    def do(self, asked: A) -> B:
        """What `work` gives for this piece."""
        piece: _Piece[A, B] = _Piece(asked)
        self._waiting.append(piece)
        with self._turn:
            while not piece.done:
                self._serve()
        if piece.error is not None:
            raise piece.error
        return piece.result  # type: ignore[return-value] # done without an error: it is there

    def _serve(self) -> None:
        if self._busy:  # others come as fast: one transaction for more of them costs less of all
            Event().wait(GATHER)
        some = [self._waiting.popleft() for _ in range(min(MOST, len(self._waiting)))]
        try:
            results = self._work([piece.asked for piece in some])
        except Exception as error:  # noqa: BLE001 - each of them is told
            if len(some) > 1 and isinstance(error, RecordError) and not isinstance(error, Doubtful):
                results = [self._alone(piece.asked) for piece in some]
            else:
                results = [error] * len(some)
        self._busy = len(some) > 1
        for piece, result in zip(some, results, strict=True):
            if isinstance(result, Exception):
                piece.error = result
            else:
                piece.result = result
            piece.done = True

    def _alone(self, asked: A) -> B | Exception:
        """One that the database does not take spoils nobody else's."""
        try:
            return self._work([asked])[0]
        except Exception as error:  # noqa: BLE001 - as above
            return error
