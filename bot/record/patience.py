"""A connection to PostgreSQL that does not wait for ever.

The server's own statement_timeout is of no help against a server that is frozen, or gone behind a
network that still answers.
"""

from collections.abc import Generator
from time import monotonic
from typing import Any, ClassVar, TypeVar

import psycopg
from psycopg.waiting import Ready, Wait

T = TypeVar("T")
Waiting = Generator[Wait, Ready | int, T]


class PatientConnection(psycopg.Connection[Any]):
    """Each wait for the server ends after `patience` seconds; the connection is then closed."""

    patience: ClassVar[float]

    def wait(self, gen: "Waiting[T]", *args: Any, **kwargs: Any) -> T:
        """Raises OperationalError when it takes too long."""
        try:
            return super().wait(_until(gen, monotonic() + self.patience), *args, **kwargs)
        except _TooLong as error:
            self.pgconn.finish()
            raise psycopg.OperationalError(f"no answer for {self.patience:g} s") from error


def patient(seconds: float) -> type[PatientConnection]:
    """The kind of connection that waits so long."""
    return type("PatientConnection", (PatientConnection,), {"patience": seconds})


class _TooLong(Exception):
    pass


def _until(gen: "Waiting[T]", end: float) -> "Waiting[T]":
    """The same dialogue with the socket, looking at the time whenever nothing has come."""
    try:
        wanted = next(gen)
        while True:
            ready = yield wanted
            if ready == Ready.NONE and monotonic() > end:
                raise _TooLong
            wanted = gen.send(ready)
    except StopIteration as done:
        result: T = done.value
        return result
