"""History: append-only, chained, and found again."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from bot.decide.decision import GENESIS, Decision, Event, canonical, chain_hash
from bot.ports import HistoryFilter, Record
from bot.record import Database
from tests.builders import actor
from tests.record_samples import decision, later

pytest_plugins = ["tests.record_stores"]


def fill(record: Record, *decisions: Decision) -> None:
    for one in decisions:
        record.write(lambda books, d=one: books.history.append(d))


def seqs(record: Record, wanted: HistoryFilter) -> list[int]:
    return [row.seq for row in record.read(lambda books: books.history.find(wanted))]


def verify(record: Record) -> tuple[int, int | None]:
    return record.read(lambda books: books.history.verify())


def test_an_empty_history_is_sound(record: Record) -> None:
    assert verify(record) == (0, None)


def test_each_row_is_chained_to_the_one_before(record: Record) -> None:
    first, second = decision(), decision(Event.LIFTED, at=5)
    one = record.write(lambda books: books.history.append(first))
    two = record.write(lambda books: books.history.append(second))
    assert (one.seq, one.previous) == (1, GENESIS)
    assert one.hash == chain_hash(GENESIS, 1, canonical(first))
    assert (two.seq, two.previous) == (2, one.hash)
    assert two.hash == chain_hash(one.hash, 2, canonical(second))
    assert verify(record) == (2, None)


def test_a_decision_comes_back_as_it_was_made(record: Record) -> None:
    evidence = {"bad": 0.1 + 0.2, "windows": [3600, 300], "left": None, "why": "ü \x00 \u2028"}
    made = decision(objective="ranker/availability", at=0.123456, evidence=evidence)
    added = record.write(lambda books: books.history.append(made))
    assert record.read(lambda books: books.history.find(HistoryFilter())) == [added]


def test_an_actor_comes_back_with_the_identity_known_then(record: Record) -> None:
    known = replace(actor("ada"), identity="email:ada@example.com github:ada")
    fill(record, decision(), replace(decision(), actor=known))
    newest, older = record.read(lambda books: books.history.find(HistoryFilter()))
    assert (newest.decision.actor, older.decision.actor) == (known, actor("ada"))
    assert verify(record) == (2, None)


def test_a_failed_transaction_leaves_no_row_and_no_gap(record: Record) -> None:
    fill(record, decision())
    with pytest.raises(ZeroDivisionError):
        record.write(lambda books: (books.history.append(decision()), 1 / 0))
    fill(record, decision())
    assert verify(record) == (2, None)


def test_the_history_is_found_newest_first_by_what_is_asked(record: Record) -> None:
    fill(
        record,
        decision(Event.FROZEN, "all", at=0),
        decision(Event.WARNING_OPENED, "service:ranker", "ranker/a", at=10),
        decision(Event.LIFTED, "team:search", at=20),
        decision(Event.WARNING_ROSE, "service:ranker", "ranker/b", at=30),
    )
    assert seqs(record, HistoryFilter()) == [4, 3, 2, 1]
    assert seqs(record, HistoryFilter(scopes=("all", "service:ranker"))) == [4, 2, 1]
    assert seqs(record, HistoryFilter(events=(Event.FROZEN, Event.LIFTED))) == [3, 1]
    assert seqs(record, HistoryFilter(objective="ranker/a")) == [2]
    assert seqs(record, HistoryFilter(since=later(10))) == [4, 3, 2]
    assert seqs(record, HistoryFilter(limit=2)) == [4, 3]
    assert seqs(record, HistoryFilter(before=3, limit=1)) == [2]
    assert seqs(record, HistoryFilter(scopes=("all",), since=later(1))) == []


def test_a_long_history_is_verified_to_its_end(record: Record) -> None:
    record.write(lambda books: [books.history.append(decision(at=n)) for n in range(1_201)])
    assert verify(record) == (1_201, None)


# What an intruder with the database in hand can do, and what is noticed. Each statement is tried on
# the raw database, first as it stands, then with the triggers out of the way.

FORBIDDEN = [
    "UPDATE decisions SET actor = 'nobody' WHERE seq = 2",
    "DELETE FROM decisions WHERE seq = 2",
    "DELETE FROM decisions",
]
REPLACED = (
    "INSERT OR REPLACE INTO decisions SELECT seq, at, event, 'nobody', scope, objective, body, "
    "previous, hash FROM decisions WHERE seq = 2"
)
OUT_OF_ORDER = (
    "INSERT INTO decisions SELECT 9, at, event, actor, scope, objective, body, previous, hash "
    "FROM decisions WHERE seq = 2"
)


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


@pytest.mark.parametrize("statement", [REPLACED, OUT_OF_ORDER])
def test_sqlite_takes_only_the_next_row(sqlite_url: str, statement: str) -> None:
    with Database(sqlite_url) as record:
        fill(record, *(decision(at=n) for n in range(3)))
        with pytest.raises(sqlite3.IntegrityError, match="append-only"):
            raw(sqlite_url, statement)
        assert verify(record) == (3, None)


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
        ("UPDATE decision_head SET seq = 4", 5),
        ("UPDATE decision_head SET hash = '0'", 6),
    ],
)
def test_a_change_behind_our_back_is_named(database_url: str, statement: str, bad: int) -> None:
    with Database(database_url) as record:
        fill(record, *(decision(at=n, by=actor("bob")) for n in range(6)))
        raw(database_url, *open_doors(database_url), statement)
        assert verify(record)[1] == bad


def test_times_in_other_zones_are_the_same_decision(record: Record) -> None:
    made = decision()
    there = replace(made, at=made.at.astimezone(tz=None))
    fill(record, there)
    [found] = record.read(lambda books: books.history.find(HistoryFilter()))
    assert found.decision == made
