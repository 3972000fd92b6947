"""What stores keep for the end of a transaction is read as if it stood there, and fails whole."""

from dataclasses import replace

import pytest

from bot.decide.gate_answer import Asked, Outcome
from bot.decide.release import Note, NoteKind
from bot.errors import RecordError, Silent
from bot.ports import Books, Record
from bot.record import Database
from tests.record_samples import NOW, decision, later

pytest_plugins = ["tests.record_stores"]

ASKED = Asked("k1", "q1", "m1", Outcome.ALLOW, 1, (), "{}", NOW, later(900))
NOTE = Note(0, "gate:1", "ranker", "38", NoteKind.ANNOUNCED, NOW, "gate")


def test_what_is_kept_for_the_end_is_read_inside_the_transaction(record: Record) -> None:
    def work(books: Books) -> None:
        books.answers.put([ASKED])
        books.answers.put([replace(ASKED, count=2)])
        books.journal.add_all([NOTE])
        assert books.answers.find(["k1"])["k1"].count == 2
        assert books.journal.knows("ranker", ["38", "39"]) == {"38"}
        assert books.journal.find("gate:1") is not None
        assert books.journal.add(NOTE) is None

    record.write(work)
    assert len(record.read(lambda books: books.journal.of(["ranker"], NOW))) == 1


def test_a_single_row_of_each_stands_as_well(record: Record) -> None:
    record.write(lambda books: (books.answers.put([ASKED]), books.journal.add_all([NOTE])))
    assert set(record.read(lambda books: books.answers.find(["k1"]))) == {"k1"}
    assert len(record.read(lambda books: books.journal.of(["ranker"], NOW))) == 1


def test_what_is_kept_for_the_end_stands_when_the_transaction_is_over(record: Record) -> None:
    def work(books: Books) -> None:
        books.answers.put([replace(ASKED, key="k2"), ASKED])
        books.journal.add_all([NOTE, NOTE])
        books.history.append(decision())

    record.write(work)
    assert set(record.read(lambda books: books.answers.find(["k1", "k2"]))) == {"k1", "k2"}
    assert len(record.read(lambda books: books.journal.of(["ranker"], NOW))) == 1
    assert record.read(lambda books: books.history.verify()).rows == 1


def test_what_the_server_refuses_at_the_end_leaves_nothing(postgres_url: str) -> None:
    with Database(postgres_url, pool=1) as record:

        def work(books: Books) -> None:
            books.answers.put([replace(ASKED, count=2**40)])
            books.journal.add_all([NOTE])
            books.history.append(decision())

        with pytest.raises(RecordError, match="out of range") as caught:
            record.write(work)
        assert not isinstance(caught.value, Silent)  # another may well be stored
        assert record.read(lambda books: books.history.head())[0] == 0
        test_what_is_kept_for_the_end_stands_when_the_transaction_is_over(record)


@pytest.mark.parametrize("naive", ["answer", "note"])
def test_a_fault_in_one_of_them_leaves_none_of_them(record: Record, naive: str) -> None:
    """The connection is as good as before."""
    spoilt = NOW.replace(tzinfo=None)

    def work(books: Books) -> None:
        books.answers.put([replace(ASKED, at=spoilt) if naive == "answer" else ASKED])
        books.journal.add_all([replace(NOTE, at=spoilt) if naive == "note" else NOTE])
        books.history.append(decision())

    with pytest.raises(RecordError):
        record.write(work)
    assert record.read(lambda books: books.answers.find(["k1"])) == {}
    assert record.read(lambda books: books.journal.of(["ranker"], NOW)) == []
    assert record.read(lambda books: books.history.head())[0] == 0
    test_what_is_kept_for_the_end_stands_when_the_transaction_is_over(record)
