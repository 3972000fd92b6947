"""Record: a transaction leaves all or nothing."""

import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime

import pytest

from bot.errors import RecordError, Silent, UserError
from bot.ports import Books, Record
from bot.record import Database
from tests.record_samples import NOW, freeze, outgoing

pytest_plugins = ["tests.record_stores"]


def test_what_is_written_is_read(record: Record) -> None:
    stored = record.write(lambda books: books.freezes.add(freeze()))
    assert record.read(lambda books: books.freezes.get(stored.id)) == stored


def test_a_failed_transaction_leaves_nothing_behind(record: Record) -> None:
    def work(books: Books) -> None:
        books.freezes.add(freeze())
        books.outbox.put(outgoing(), NOW)
        raise UserError("no")

    with pytest.raises(UserError, match="no"):
        record.write(work)
    assert record.read(lambda books: books.freezes.standing(NOW)) == []
    assert record.read(lambda books: books.outbox.backlog(NOW)) == (0, 0.0)


def test_a_transaction_sees_its_own_writes(record: Record) -> None:
    def work(books: Books) -> bool:
        number = books.freezes.add(freeze()).id
        books.freezes.get(number)
        books.freezes.lift(number, NOW)
        found = books.freezes.get(number)
        return found is not None and found.lifted_at == NOW

    assert record.write(work)


def test_a_read_cannot_write(record: Record) -> None:
    with pytest.raises(RecordError):
        record.read(lambda books: books.freezes.add(freeze()))


def test_a_write_inside_a_write_is_refused(record: Record) -> None:
    def outer(books: Books) -> None:
        record.write(lambda inner: inner.freezes.add(freeze()))

    with pytest.raises(RecordError, match="inside another"):
        record.write(outer)
    assert record.read(lambda books: books.freezes.standing(NOW)) == []


def test_a_naive_time_is_refused(record: Record) -> None:
    naive = datetime.fromisoformat("2026-03-02T12:00:00")
    with pytest.raises(RecordError):
        record.write(lambda books: books.episodes.open("ranker/availability", 1, naive))


def test_a_reader_keeps_its_snapshot_while_others_write(record: Record) -> None:
    record.write(lambda books: books.freezes.add(freeze()))

    def work(books: Books) -> tuple[int, int]:
        before = len(books.freezes.standing(NOW))
        other = threading.Thread(
            target=lambda: record.write(lambda inner: inner.freezes.add(freeze()))
        )
        other.start()
        other.join()
        return before, len(books.freezes.standing(NOW))

    assert record.read(work) == (1, 1)
    assert len(record.read(lambda books: books.freezes.standing(NOW))) == 2


def test_writers_at_once_are_all_served(record: Record) -> None:
    def one() -> None:
        for _ in range(10):
            record.write(lambda books: books.freezes.add(freeze()))

    threads = [threading.Thread(target=one) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(record.read(lambda books: books.freezes.standing(NOW))) == 80


def test_two_processes_that_read_before_they_write_both_come_through(database_url: str) -> None:
    """A verb of the terminal writes beside a bot that runs: neither may find the database locked
    because the other wrote after it had read."""
    looked = threading.Barrier(2)

    def work(books: Books) -> None:
        books.freezes.standing(NOW)
        with suppress(threading.BrokenBarrierError):
            looked.wait(0.5)  # on SQLite the second looks only once the first has committed
        books.freezes.add(freeze())

    with Database(database_url) as one, Database(database_url) as two:
        with ThreadPoolExecutor(2) as both:
            for done in [both.submit(each.write, work) for each in (one, two)]:
                done.result()
        assert len(one.read(lambda books: books.freezes.standing(NOW))) == 2


def test_a_check_names_the_database_in_one_line(record: Record) -> None:
    assert "\n" not in record.check()


def test_a_closed_database_says_so(database: Database) -> None:
    database.write(lambda books: books.freezes.add(freeze()))
    database.close()
    if database.check().startswith("SQLite"):
        with pytest.raises(RecordError, match="closed"):
            database.write(lambda books: books.freezes.add(freeze()))


def test_a_writer_that_waits_too_long_gives_up_and_stores_nothing(sqlite_url: str) -> None:
    begun, done = threading.Event(), threading.Event()

    def slow(books: Books) -> None:
        begun.set()
        done.wait(10)

    with Database(sqlite_url, patience=0.1) as database:

        def first() -> None:
            with pytest.raises(RecordError, match="may still be stored"):
                database.write(slow)

        other = threading.Thread(target=first)
        other.start()
        begun.wait(10)
        with pytest.raises(Silent, match="nothing was stored"):
            database.write(lambda books: books.freezes.add(freeze()))
        done.set()
        other.join()
        assert database.read(lambda books: books.freezes.standing(NOW)) == []


def test_the_works_own_timeout_comes_through(record: Record) -> None:
    def work(books: Books) -> None:
        raise TimeoutError("mine")

    with pytest.raises(TimeoutError, match="mine"):
        record.write(work)
