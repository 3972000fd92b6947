"""Fixtures: the same record in memory, on SQLite and on PostgreSQL. A test module asks for them by
`pytest_plugins = ["tests.record_stores"]`."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports import Record
from bot.record import Database, migrate
from tests.fake_record import MemoryRecord
from tests.fresh import fresh_sqlite
from tests.postgres import PostgresServer

DATABASES = ["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One server for all tests."""
    with PostgresServer() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> str:
    """The name of a migrated, empty database."""
    url = postgres_server.create_database()
    migrate(url)
    return url.rsplit("/", 1)[1]


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_template: str) -> Iterator[str]:
    """A migrated database of the test's own."""
    url = postgres_server.create_database(postgres_template)
    yield url
    postgres_server.drop_database(url)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """A migrated database file of the test's own."""
    return fresh_sqlite(tmp_path / "burnban.db")


@pytest.fixture(params=DATABASES)
def database_url(request: pytest.FixtureRequest) -> str:
    """Each real database in turn."""
    return str(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """Each real database in turn, open."""
    with Database(database_url) as opened:
        yield opened


@pytest.fixture(params=["memory", *DATABASES])
def record(request: pytest.FixtureRequest) -> Iterator[Record]:
    """Every implementation of Record in turn."""
    if request.param == "memory":
        yield MemoryRecord()
        return
    with Database(request.getfixturevalue(f"{request.param}_url")) as opened:
        yield opened
