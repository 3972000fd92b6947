"""What an intruder with the database in hand can do to the history, and what is noticed.

Each statement is tried on the raw database, first as it stands, then with the triggers out of the
way.
"""

import sqlite3
from pathlib import Path

import psycopg
import pytest

from bot.decide.decision import Decision
from bot.ports import Record
from bot.record import Database
from tests.builders import actor
from tests.record_samples import decision

pytest_plugins = ["tests.record_stores"]


def fill(record: Record, *decisions: Decision) -> None:
    for one in decisions:
        record.write(lambda books, d=one: books.history.append(d))


def verify(record: Record) -> tuple[int, int | None]:
    """How many rows are sound, and the first that is not."""
    proof = record.read(lambda books: books.history.verify())
    return proof.rows, proof.broken.seq if proof.broken else None


FORBIDDEN = [
    "UPDATE decisions SET actor = 'nobody' WHERE seq = 2",
    "DELETE FROM decisions WHERE seq = 2",
    "DELETE FROM decisions",
    "DELETE FROM decisions WHERE seq <= 1",
    "INSERT INTO decisions SELECT 9, at, event, actor, scope, objective, body, previous, hash "
    "FROM decisions WHERE seq = 2",
]
COLUMNS = "seq, at, event, actor, scope, objective, body, previous, hash"
REPLACEMENTS = [
    "INSERT OR REPLACE INTO decisions SELECT seq, at, event, 'nobody', scope, objective, body, "
    "previous, hash FROM decisions WHERE seq = 2",
    # A row's own number beside the sequence number that the trigger looks at.
    f"INSERT OR REPLACE INTO decisions ({COLUMNS}, rowid) SELECT 4, at, event, 'nobody', "
    "scope, objective, body, previous, hash, 2 FROM decisions WHERE seq = 2",
    f"INSERT INTO decisions ({COLUMNS}) SELECT seq, at, event, 'nobody', scope, objective, body, "
    "previous, hash FROM decisions WHERE seq = 2 "
    "ON CONFLICT (seq) DO UPDATE SET actor = excluded.actor",
    "UPDATE OR REPLACE decisions SET seq = 2 WHERE seq = 3",
    "REPLACE INTO decisions SELECT 3, at, event, actor, scope, objective, body, previous, hash "
    "FROM decisions WHERE seq = 2",
]


def raw(url: str, *statements: str) -> None:
    """Run statements behind Burnban's back."""
    if url.startswith("sqlite"):
        with sqlite3.connect(Path(url.removeprefix("sqlite:///"))) as connection:
            for statement in statements:
                connection.execute(statement)
        connection.close()
        return
    with psycopg.connect(url) as connection:
        for statement in statements:
            connection.execute(statement.encode())


def open_doors(url: str) -> list[str]:
    """The triggers out of the way."""
    if url.startswith("sqlite"):
        names = ("no_update", "no_delete", "in_order")
        return [f"DROP TRIGGER decisions_{name}" for name in names]
    return ["ALTER TABLE decisions DISABLE TRIGGER USER"]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses_to_change_the_past(database_url: str, statement: str) -> None:
    with Database(database_url) as record:
        fill(record, *(decision(at=n) for n in range(3)))
        with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
            raw(database_url, statement)
        assert verify(record) == (3, None)


@pytest.mark.parametrize("statement", REPLACEMENTS)
@pytest.mark.parametrize("recursive", ["ON", "OFF"])
def test_sqlite_replaces_no_row(sqlite_url: str, statement: str, recursive: str) -> None:
    with Database(sqlite_url) as record:
        fill(record, *(decision(at=n) for n in range(3)))
        with pytest.raises(sqlite3.IntegrityError):
            raw(sqlite_url, f"PRAGMA recursive_triggers = {recursive}", statement)
        assert verify(record) == (3, None)


def test_on_sqlite_the_row_has_no_number_but_its_sequence_number(sqlite_url: str) -> None:
    ahead = (
        f"INSERT OR REPLACE INTO decisions (rowid, {COLUMNS}) SELECT 2, 4, at, event, 'nobody', "
        "scope, objective, body, previous, hash FROM decisions WHERE seq = 2"
    )
    with Database(sqlite_url) as record:
        fill(record, *(decision(at=n) for n in range(3)))
        raw(sqlite_url, ahead)
        assert verify(record) == (3, 4)


@pytest.mark.postgres
def test_postgres_refuses_to_truncate_the_past(postgres_url: str) -> None:
    with Database(postgres_url) as record:
        fill(record, decision())
        with pytest.raises(psycopg.Error, match="append-only"):
            raw(postgres_url, "TRUNCATE decisions")
        assert verify(record) == (1, None)


@pytest.mark.parametrize(
    ("statement", "bad"),
    [
        ("UPDATE decisions SET body = replace(body, 'why', 'way') WHERE seq = 3", 3),
        ("UPDATE decisions SET scope = 'all' WHERE seq = 3", 3),
        ("UPDATE decisions SET hash = previous WHERE seq = 3", 3),
        ("DELETE FROM decisions WHERE seq = 3", 3),
        ("DELETE FROM decisions WHERE seq = 1", 1),
        ("DELETE FROM decisions WHERE seq > 4", 5),
        ("DELETE FROM decisions", 1),
        ("UPDATE decisions SET body = '{}' WHERE seq = 3", 3),
        ("UPDATE decisions SET at = '2026-03-02 13:00:00.000000' WHERE seq = 3", 3),
        ("UPDATE decision_head SET seq = 4", 5),
        ("UPDATE decision_head SET hash = '0'", 6),
    ],
)
def test_a_change_behind_our_back_is_named(database_url: str, statement: str, bad: int) -> None:
    with Database(database_url) as record:
        fill(record, *(decision(at=n, by=actor("bob")) for n in range(6)))
        raw(database_url, *open_doors(database_url), statement)
        assert verify(record)[1] == bad
