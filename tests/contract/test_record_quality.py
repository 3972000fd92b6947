"""What feeds have said, and the journal of releases: on every store the same."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from bot.decide.release import Note, NoteKind
from bot.judge.observation import Change, Observation
from bot.judge.refusals import Refusals
from bot.ports import Record
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

LABELS = Observation(0, 3_600, "38", tp=90, fp=4, fn=3, tn=50, positives=100, negatives=60)
SCORE = Observation(0, 3_600, value=0.12, n=900, tool="evidently", metric="psi", threshold=0.1)
NOTE = Note(
    0, "k1", "ranker", "38", NoteKind.SHARE, NOW, "api bot", Fraction(1, 3), "ada", "c0ffee"
)


def put(record: Record, *rows: Observation, feed: str = "labels") -> list[Change]:
    return record.write(lambda books: books.observations.put(feed, rows, NOW))


def of(record: Record, since: int, until: int, feed: str = "labels") -> list[Observation]:
    return record.read(lambda books: books.observations.of(feed, since, until))


def test_an_observation_comes_back_as_it_was_put(record: Record) -> None:
    assert put(record, LABELS) == [Change(None, LABELS)]
    assert put(record, SCORE, feed="drift") == [Change(None, SCORE)]
    assert of(record, 0, 3_600) == [LABELS]
    assert of(record, 0, 3_600, "drift") == [SCORE]
    assert of(record, 0, 3_600, "else") == []


def test_the_same_word_again_changes_nothing_and_a_newer_one_takes_its_place(
    record: Record,
) -> None:
    put(record, LABELS)
    assert put(record, LABELS) == []
    more = replace(LABELS, tp=95.0)
    assert put(record, LABELS, more) == [Change(LABELS, more)]
    assert of(record, 0, 3_600) == [more]
    assert of(record, 0, 3_600, "labels") == [more]


def test_observations_are_told_by_their_end_then_start_then_version(record: Record) -> None:
    rows = [
        Observation(start, end, version, eligible=1.0, bad=0.0)
        for start, end, version in [(0, 60, "b"), (0, 60, "a"), (30, 60, "a"), (0, 30, "z")]
    ]
    put(record, *rows)
    assert of(record, 0, 60) == [rows[3], rows[1], rows[0], rows[2]]
    assert of(record, 30, 60) == [rows[1], rows[0], rows[2]]
    assert of(record, 0, 59) == [rows[3]]


def test_observations_are_found_by_their_keys(record: Record) -> None:
    put(record, LABELS, replace(LABELS, version="39"))
    asked = [LABELS.key, (1, 3_600, "38")]
    assert record.read(lambda books: books.observations.at("labels", asked)) == [LABELS]
    assert record.read(lambda books: books.observations.at("labels", [])) == []


def test_the_newest_end_of_a_feed_is_known_and_old_ones_are_forgotten(record: Record) -> None:
    assert record.read(lambda books: books.observations.newest("labels")) is None
    put(record, LABELS, replace(LABELS, start=3_600, end=7_200))
    assert record.read(lambda books: books.observations.newest("labels")) == 7_200
    assert record.write(lambda books: books.observations.forget(7_200)) == 1
    assert [row.end for row in of(record, 0, 9_999)] == [7_200]


def test_ten_thousand_observations_are_one_batch(record: Record) -> None:
    rows = [Observation(at, at + 60, eligible=10.0, bad=1.0) for at in range(0, 600_000, 60)]
    assert len(put(record, *rows)) == 10_000
    assert put(record, *rows) == []


def test_a_spell_of_refused_rows_is_news_once_and_comes_back(record: Record) -> None:
    first = Refusals("labels", 1_000, 1_000, 2, "fp", "is -1")
    later = replace(first, since=1_060, last=1_060, rows=3)
    assert record.write(lambda books: books.observations.refuse(first))
    assert not record.write(lambda books: books.observations.refuse(later))
    other = replace(first, feed="answers")
    assert record.write(lambda books: books.observations.refuse(other))
    found = record.read(lambda books: books.observations.refused({"labels", "answers", "psi"}))
    assert found == [other, replace(later, since=1_000)]
    assert record.read(lambda books: books.observations.refused({"psi"})) == []


def test_a_note_comes_back_as_it_was_added(record: Record) -> None:
    note = replace(NOTE, committed=NOW - timedelta(hours=3), decision=7, digest="sha256:1")
    kept = record.write(lambda books: books.journal.add(note))
    assert kept == replace(note, id=kept.id if kept else -1)
    assert record.read(lambda books: books.journal.of(["ranker"], NOW)) == [kept]
    assert record.read(lambda books: books.journal.of(["search"], NOW)) == []
    assert record.read(lambda books: books.journal.find("k1")) == kept
    assert record.read(lambda books: books.journal.find("k2")) is None


def test_what_was_told_already_is_not_told_again(record: Record) -> None:
    record.write(lambda books: books.journal.add(NOTE))
    assert record.write(lambda books: books.journal.add(replace(NOTE, version="39"))) is None


def test_notes_are_told_by_when_it_happened(record: Record) -> None:
    for key, seconds in (("b", 60), ("a", 0), ("c", 60)):
        note = replace(NOTE, key=key, at=later(seconds))
        record.write(lambda books, note=note: books.journal.add(note))
    found = record.read(lambda books: books.journal.of(["ranker", "search"], NOW))
    assert [note.key for note in found] == ["a", "b", "c"]
    found = record.read(lambda books: books.journal.of(["ranker"], later(1)))
    assert [note.key for note in found] == ["b", "c"]


def test_the_journal_knows_which_versions_were_ever_told_of(record: Record) -> None:
    record.write(lambda books: books.journal.add(NOTE))
    knows = record.read(lambda books: books.journal.knows("ranker", ["38", "39"]))
    assert knows == {"38"}
    assert record.read(lambda books: books.journal.knows("search", ["38"])) == set()


def test_the_journal_knows_when_the_first_release_was_told_of(record: Record) -> None:
    for key, seconds in (("b", 60), ("a", 0)):
        note = replace(NOTE, key=key, at=later(seconds))
        record.write(lambda books, note=note: books.journal.add(note))
    assert record.read(lambda books: books.journal.began("ranker")) == NOW
    assert record.read(lambda books: books.journal.began("search")) is None
