"""Somebody else's database: only ever read, bounded in time and rows."""

import sqlite3
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError, SQLAlchemyError
from sqlalchemy.pool import NullPool

from bot.errors import ConfigError, SourceError
from bot.measure.credentials import Secrets

_POSTGRES = ("postgres", "postgresql", "postgresql+psycopg")
_FORM = "postgresql://user:password@host:5432/name or sqlite:////folder/file.db"
_ON_CONNECT: Mapping[str, tuple[str, ...]] = {
    "mysql": ("SET SESSION TRANSACTION READ ONLY",),
    "mariadb": ("SET SESSION TRANSACTION READ ONLY",),
}
_ON_BEGIN: Mapping[str, tuple[str, ...]] = {"oracle": ("SET TRANSACTION READ ONLY",)}
"""How those that are not asked by a setting of their driver are told to refuse writes. What is in
neither list is protected by its rights alone: docs/quality.md says so."""
_WRITES = ("25006", "readonly", "read-only", "read only")
_STEPS = 10_000
"""SQLite looks at the time after so many of its instructions."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a statement gave."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]


class Database:
    """A way to read. Not thread-safe: one question at a time."""

    def __init__(
        self, variable: str, secrets: Secrets, monotonic: Callable[[], float], most: int
    ) -> None:
        """`variable` names the variable with the URL; at most `most` rows are taken."""
        self._variable = variable
        self._secrets = secrets
        self._monotonic = monotonic
        self._most = most
        self._engine: Engine | None = None
        self._hidden: tuple[str, ...] = ()
        self._deadline = float("inf")

    def ask(self, statement: str, values: Mapping[str, object], deadline: float) -> Answer:
        """One statement, with its bound values. Raises SourceError."""
        self._deadline = deadline
        left = deadline - self._monotonic()
        if left <= 0:
            raise SourceError("had no time left for this")
        engine = self._engine or self._open()
        try:
            with engine.connect() as connection:
                self._limit(connection, left)
                asked = text(statement).execution_options(stream_results=True)
                with connection.execute(asked, values) as found:
                    rows = [tuple(row) for row in found.fetchmany(self._most + 1)]
                    columns = tuple(found.keys())
        except DBAPIError as error:
            raise self._told(error) from None
        except (SQLAlchemyError, OSError, ValueError) as error:
            raise SourceError(f"cannot be asked: {self._short(error)}") from None
        if len(rows) > self._most:
            raise SourceError(
                f"gave more than {self._most:,} rows: group them (by hour, say), or raise maxRows"
            )
        return Answer(columns, rows)

    def bound(self, at: int, zone: ZoneInfo | None) -> object:
        """An instant (seconds since 1970) as the database compares it: of its declared zone and
        then without one, else with UTC; as text where it has no type for it. Raises SourceError."""
        instant = datetime.fromtimestamp(at, zone or UTC)
        if (self._engine or self._open()).dialect.name == "sqlite":
            return f"{instant:%Y-%m-%d %H:%M:%S}"
        return instant.replace(tzinfo=None) if zone else instant

    def close(self) -> None:
        """Close what is open."""
        if self._engine is not None:
            self._engine.dispose()

    def _open(self) -> Engine:
        url = self._url()
        try:
            ours = url.get_backend_name() == "sqlite"  # whichever driver it names
            self._engine = self._sqlite(url) if ours else _server(url)
        except NoSuchModuleError:
            kind = url.drivername
            raise SourceError(f"is a `{kind}`, and no driver for that is installed here") from None
        except ModuleNotFoundError as error:
            raise SourceError(f"needs the driver `{error.name}`: pip install it here") from None
        except (ArgumentError, ValueError, TypeError):
            raise SourceError(f"cannot be opened: check the URL in {self._variable}") from None
        return self._engine

    def _url(self) -> URL:
        try:
            written = self._secrets(self._variable)
        except ConfigError as error:
            raise SourceError(f"cannot be asked: {error}") from None
        try:
            url = make_url(written.strip())
        except (ArgumentError, ValueError):
            # Its own words, and any cause, would repeat the password.
            raise SourceError(
                f"has no address: {self._variable} should look like {_FORM}"
            ) from None
        if "@" in f"{url.host}{url.database}" and url.get_backend_name() != "sqlite":
            raise SourceError(
                f"has an @ or a / too many in {self._variable}: in a user or password write @ as "
                "%40 and / as %2F"
            )
        known = {written, str(url.password or ""), quote(str(url.password or ""), safe="")}
        self._hidden = tuple(sorted(known - {""}, key=len, reverse=True))
        return url.set(drivername="postgresql+psycopg") if url.drivername in _POSTGRES else url

    def _sqlite(self, url: URL) -> Engine:
        path = Path(url.database or "")
        if not url.database or url.database == ":memory:":
            raise SourceError(f"names no file: {self._variable} should look like {_FORM}")

        def connect() -> sqlite3.Connection:
            place = f"file:{quote(str(path.absolute()))}?mode=ro"
            made = sqlite3.connect(place, uri=True, check_same_thread=False, timeout=2.0)
            made.execute("PRAGMA query_only = ON")
            made.set_progress_handler(lambda: self._monotonic() > self._deadline, _STEPS)
            return made

        return create_engine("sqlite://", creator=connect, poolclass=NullPool, hide_parameters=True)

    def _limit(self, connection: Connection, left: float) -> None:
        if connection.dialect.name == "postgresql":
            connection.execute(
                text("SELECT set_config('statement_timeout', :most, true)"),
                {"most": f"{max(1, int(left * 1000))}ms"},
            )

    def _told(self, error: DBAPIError) -> SourceError:
        """The database's own word, in words that say what to do."""
        said, state = self._short(error.orig or error), getattr(error.orig, "sqlstate", None) or ""
        if state == "57014" or said == "interrupted":
            return SourceError("took too long for this statement: ask for less, or add an index")
        if any(sign in f"{state} {said}".lower() for sign in _WRITES):
            return SourceError(f"refuses to be written to, and the statement would: {said}")
        if "unable to open database file" in said:
            return SourceError("has no such file, or it may not be read by Burnban")
        local = isinstance(error.orig, sqlite3.Error)
        if state[:2] in ("08", "28", "57", "3D") or not (state or local):
            return SourceError(f"does not answer: {said}")
        return SourceError(f"refuses the statement: {said}")

    def _short(self, error: object) -> str:
        """The first line of what somebody else says, without secrets."""
        line = str(error)
        for value in self._hidden:
            line = line.replace(value, "[secret]")
        line = " ".join(line.strip().split("\n", 1)[0].split())
        return line if len(line) <= 200 else line[:199] + "…"


def _server(url: URL) -> Engine:
    options: dict[str, Any] = {}
    if url.drivername == "postgresql+psycopg":
        options["connect_args"] = {
            "connect_timeout": 5,
            "application_name": "burnban",
            "prepare_threshold": None,  # prepared statements break behind transaction poolers
        } | dict(url.query)
    made = create_engine(url, poolclass=NullPool, hide_parameters=True, **options)
    dialect = made.dialect.name
    if dialect == "postgresql":
        return made.execution_options(postgresql_readonly=True)

    def opened(connection: Any, _: object) -> None:
        cursor = connection.cursor()
        for statement in _ON_CONNECT.get(dialect, ()):
            cursor.execute(statement)
        cursor.close()

    def begun(connection: Connection) -> None:
        for statement in _ON_BEGIN.get(dialect, ()):
            connection.exec_driver_sql(statement)

    event.listen(made, "connect", opened)
    event.listen(made, "begin", begun)
    return made
