"""Moving the beginning of the history out: only what a checkpoint covers goes, and the rest is
proven from there on (law 28)."""

import sqlite3
from dataclasses import replace

import psycopg
import pytest

from bot.decide.decision import Event
from bot.decide.proof import Flaw, Proof
from bot.decide.seal import Purpose, Seal
from bot.errors import RecordError
from bot.ports import Books, HistoryFilter, Record
from bot.record import Database
from tests.contract.test_record_history_attacks import open_doors, raw
from tests.record_samples import decision, later

pytest_plugins = ["tests.record_stores"]


def filled(record: Record, rows: int = 6) -> list[Seal]:
    """So many decisions; what a checkpoint at each of them would say."""

    def work(books: Books) -> list[Seal]:
        added = [books.history.append(decision(at=n)) for n in range(rows)]
        return [Seal(Purpose.CHECKPOINT, c.seq, c.hash, later(99), "k", "s") for c in added]

    return record.write(work)


def seal(record: Record, at: Seal) -> None:
    """Set a checkpoint, and say so in the history."""

    def work(books: Books) -> None:
        books.checkpoints.set(at)
        said = {"last": at.seq, "hash": at.hash}
        books.history.append(decision(Event.HISTORY_PRUNED, at=99, evidence=said))

    record.write(work)


def proof(record: Record) -> Proof:
    return record.read(lambda books: books.history.verify())


def test_without_a_checkpoint_nothing_is_dropped(record: Record) -> None:
    filled(record)
    assert record.read(lambda books: books.checkpoints.newest()) is None
    assert record.write(lambda books: books.checkpoints.drop(10)) == 0
    assert proof(record).rows == 6


def test_what_a_checkpoint_covers_is_dropped_from_the_oldest_on(record: Record) -> None:
    seals = filled(record)
    seal(record, seals[3])
    assert record.read(lambda books: books.checkpoints.newest()) == seals[3]
    assert record.write(lambda books: books.checkpoints.drop(3)) == 3
    rows = record.read(lambda books: books.history.find(HistoryFilter()))
    assert [row.seq for row in rows] == [7, 6, 5, 4]
    assert record.write(lambda books: books.checkpoints.drop(3)) == 1
    assert record.write(lambda books: books.checkpoints.drop(3)) == 0


@pytest.mark.parametrize("dropped", [0, 2, 4])
def test_the_rest_is_proven_however_much_of_the_beginning_is_dropped_yet(
    record: Record, dropped: int
) -> None:
    seals = filled(record)
    seal(record, seals[3])
    record.write(lambda books: books.checkpoints.drop(dropped))
    found = proof(record)
    assert (found.broken, found.rows, found.base) == (None, 3, (4, seals[3].hash))


def test_the_history_goes_on_after_all_of_it_was_moved_out(record: Record) -> None:
    seals = filled(record)
    seal(record, seals[5])
    record.write(lambda books: books.checkpoints.drop(10))
    record.write(lambda books: books.history.append(decision(at=100)))
    found = proof(record)
    assert (found.broken, found.rows, found.newest[0]) == (None, 2, 8)


def test_a_later_checkpoint_takes_the_place_of_the_one_before(record: Record) -> None:
    seals = filled(record)
    for one in (seals[1], seals[4]):
        seal(record, one)
        record.write(lambda books: books.checkpoints.drop(10))
    found = proof(record)
    assert (found.broken, found.rows, found.base[0]) == (None, 3, 5)


@pytest.mark.parametrize("place", [0, 2, 3])
def test_a_checkpoint_is_never_set_back(record: Record, place: int) -> None:
    seals = filled(record)
    seal(record, seals[3])
    with pytest.raises(RecordError, match="append-only"):
        record.write(lambda books: books.checkpoints.set(seals[place]))
    assert record.read(lambda books: books.checkpoints.newest()) == seals[3]


def test_a_checkpoint_that_the_history_does_not_know_of_is_noticed(record: Record) -> None:
    seals = filled(record)
    record.write(lambda books: books.checkpoints.set(seals[3]))
    record.write(lambda books: books.checkpoints.drop(10))
    broken = proof(record).broken
    assert broken is not None
    assert (broken.seq, broken.flaw) == (5, Flaw.UNSEALED)


def test_a_checkpoint_with_another_hash_than_the_row_had_is_noticed(record: Record) -> None:
    seals = filled(record)
    seal(record, replace(seals[3], hash="0" * 64))
    record.write(lambda books: books.checkpoints.drop(10))
    broken = proof(record).broken
    assert broken is not None
    assert (broken.seq, broken.flaw) == (5, Flaw.CHANGED)


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM decisions WHERE seq <= 5",
        "DELETE FROM decision_checkpoints",
        "UPDATE decision_checkpoints SET seq = 5",
        "INSERT INTO decision_checkpoints VALUES (4, '0', '2026-03-02 12:00:00', '', '')",
        "INSERT INTO decision_checkpoints VALUES (1, '0', '2026-03-02 12:00:00', '', '')",
    ],
)
def test_the_database_drops_no_more_and_keeps_its_checkpoints(
    database_url: str, statement: str
) -> None:
    with Database(database_url) as record:
        seal(record, filled(record)[3])
        with pytest.raises((sqlite3.IntegrityError, psycopg.Error), match="append-only"):
            raw(database_url, statement)
        assert proof(record).broken is None


def test_a_beginning_deleted_past_the_checkpoint_is_noticed(database_url: str) -> None:
    with Database(database_url) as record:
        seal(record, filled(record)[3])
        raw(database_url, *open_doors(database_url), "DELETE FROM decisions WHERE seq <= 5")
        broken = proof(record).broken
        assert broken is not None
        assert (broken.seq, broken.flaw) == (5, Flaw.GAP)
