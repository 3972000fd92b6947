"""Faults that a test arms: lost answers, errors before and after the work, silence, late reads."""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace
from enum import Enum, auto


class Fault(Enum):
    DROP_BEFORE_STORE = auto()
    DROP_AFTER_STORE = auto()
    ERROR_500_BEFORE_STORE = auto()
    ERROR_500_AFTER_STORE = auto()
    HANG_BEFORE_STORE = auto()
    HANG_AFTER_STORE = auto()
    RATE_LIMITED = auto()
    ERROR_CODE = auto()
    LATE_IN_HISTORY = auto()


AFTER_STORE = frozenset(
    {Fault.DROP_AFTER_STORE, Fault.ERROR_500_AFTER_STORE, Fault.HANG_AFTER_STORE}
)


@dataclass(frozen=True)
class Armed:
    """`seconds` is the length of a hang, of Retry-After, or of the delay in history."""

    fault: Fault
    times: int = 1
    seconds: float = 1.0
    code: str = "internal_error"


class Faults:
    """The armed faults of each method, used in the order in which they were armed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: dict[str, list[Armed]] = {}
        self._released = threading.Event()

    def arm(
        self,
        method: str,
        fault: Fault,
        *,
        times: int = 1,
        seconds: float = 1.0,
        code: str = "internal_error",
    ) -> None:
        with self._lock:
            self._armed.setdefault(method, []).append(Armed(fault, times, seconds, code))

    def take(self, method: str) -> Armed | None:
        with self._lock:
            waiting = self._armed.get(method)
            if not waiting:
                return None
            armed = waiting[0]
            waiting[0] = replace(armed, times=armed.times - 1)
            if waiting[0].times <= 0:
                waiting.pop(0)
            return armed

    def disarm(self) -> None:
        with self._lock:
            self._armed.clear()

    def hang(self, seconds: float) -> None:
        self._released.wait(seconds)

    def release(self) -> None:
        """End every hang, now and later: the server is going down."""
        self._released.set()
