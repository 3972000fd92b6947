"""Message time stamps: unique, rising, in Slack's `seconds.microseconds` form."""

from __future__ import annotations

import threading
from collections.abc import Callable

_STEP = 100


class Stamps:
    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._lock = threading.Lock()
        self._last = 0

    def follow(self, wall: Callable[[], float]) -> None:
        """Take the time from `wall` from now on; stamps still only rise."""
        self._wall = wall

    def next(self) -> str:
        with self._lock:
            self._last = max(self._last + _STEP, int(self._wall() * 1_000_000))
            return f"{self._last // 1_000_000}.{self._last % 1_000_000:06d}"

    def pass_by(self, stamp: str) -> None:
        """Give only later ones from now on."""
        seconds, _, micros = stamp.partition(".")
        with self._lock:
            self._last = max(self._last, int(seconds) * 1_000_000 + int(micros))
