"""Work that is waited for, but not forever."""

import threading
from collections.abc import Callable
from typing import TypeVar

from bot.errors import SourceError

T = TypeVar("T")


class Patient:
    """One piece of work at a time, in a thread of its own: a driver that hangs hangs alone, and
    keeps nobody from ending the process."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._free = threading.Lock()

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` gives or raises. Raises SourceError after so many seconds, and while an
        earlier piece still hangs."""
        if not self._free.acquire(blocking=False):
            raise SourceError("has not answered an earlier question yet; it is asked again later")
        found: list[T] = []
        errors: list[Exception] = []
        over = threading.Event()

        def go() -> None:
            try:
                found.append(work())
            except Exception as error:  # noqa: BLE001 - raised again where it is waited for
                errors.append(error)
            finally:
                self._free.release()
                over.set()

        threading.Thread(target=go, name=f"place-{self._name}", daemon=True).start()
        if not over.wait(seconds):
            raise SourceError(f"gave no answer within {seconds:.3g} s")
        if errors:
            raise errors[0]
        return found[0]
