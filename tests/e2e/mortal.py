"""Ports that kill their own process at a named step, as `kill -9` would: the product knows nothing
of it.

A step is a moment and an operation, like `after outbox.intend` or `before messenger.post`. For what
happens in a transaction there are three moments: `before` the operation, `inside` (done, not yet
committed), and `after` the commit.
"""

import os
import signal
from collections.abc import Callable
from typing import Any, TypeVar

from bot.ports import Books, Messenger, Record

T = TypeVar("T")


class Fate:
    """When to die: at the `turn`-th time that `step` is reached; an empty step is never reached."""

    def __init__(self, step: str, turn: int = 1) -> None:
        self._step = step
        self._left = turn

    def reach(self, moment: str, operation: str) -> None:
        """Die, if it is time."""
        if f"{moment} {operation}" == self._step:
            self._left -= 1
            if self._left == 0:
                os.kill(os.getpid(), signal.SIGKILL)


class _Spied:
    """Whatever is called on `thing` is told, before and after."""

    def __init__(self, thing: Any, name: str, told: Callable[[str, str], None]) -> None:
        self._thing = thing
        self._name = name
        self._told = told

    def __getattr__(self, called: str) -> Any:
        found = getattr(self._thing, called)
        operation = f"{self._name}.{called}"

        def call(*args: Any, **kwargs: Any) -> Any:
            self._told("before", operation)
            answer = found(*args, **kwargs)
            self._told("inside", operation)
            return answer

        return call


class _SpiedBooks:
    def __init__(self, books: Books, told: Callable[[str, str], None]) -> None:
        self._books = books
        self._told = told

    def __getattr__(self, store: str) -> Any:
        return _Spied(getattr(self._books, store), store, self._told)

    def __copy__(self) -> "_SpiedBooks":
        return _SpiedBooks(self._books, self._told)


class MortalRecord:
    """A Record whose writers may die."""

    def __init__(self, record: Record, fate: Fate) -> None:
        self._record = record
        self._fate = fate
        self.read = record.read
        self.check = record.check
        self.close = record.close

    def write(self, work: Callable[[Books], T]) -> T:
        """See Record."""
        done: list[str] = []

        def told(moment: str, operation: str) -> None:
            self._fate.reach(moment, operation)
            if moment == "inside":
                done.append(operation)

        spied: Callable[[Books], T] = lambda books: work(_SpiedBooks(books, told))  # type: ignore[arg-type]  # noqa: E731 # it quacks
        self._fate.reach("before", "write")
        answer = self._record.write(spied)
        for operation in done:
            self._fate.reach("after", operation)
        return answer


class MortalMessenger:
    """A Messenger that may die before a call, or after the other side has done its part."""

    def __init__(self, messenger: Messenger, fate: Fate) -> None:
        self._messenger = messenger
        self._fate = fate

    def __getattr__(self, called: str) -> Any:
        found = getattr(self._messenger, called)

        def call(*args: Any, **kwargs: Any) -> Any:
            self._fate.reach("before", f"messenger.{called}")
            answer = found(*args, **kwargs)
            self._fate.reach("after", f"messenger.{called}")
            return answer

        return call
