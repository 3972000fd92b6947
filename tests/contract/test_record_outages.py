"""PostgreSQL goes away, freezes, dies in the commit: the answer is an error, in time and true."""

import os
import signal
import time
from collections.abc import Iterator

import psycopg
import pytest

from bot.errors import RecordError, Silent
from bot.ports import Books
from bot.record import Database, migrate
from tests.postgres import PostgresServer
from tests.record_samples import NOW, freeze

pytestmark = pytest.mark.postgres


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """A server that may be ill-treated."""
    with PostgresServer() as started:
        yield started


@pytest.fixture
def url(server: PostgresServer) -> str:
    """A migrated database on it."""
    made = server.create_database()
    migrate(made)
    return made


def freezes(database: Database) -> int:
    return len(database.read(lambda books: books.freezes.standing(NOW)))


def test_a_restarted_server_is_found_again(server: PostgresServer, url: str) -> None:
    with Database(url) as database:
        database.write(lambda books: books.freezes.add(freeze()))
        server.stop()
        for work in (database.check, lambda: freezes(database)):
            with pytest.raises(Silent, match=r"does not answer|cannot be reached|shutting down"):
                work()
        server.start()
        assert freezes(database) == 1
        database.write(lambda books: books.freezes.add(freeze()))
        assert freezes(database) == 2


def backends(other: "psycopg.Connection[tuple[int]]") -> list[int]:
    """Processes of the server that serve Burnban."""
    asked = "SELECT pid FROM pg_stat_activity WHERE application_name = 'burnban'"
    return [pid for (pid,) in other.execute(asked).fetchall()]


def test_a_server_that_freezes_in_a_transaction_is_not_waited_for(url: str) -> None:
    frozen: list[int] = []
    with Database(url, patience=0.5) as database, psycopg.connect(url, autocommit=True) as other:

        def work(books: Books) -> None:
            books.freezes.add(freeze())
            frozen.extend(backends(other))
            os.kill(frozen[0], signal.SIGSTOP)
            books.freezes.add(freeze())

        began = time.monotonic()
        with pytest.raises(Silent, match="no answer for"):
            database.write(work)
        assert time.monotonic() - began < 5
        assert freezes(database) == 0
        os.kill(frozen[0], signal.SIGCONT)


def test_a_connection_that_froze_in_the_pool_is_replaced(url: str) -> None:
    with Database(url, patience=0.5, pool=1) as database:
        freezes(database)
        with psycopg.connect(url) as other:
            [backend] = backends(other)
        os.kill(backend, signal.SIGSTOP)
        assert freezes(database) == 0
        os.kill(backend, signal.SIGCONT)


def test_a_lock_is_not_waited_for_for_ever(url: str) -> None:
    with Database(url, patience=0.5) as database, psycopg.connect(url) as other:
        number = database.write(lambda books: books.freezes.add(freeze())).id
        other.execute("SELECT 1 FROM freezes FOR UPDATE")
        with pytest.raises(Silent, match="no answer"):
            database.write(lambda books: books.freezes.lift(number, NOW))
        other.rollback()
        assert database.write(lambda books: books.freezes.lift(number, NOW))


DIE_IN_COMMIT = """
CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
CREATE CONSTRAINT TRIGGER die AFTER INSERT ON freezes DEFERRABLE INITIALLY DEFERRED
FOR EACH ROW EXECUTE FUNCTION die();
"""


def test_a_connection_lost_in_the_commit_leaves_the_outcome_open(url: str) -> None:
    with psycopg.connect(url) as other:
        other.execute(DIE_IN_COMMIT)
    database, words = Database(url), "whether the change was stored is not known"
    with database, pytest.raises(RecordError, match=words):
        database.write(lambda books: books.freezes.add(freeze()))


def test_a_connection_lost_before_the_commit_has_stored_nothing(url: str) -> None:
    with Database(url) as database:

        def work(books: Books) -> None:
            books.freezes.add(freeze())
            with psycopg.connect(url, autocommit=True) as other:
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                    "WHERE application_name = 'burnban' AND state LIKE 'idle in%'"
                )
            books.freezes.add(freeze())

        with pytest.raises(Silent) as caught:
            database.write(work)
        assert "not known" not in str(caught.value)
        assert freezes(database) == 0
