"""The role that Burnban runs as on PostgreSQL can do all of its work, and nothing to the history
but add to it (law 28)."""

from collections.abc import Iterator

import psycopg
import pytest
from pydantic import SecretStr

from bot.config import Settings
from bot.decide.seal import Purpose, Seal
from bot.errors import RecordError
from bot.record import Database, migrate, overpowered
from bot.wiring.doctor_history import check_history
from tests.postgres import PostgresServer
from tests.record_samples import NOW, append, claimed, decision, freeze, later, outgoing, request
from tests.record_samples import vote as voted

pytest_plugins = ["tests.record_stores"]
pytestmark = pytest.mark.postgres

ROLE = "burnban app"


@pytest.fixture
def owned(postgres_server: PostgresServer, postgres_url: str) -> Iterator[str]:
    """A database with the role beside its owner; roles belong to the server."""
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute(f'CREATE ROLE "{ROLE}" LOGIN')
        yield postgres_url
        with psycopg.connect(postgres_url, autocommit=True) as own:
            own.execute(f'DROP OWNED BY "{ROLE}"')
        connection.execute(f'DROP ROLE "{ROLE}"')


def app(url: str) -> str:
    """The URL as the application connects."""
    return url.replace("postgres@", ROLE.replace(" ", "%20") + "@")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE decisions SET actor = 'nobody'",
        "DELETE FROM decisions",
        "TRUNCATE decisions",
        "ALTER TABLE decisions DISABLE TRIGGER USER",
        "DROP TRIGGER decisions_no_change ON decisions",
        "DROP TABLE decisions",
        "CREATE OR REPLACE FUNCTION burnban_append_only() RETURNS trigger LANGUAGE plpgsql "
        "AS $$ BEGIN RETURN NEW; END $$",
        "INSERT INTO decision_checkpoints VALUES (1, '0', now(), '', '')",
        "UPDATE burnban_version SET version_num = '0001'",
        "SET session_replication_role = replica",
    ],
)
def test_the_role_can_do_nothing_to_the_history_but_add(owned: str, statement: str) -> None:
    migrate(owned, ROLE)
    with Database(app(owned)) as record:
        record.write(lambda books: books.history.append(decision()))
        with (
            psycopg.connect(app(owned)) as connection,
            pytest.raises(psycopg.errors.InsufficientPrivilege),
        ):
            connection.execute(statement.encode())
        assert record.read(lambda books: books.history.verify()).rows == 1


def test_the_role_does_all_the_work_there_is(owned: str) -> None:
    migrate(owned, ROLE)
    with Database(app(owned)) as record:
        (account,) = claimed(record)
        append(record, account, [], 60)
        record.write(lambda books: books.ledger.thin(later(9_999), 100))
        number = record.write(lambda books: books.requests.add(request())).id
        record.write(lambda books: books.requests.vote(number, voted()))
        record.write(lambda books: books.freezes.add(freeze()))
        record.write(lambda books: books.episodes.open("ranker/a", 1, NOW))
        record.write(lambda books: books.outbox.put(outgoing(), NOW))
        claim = record.write(lambda books: books.outbox.claim(NOW, 60, "w"))
        assert claim is not None
        record.write(lambda books: books.outbox.sent(claim, "C1", "1.0", "d", NOW))
        record.write(lambda books: books.outbox.forget(later(9), later(9)))
        record.write(lambda books: books.receipts.first_time("k", NOW))
        record.write(lambda books: books.receipts.forget(later(9)))
        record.write(lambda books: books.chores.claim("c", "1", NOW, 60))
        record.write(lambda books: books.history.append(decision()))


def test_only_the_owner_prunes(owned: str) -> None:
    migrate(owned, ROLE)
    with Database(app(owned)) as record:
        added = record.write(lambda books: books.history.append(decision()))
        seal = Seal(Purpose.CHECKPOINT, 1, added.hash, NOW)
        with pytest.raises(RecordError, match="only the owner"):
            record.write(lambda books: books.checkpoints.set(seal))
    with Database(owned) as record:
        record.write(lambda books: books.checkpoints.set(seal))
        assert record.write(lambda books: books.checkpoints.drop(9)) == 1


def test_what_the_role_had_before_is_taken_back(owned: str) -> None:
    with psycopg.connect(owned) as connection:
        connection.execute(f'GRANT ALL ON decisions TO "{ROLE}"')
        connection.execute("GRANT UPDATE ON decisions TO PUBLIC")
    migrate(owned, ROLE)
    assert overpowered(app(owned)) == (ROLE, "")


def test_it_is_told_who_could_do_more(owned: str) -> None:
    assert overpowered(owned) == ("postgres", "is a superuser")
    migrate(owned, ROLE)
    with psycopg.connect(owned) as connection:
        connection.execute(f'GRANT UPDATE, DELETE ON decisions TO "{ROLE}"')
    assert overpowered(app(owned))[1] == "has the right to UPDATE, DELETE in the history"
    with psycopg.connect(owned) as connection:
        connection.execute(f'ALTER TABLE decisions OWNER TO "{ROLE}"')
    assert "owns the history" in overpowered(app(owned))[1]
    with psycopg.connect(owned) as connection:
        connection.execute("ALTER TABLE decisions OWNER TO postgres")


def test_a_file_belongs_to_whoever_runs_it(sqlite_url: str) -> None:
    assert overpowered(sqlite_url) == ("", "")


def test_the_role_may_migrate_when_there_is_nothing_to_do(owned: str) -> None:
    migrate(owned, ROLE)
    migrate(app(owned), ROLE)
    migrate(app(owned))


def test_without_tables_the_role_is_told_whose_work_that_is(
    owned: str, postgres_server: PostgresServer
) -> None:
    url = postgres_server.create_database()
    with pytest.raises(RecordError, match="only the owner"):
        migrate(app(url), ROLE)


def test_a_role_that_does_not_exist_is_named_with_what_to_do(postgres_url: str) -> None:
    with pytest.raises(RecordError, match=r"there is no role nobody .* CREATE ROLE nobody LOGIN"):
        migrate(postgres_url, "nobody")


def test_a_superuser_is_no_such_role(postgres_server: PostgresServer, postgres_url: str) -> None:
    with psycopg.connect(postgres_server.url, autocommit=True) as connection:
        connection.execute("CREATE ROLE boss SUPERUSER")
        with pytest.raises(RecordError, match="superuser"):
            migrate(postgres_url, "boss")
        connection.execute("DROP ROLE boss")


def test_the_doctor_says_as_whom_burnban_connects(owned: str) -> None:
    def doctor(url: str) -> str:
        settings = Settings.model_construct(database_url=SecretStr(url), ops_channel="#ops")
        (line,) = [line for line in check_history(settings) if line.subject == "history role"]
        assert line.ok
        return f"{line.better} {line.text}"

    migrate(owned, ROLE)
    assert doctor(owned).startswith("True Burnban is postgres, who is a superuser: let it connect")
    assert doctor(app(owned)) == f"False Burnban is {ROLE}, who can only add to the history"
