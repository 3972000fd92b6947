"""What the end-to-end tests share. Modules that want databases ask for those fixtures by
`pytest_plugins = ["tests.record_stores"]`."""

from collections.abc import Iterator
from itertools import count
from typing import TYPE_CHECKING

import pytest

from tests.e2e.nursery import Nursery
from tests.e2e.process import NewDatabase
from tests.fresh import fresh_sqlite

if TYPE_CHECKING:
    from tests.postgres import PostgresServer


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)]
)
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> NewDatabase:
    """Fresh, migrated databases in any number, of each kind in turn."""
    if request.param == "postgres":
        server: PostgresServer = request.getfixturevalue("postgres_server")
        template: str = request.getfixturevalue("postgres_template")
        return lambda: server.create_database(template)
    folder, numbers = tmp_path_factory.mktemp("databases"), count()
    return lambda: fresh_sqlite(folder / f"{next(numbers)}.db")


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where mortal processes come from."""
    with Nursery("tests.e2e.mortal_child") as server:
        yield server
