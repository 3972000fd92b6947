"""Work that is due once a turn is done once, by one replica, and again if it was not finished."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from bot.ports import Record
from bot.record import Database
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

TURN, NEXT = "2026-03-02T12", "2026-03-02T13"


def claim(record: Record, turn: str = TURN, at: float = 0, name: str = "anchor") -> bool:
    return record.write(lambda books: books.chores.claim(name, turn, later(at), 60))


def done(record: Record, turn: str = TURN, at: float = 0) -> None:
    record.write(lambda books: books.chores.done("anchor", turn, later(at)))


def test_a_turn_is_claimed_by_one(record: Record) -> None:
    assert claim(record)
    assert not claim(record)
    assert claim(record, name="verify")


def test_a_turn_that_is_done_is_not_due_again(record: Record) -> None:
    claim(record)
    done(record, at=1)
    assert not claim(record, at=3_600)
    assert record.read(lambda books: books.chores.last("anchor")) == (TURN, later(1))


def test_a_turn_that_was_not_finished_falls_due_again(record: Record) -> None:
    assert claim(record)
    assert not claim(record, at=59)
    assert claim(record, at=60)


def test_the_next_turn_waits_for_nobody(record: Record) -> None:
    assert claim(record)
    assert claim(record, NEXT, at=1)


def test_whoever_finishes_an_old_turn_late_does_not_set_the_clock_back(record: Record) -> None:
    done(record, NEXT, at=10)
    done(record, TURN, at=20)
    assert record.read(lambda books: books.chores.last("anchor")) == (NEXT, later(10))
    assert not claim(record, TURN, at=30)
    assert not claim(record, NEXT, at=30)


def test_what_was_never_done_has_no_last_time(record: Record) -> None:
    assert record.read(lambda books: books.chores.last("anchor")) is None
    claim(record)
    assert record.read(lambda books: books.chores.last("anchor")) is None


@pytest.mark.postgres
def test_several_replicas_that_claim_at_once_get_it_once(postgres_url: str) -> None:
    start = Barrier(6)

    def replica(_: int) -> int:
        with Database(postgres_url, pool=2) as record:
            start.wait()
            return sum(
                record.write(lambda books, t=turn: books.chores.claim("anchor", t, NOW, 60))
                for turn in ("1", "2", "3")
            )

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(replica, range(6))) == 3
