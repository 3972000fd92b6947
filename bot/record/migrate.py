"""Migrations: they travel inside the package and need no file beside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, event
from sqlalchemy.pool import NullPool

from bot.record.complaints import DATABASE_ERRORS, complaint
from bot.record.rights import excess, grant
from bot.record.urls import file_of, is_sqlite, parse, shown

VERSION_TABLE = "burnban_version"
"""Not Alembic's own name: other programs that use Alembic may share the database."""
_MIGRATING = 0x6275726E_0000
"""Lock of PostgreSQL: one process migrates, the others wait and find the work done."""
_WAIT = 30


def config(connection: Connection | None = None) -> Config:
    """Alembic's configuration, built here; the migrations run on `connection`."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    made.set_main_option("file_template", "v%%(rev)s_%%(slug)s")
    made.attributes["connection"] = connection
    return made


def migrate(url: str, role: str = "") -> None:
    """Bring the database to this version's tables: in one transaction, so all or nothing. Several
    processes may do so at once. On PostgreSQL `role` then gets the rights that Burnban needs, and
    no more. Raises RecordError."""
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
        return MigrationContext.configure(
            connection, opts={"version_table": VERSION_TABLE}
        ).get_current_revision()


def pending(url: str) -> str:
    """Why the database does not fit this version, in a sentence; empty if it does. Raises
    RecordError if it cannot be asked."""
    parsed = parse(url)
    wanted = ScriptDirectory.from_config(config()).get_current_head()
    if is_sqlite(parsed) and not file_of(parsed).exists():
        return f"{shown(parsed)} does not exist yet: run `burnban migrate`"
    found = _version(url)
    if found == wanted:
        return ""
    known = {script.revision for script in ScriptDirectory.from_config(config()).walk_revisions()}
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
