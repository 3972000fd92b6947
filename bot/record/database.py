"""The database: transactions that leave all or nothing, on SQLite and on PostgreSQL."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import TypeVar

from sqlalchemy import Connection, Engine, text
from sqlmodel import Session

from bot.errors import Doubtful, RecordError, Silent
from bot.ports.record import Books
from bot.record.books import SqlBooks
from bot.record.complaints import DATABASE_ERRORS, complaint, state_of
from bot.record.engines import died_unused, engines
from bot.record.urls import file_of, is_sqlite, parse, shown

T = TypeVar("T")

_ROLLED_BACK = {"40P01", "40001"}
"""Deadlock and serialisation failure: PostgreSQL undid the transaction, it may be run again."""
_ATTEMPTS = 4


class Database:
    """Satisfies bot.ports.record.Record.

    SQLite: one thread writes, first come, first served (its own busy handler is unfair: p99 234 ms
    against 17 ms); readers have connections of their own and see one snapshot each. PostgreSQL: the
    caller's thread, READ COMMITTED with row locks for writes, REPEATABLE READ for reads.
    """

    def __init__(self, url: str, *, pool: int = 10, patience: float = 30.0) -> None:
        """Nothing connects yet. `patience`: seconds to wait for the turn to write and the commit
        (SQLite), or for each answer of the server. Raises RecordError for a URL that cannot be."""
        self._url = parse(url)
        self._engines = engines(self._url, pool, patience)
        self._patience = patience
        self._line: ThreadPoolExecutor | None = None
        self._writing = threading.local()
        if is_sqlite(self._url):
            self._line = ThreadPoolExecutor(1, thread_name_prefix="burnban-writer")

    def write(self, work: Callable[[Books], T]) -> T:
        """Run `work` in one writing transaction; committed when this returns. PostgreSQL may run it
        again after a deadlock: `work` should have no effect outside the books."""
        if getattr(self._writing, "now", False):
            raise RecordError("a writing transaction cannot be begun inside another one")
        if self._line is None:
            return self._persist(work)
        try:
            turn = self._line.submit(self._persist, work)
        except RuntimeError as error:
            raise RecordError(f"the database {self} is closed") from error
        return self._await(turn)

    def read(self, work: Callable[[Books], T]) -> T:
        """Run `work` on one snapshot; it cannot write."""
        return self._run(self._engines.reading, work, writing=False)

    def check(self) -> str:
        """One line: which database, which version. Raises RecordError."""
        sqlite = is_sqlite(self._url)
        # The version alone would be told without a look at the file.
        look = "SELECT sqlite_version() FROM (SELECT count(*) FROM sqlite_master)"
        ask = look if sqlite else "SHOW server_version"
        with self._translated(), Session(self._engines.reading) as session:
            version = _begun(session).execute(text(ask)).scalar_one()
        if not sqlite:
            return f"PostgreSQL {version} at {self}"
        return f"SQLite {version}, {self}, {file_of(self._url).stat().st_size / 1e6:.1f} MB"

    def close(self) -> None:
        """Finish what is in line, then close all connections."""
        if self._line is not None:
            self._line.shutdown(wait=True)
        self._engines.dispose()

    def __enter__(self) -> "Database":
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __str__(self) -> str:
        return shown(self._url)

    def _persist(self, work: Callable[[Books], T]) -> T:
        self._writing.now = True
        try:
            return self._run(self._engines.writing, work, writing=True)
        finally:
            self._writing.now = False

    def _run(self, engine: Engine, work: Callable[[Books], T], *, writing: bool) -> T:
        for attempt in range(1, _ATTEMPTS + 1):
            worked = False
            try:
                with Session(engine, expire_on_commit=False) as session:
                    _begun(session)
                    books = SqlBooks.of(session, self._engines.dialect, writing=writing)
                    result = work(books)
                    books.finish()
                    worked = True
                    session.commit()
                return result  # noqa: TRY300 # an else would be left out by the commit
            except DATABASE_ERRORS as error:
                if attempt == _ATTEMPTS or state_of(error) not in _ROLLED_BACK:
                    raise complaint(error, str(self), committing=worked) from error
        raise AssertionError("the last attempt returns or raises")

    def _await(self, turn: "Future[T]") -> T:
        try:
            return turn.result(self._patience)
        except TimeoutError:
            if turn.done():
                raise  # the work's own
            waited = f"the database {self} has not answered for {self._patience:g} s"
            if turn.cancel():
                raise Silent(f"{waited}; nothing was stored") from None
            raise Doubtful(f"{waited}; it may still be stored") from None

    def _translated(self) -> "_Translated":
        return _Translated(str(self))


def _begun(session: Session) -> Connection:
    """The connection with its transaction begun: nothing is lost if that takes another one, for the
    one in the pool may have died there."""
    try:
        return session.connection()
    except DATABASE_ERRORS as error:
        if not died_unused(error):
            raise
        session.rollback()
        return session.connection()


class _Translated:
    """Database errors inside the block become RecordError."""

    def __init__(self, place: str) -> None:
        self._place = place

    def __enter__(self) -> None:
        return None

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if isinstance(error, DATABASE_ERRORS):
            raise complaint(error, self._place) from error
