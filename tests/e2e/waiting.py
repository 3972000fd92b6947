"""Waiting for what other processes bring about: a condition and a deadline, never a bare sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(
    met: Callable[[], T],
    what: str,
    seconds: float = 20.0,
    logs: Callable[[], str] = lambda: "",
) -> T:
    """The first true answer of `met`. Fails after `seconds`, saying `what` never came about and
    what the processes concerned have logged."""
    ends = time.monotonic() + seconds
    while True:
        found = met()
        if found:
            return found
        if time.monotonic() > ends:
            raise AssertionError(f"within {seconds:g} s there was no {what}\n{logs()}")
        time.sleep(0.03)
