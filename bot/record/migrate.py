"""Migrations: they travel inside the package and need no file beside it.

Alembic is imported by what migrates only: it takes a fifth of the time in which a verb starts.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, column, create_engine, event, inspect, select, table
from sqlalchemy.pool import NullPool

from bot.record.complaints import DATABASE_ERRORS, complaint
from bot.record.rights import excess, grant
from bot.record.urls import file_of, is_sqlite, parse, shown

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "burnban_version"
"""Not Alembic's own name: other programs that use Alembic may share the database."""
_MIGRATING = 0x6275726E_0000
"""Lock of PostgreSQL: one process migrates, the others wait and find the work done."""
_WAIT = 30
_MIGRATIONS = Path(__file__).parent / "migrations"


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, built here; the migrations run on `connection`."""
    from alembic.config import Config

    made = Config()
    made.set_main_option("script_location", str(_MIGRATIONS))
    made.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


def migrate(url: str, role: str = "") -> None:
    """Bring the database to this version's tables: in one transaction, so all or nothing. Several
    processes may do so at once. On PostgreSQL `role` then gets the rights that Burnban needs, and
    no more. Raises RecordError."""
    from alembic import command

    with connected(url, "BEGIN IMMEDIATE") as connection:
        if connection.dialect.name == "postgresql":
            connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_MIGRATING})")
        command.upgrade(config(connection), "head")
        if role and connection.dialect.name == "postgresql":
            grant(connection, role, VERSION_TABLE)


def overpowered(url: str) -> tuple[str, str]:
    """Who DATABASE_URL connects as, and what they could do to the history that Burnban never does;
    both empty on SQLite, where the file belongs to whoever runs it. Raises RecordError."""
    if is_sqlite(parse(url)):
        return "", ""
    with connected(url, "BEGIN") as connection:
        return excess(connection)


def fresh(url: str) -> bool:
    """Whether nothing of ours is there yet: no file, or no tables. Raises RecordError."""
    parsed = parse(url)
    return (is_sqlite(parsed) and not file_of(parsed).exists()) or _version(url) is None


def _version(url: str) -> str | None:
    with connected(url, "BEGIN DEFERRED") as connection:
        if not inspect(connection).has_table(VERSION_TABLE):
            return None
        found = connection.scalar(select(table(VERSION_TABLE, column("version_num"))))
        return None if found is None else str(found)


def versions() -> list[str]:
    """Those that this Burnban knows, the newest last: its migrations' files bear them."""
    files = (_MIGRATIONS / "versions").glob("v*_*.py")
    return sorted(file.name[1:].partition("_")[0] for file in files)


def pending(url: str) -> str:
    """Why the database does not fit this version, in a sentence; empty if it does. Raises
    RecordError if it cannot be asked."""
    parsed = parse(url)
    known = versions()
    wanted = known[-1]
    if is_sqlite(parsed) and not file_of(parsed).exists():
        return f"{shown(parsed)} does not exist yet: run `burnban migrate`"
    found = _version(url)
    if found == wanted:
        return ""
    if found is None:
        return f"{shown(parsed)} has no tables yet: run `burnban migrate`"
    if found not in known:
        return f"{shown(parsed)} was made by a newer Burnban (version {found}): upgrade Burnban"
    return f"{shown(parsed)} is at version {found}, not {wanted}: run `burnban migrate`"


@contextmanager
def connected(url: str, begin: str) -> Iterator[Connection]:
    """A connection of its own with a transaction; SQLite checks no foreign keys meanwhile, for
    batch mode makes tables anew."""
    parsed = parse(url)
    sqlite = is_sqlite(parsed)
    limits = {"isolation_level": None, "timeout": _WAIT} if sqlite else {"connect_timeout": 5}
    engine = create_engine(parsed, poolclass=NullPool, connect_args=limits, hide_parameters=True)
    if sqlite:
        event.listen(engine, "connect", lambda raw, _: raw.execute("PRAGMA journal_mode = WAL"))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql(begin))
    try:
        with engine.begin() as connection:
            yield connection
    except DATABASE_ERRORS as error:
        raise complaint(error, shown(parsed)) from error
    finally:
        engine.dispose()
