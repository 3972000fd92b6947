"""Connections: how each database is opened, and what must never hang."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import QueuePool

from bot.record.dialect import Dialect, Postgres, Sqlite
from bot.record.patience import PatientConnection, patient
from bot.record.urls import is_sqlite

BUSY = 10.0
"""Seconds to wait for another process on the same SQLite file, or for a lock in Postgres."""
_EVERY_CONNECTION = ("PRAGMA foreign_keys = ON", "PRAGMA temp_store = MEMORY")
_WRITER = (
    "PRAGMA journal_mode = WAL",
    "PRAGMA synchronous = FULL",  # NORMAL may lose the last commits when the power goes
    "PRAGMA journal_size_limit = 67108864",
    "PRAGMA cache_size = -32000",
)
_READER = ("PRAGMA query_only = ON",)
_LIMITS = {
    "statement_timeout": "25s",
    "lock_timeout": "10s",
    # A replica that is frozen inside a transaction must not keep its locks.
    "idle_in_transaction_session_timeout": "30s",
}
_SETTINGS = ", ".join(f"set_config('{name}', '{most}', true)" for name, most in _LIMITS.items())
# Sent as one message: each of its own would be another journey to the server.
_BEGIN_WRITING = f"BEGIN ISOLATION LEVEL READ COMMITTED; SELECT {_SETTINGS}"
_BEGIN_READING = f"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT {_SETTINGS}"


@dataclass(frozen=True, slots=True)
class Engines:
    """The two ways into a database."""

    writing: Engine
    reading: Engine
    dialect: Dialect

    def dispose(self) -> None:
        """Close all connections."""
        self.writing.dispose()
        self.reading.dispose()


def engines(url: URL, pool: int, patience: float) -> Engines:
    """Engines for a parsed URL, `pool` connections at most for each way, none of which waits
    longer than `patience` seconds for a server; nothing connects yet. A connection that has died in
    the pool is found out by the BEGIN of the next transaction; then the whole pool is new, and the
    same may be tried once more (`died_unused`)."""
    return _sqlite(url, pool) if is_sqlite(url) else _postgres(url, pool, patience)


def died_unused(error: Exception) -> bool:
    """Whether a connection was found dead that had come from the pool."""
    return isinstance(error, DBAPIError) and error.connection_invalidated


def _sqlite(url: URL, pool: int) -> Engines:
    def engine(begin: str, pragmas: tuple[str, ...], size: int) -> Engine:
        made = create_engine(
            url,
            poolclass=QueuePool,
            pool_size=size,
            max_overflow=0,
            pool_timeout=BUSY,
            hide_parameters=True,
            # The driver's own idea of when to begin would make IMMEDIATE impossible.
            connect_args={"isolation_level": None, "timeout": BUSY, "check_same_thread": False},
        )

        def opened(connection: Any, _: object) -> None:
            for pragma in (*_EVERY_CONNECTION, *pragmas):
                connection.execute(pragma)

        def begun(connection: Connection) -> None:
            connection.exec_driver_sql(begin)

        event.listen(made, "connect", opened)
        event.listen(made, "begin", begun)
        return made

    return Engines(
        engine("BEGIN IMMEDIATE", _WRITER, 1), engine("BEGIN DEFERRED", _READER, pool), Sqlite()
    )


def _postgres(url: URL, pool: int, patience: float) -> Engines:
    made = create_engine(
        url,
        pool_size=pool,
        max_overflow=0,
        pool_timeout=BUSY,
        pool_recycle=1_800,
        hide_parameters=True,
        isolation_level="AUTOCOMMIT",  # the driver's own BEGIN would be sent by itself
        connect_args={
            "connect_timeout": 5,
            "tcp_user_timeout": 15_000,
            "keepalives": 1,
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "application_name": "burnban",
            "prepare_threshold": None,  # prepared statements break behind transaction poolers
        }
        | dict(url.query),
    )

    def begun(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql(_BEGIN_READING if reads else _BEGIN_WRITING)

    def connected(_: object, __: object, args: Any, parameters: Any) -> PatientConnection:
        return kind.connect(*args, **parameters)

    kind = patient(patience)
    event.listen(made, "do_connect", connected)
    event.listen(made, "begin", begun)
    return Engines(made, made.execution_options(reads=True), Postgres())
