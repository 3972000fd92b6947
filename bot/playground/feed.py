"""What happened in the workspace, told to whoever listens: the page, the sender, a waiting test."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.playground.model import Json


@dataclass(frozen=True)
class Change:
    """One thing that happened; `only_for` and `channel` say who may see it."""

    kind: str
    data: Json
    channel: str = ""
    only_for: str = ""


Listener = Callable[[Change], None]


class Feed:
    """Changes in order. Listeners run under the workspace's lock, so they only hand over."""

    def __init__(self, lock: threading.RLock) -> None:
        self._moved = threading.Condition(lock)
        self._listeners: list[Listener] = []

    def listen(self, listener: Listener) -> Callable[[], None]:
        with self._moved:
            self._listeners.append(listener)

        def stop() -> None:
            with self._moved:
                if listener in self._listeners:
                    self._listeners.remove(listener)

        return stop

    def tell(self, change: Change) -> None:
        with self._moved:
            for listener in tuple(self._listeners):
                listener(change)
            self._moved.notify_all()

    def wait_until(self, met: Callable[[], bool], timeout: float) -> bool:
        with self._moved:
            return self._moved.wait_for(met, timeout)
