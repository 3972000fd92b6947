"""One long-running process a SQLite file: a second one is refused, not merely discouraged.

The lock belongs to the open file: the system releases it when the process dies, however it dies.
"""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.errors import RecordError
from bot.record.urls import file_of, is_sqlite, parse


@contextmanager
def hold(url: str) -> Iterator[None]:
    """Be the only replica on this database while inside. On PostgreSQL any number may be. Raises
    RecordError if another process holds it."""
    parsed = parse(url)
    if not is_sqlite(parsed):
        yield
        return
    database = file_of(parsed)
    try:
        file = _open(database)
    except OSError as error:
        raise RecordError(f"cannot lock {database}: {error.strerror}") from error
    with os.fdopen(file, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            other = lock.read(20).strip() or "unknown"
            raise RecordError(
                f"two replicas on one SQLite: process {other} works on {database} already. "
                "Stop it, or use Postgres for several replicas (DATABASE_URL=postgresql://…)."
            ) from error
        lock.truncate(0)
        lock.write(f"{os.getpid()}\n")
        lock.flush()
        yield


def holder(url: str) -> str:
    """The process that holds the database, in words; empty if none does. Nothing is made for it."""
    parsed = parse(url)
    if not is_sqlite(parsed):
        return ""
    try:
        file = os.open(_lock(file_of(parsed)), os.O_RDWR)
    except OSError:
        return ""
    with os.fdopen(file, "r+") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return lock.read(20).strip() or "unknown"
    return ""


def _lock(database: Path) -> Path:
    return database.with_name(f"{database.name}.lock")


def _open(database: Path) -> int:
    """The lock file beside the database; it stays, for removing it would race."""
    return os.open(_lock(database), os.O_RDWR | os.O_CREAT, 0o600)
