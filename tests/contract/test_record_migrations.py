"""Migrations: from nothing to the newest tables, on both databases, by several at once."""

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.errors import RecordError
from bot.record import Database, migrate, pending
from bot.record.migrate import VERSION_TABLE, config, connected, versions
from bot.record.tables import metadata
from tests.postgres import PostgresServer
from tests.record_samples import NOW, freeze

pytest_plugins = ["tests.record_stores"]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database without tables."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'empty.db'}"
    server: PostgresServer = request.getfixturevalue("postgres_server")
    return server.create_database()


def test_the_migrations_make_the_tables_of_the_code(database_url: str) -> None:
    with connected(database_url, "BEGIN") as connection:
        options = {"version_table": VERSION_TABLE, "compare_type": True}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, metadata) == []


def test_an_empty_database_is_told_and_then_filled(empty: str) -> None:
    assert "burnban migrate" in pending(empty)
    migrate(empty)
    assert pending(empty) == ""
    with Database(empty) as record:
        record.write(lambda books: books.freezes.add(freeze()))
        migrate(empty)
        assert len(record.read(lambda books: books.freezes.standing(NOW))) == 1


def test_the_files_of_the_migrations_bear_their_versions_in_order() -> None:
    scripts = ScriptDirectory.from_config(config()).walk_revisions()
    assert versions() == [script.revision for script in scripts][::-1]


def test_asking_what_is_pending_creates_no_file(tmp_path: Path) -> None:
    pending(f"sqlite:///{tmp_path / 'none.db'}")
    assert list(tmp_path.iterdir()) == []


def test_an_older_database_is_told_so(empty: str) -> None:
    with connected(empty, "BEGIN IMMEDIATE") as connection:
        command.upgrade(config(connection), "0001")
    assert "version 0001" in pending(empty)
    migrate(empty)
    assert pending(empty) == ""


def test_a_newer_database_is_told_so(database_url: str) -> None:
    with connected(database_url, "BEGIN IMMEDIATE") as connection:
        connection.exec_driver_sql(f"UPDATE {VERSION_TABLE} SET version_num = '9999'")
    assert "newer Burnban" in pending(database_url)


def test_every_migration_can_be_taken_back(database_url: str) -> None:
    with connected(database_url, "BEGIN IMMEDIATE") as connection:
        command.downgrade(config(connection), "base")
        assert set(inspect(connection).get_table_names()) <= {VERSION_TABLE}
    migrate(database_url)
    assert pending(database_url) == ""


def test_without_tables_the_sentence_says_what_to_do(empty: str) -> None:
    with Database(empty) as record, pytest.raises(RecordError, match="burnban migrate"):
        record.read(lambda books: books.freezes.standing(NOW))


MIGRATE = """
import sys
from bot.record import migrate
print("ready", flush=True)
sys.stdin.readline()
migrate(sys.argv[1])
"""


def test_processes_that_migrate_at_once_all_succeed(empty: str) -> None:
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE, empty],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ | {"PYTHONPATH": "."},
        )
        for _ in range(4)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
    assert [process.returncode for process in processes] == [0] * 4
    assert pending(empty) == ""


@pytest.mark.postgres
def test_other_programs_that_use_alembic_may_share_the_database(
    postgres_server: PostgresServer,
) -> None:
    url = postgres_server.create_database()
    with psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num varchar(32))")
        connection.execute("INSERT INTO alembic_version VALUES ('theirs')")
    migrate(url)
    assert pending(url) == ""
