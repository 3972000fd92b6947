"""Waiting for what other processes bring about: a condition and a deadline, never a bare sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

BUSY = 3
"""How many times as long anything may take on a machine that does much else at the same time. What
Burnban promises in seconds is not waited for here, but measured."""


def until(
    met: Callable[[], T],
    what: str,
    seconds: float = 20.0,
    logs: Callable[[], str] = lambda: "",
) -> T:
    """The first true answer of `met`, which comes within `seconds` on an idle machine. Fails after
    BUSY times that, saying `what` never came about and what the processes concerned have logged."""
    ends = time.monotonic() + BUSY * seconds
    while True:
        found = met()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"within {BUSY * seconds:g} s there was no {what}\n{logs()}")
        time.sleep(0.03)
