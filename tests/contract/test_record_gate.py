"""Answers of the gate and tokens: on every store the same."""

from dataclasses import replace

import pytest

from bot.decide.caller import Rights, Token
from bot.decide.gate_answer import Asked, Outcome
from bot.errors import RecordError
from bot.ports import Record
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

ASKED = Asked("k1", "q1", "m1", Outcome.DENY, 7, (3, 4), '{"a":1}', NOW, later(900))
TOKEN = Token(
    0, "ranker-ci", "ab" * 32, Rights.of(["gate:decide:ranker", "read"]), NOW, "UADA", later(900)
)


def put(record: Record, *answers: Asked) -> None:
    record.write(lambda books: books.answers.put(answers))


def test_an_answer_comes_back_as_it_was_given(record: Record) -> None:
    put(record, ASKED, replace(ASKED, key="k2", outcome=Outcome.ALLOW, freezes=()))
    found = record.read(lambda books: books.answers.find(["k2", "k1", "k3"]))
    assert found["k1"] == ASKED
    assert (found["k2"].outcome, found["k2"].freezes) == (Outcome.ALLOW, ())
    assert set(found) == {"k1", "k2"}
    assert record.read(lambda books: books.answers.find([])) == {}


def test_a_newer_answer_takes_the_place_of_the_older(record: Record) -> None:
    newer = replace(ASKED, mark="m2", count=2, at=later(5), seq=2**40)
    put(record, ASKED)
    put(record)
    put(record, newer)
    assert record.read(lambda books: books.answers.find(["k1"])) == {"k1": newer}


def test_answers_of_long_ago_are_forgotten_and_one_of_the_very_instant_is_kept(
    record: Record,
) -> None:
    put(record, ASKED, replace(ASKED, key="k2", at=later(1)))
    assert record.write(lambda books: books.answers.forget(later(1), later(0))) == 1
    assert set(record.read(lambda books: books.answers.find(["k1", "k2"]))) == {"k2"}


def test_stopped_releases_are_counted_by_what_one_message_tells_of(record: Record) -> None:
    count = lambda topic, at: record.write(  # noqa: E731 - said often below
        lambda books: books.answers.stopped(topic, later(at))
    )
    assert [count("a", 0), count("a", 1), count("b", 2), count("a", 3)] == [1, 2, 1, 3]
    assert record.write(lambda books: books.answers.forget(later(4), later(2))) == 0
    assert record.write(lambda books: books.answers.forget(later(0), later(3))) == 1
    assert (count("a", 4), count("b", 4)) == (4, 1)


def test_what_stops_no_more_is_counted_no_more(record: Record) -> None:
    for topic in ("a", "b", "c"):
        record.write(lambda books, topic=topic: books.answers.stopped(topic, later(0)))
    record.write(lambda books: books.answers.passed(["a", "c", "never"]))
    record.write(lambda books: books.answers.passed([]))
    assert record.read(lambda books: books.answers.stops()) == ["b"]
    assert record.write(lambda books: books.answers.stopped("a", later(1))) == 1


def test_a_token_is_found_by_its_hash_and_by_its_number(record: Record) -> None:
    kept = record.write(lambda books: books.tokens.add(TOKEN))
    assert kept == replace(TOKEN, id=kept.id)
    assert record.read(lambda books: books.tokens.of_digest(TOKEN.digest)) == kept
    assert record.read(lambda books: books.tokens.get(kept.id)) == kept
    assert record.read(lambda books: books.tokens.of_digest("cd" * 32)) is None
    assert record.read(lambda books: books.tokens.get(99)) is None


def test_two_tokens_have_two_hashes(record: Record) -> None:
    record.write(lambda books: books.tokens.add(TOKEN))
    with pytest.raises(RecordError):
        record.write(lambda books: books.tokens.add(TOKEN))


def test_a_token_is_revoked_once_and_its_use_is_noted(record: Record) -> None:
    kept = record.write(lambda books: books.tokens.add(TOKEN))
    record.write(lambda books: books.tokens.used(kept.id, later(3)))
    assert record.write(lambda books: books.tokens.revoke(kept.id, later(5)))
    assert not record.write(lambda books: books.tokens.revoke(kept.id, later(6)))
    assert not record.write(lambda books: books.tokens.revoke(99, later(6)))
    (found,) = record.read(lambda books: books.tokens.all())
    assert (found.used_at, found.revoked_at) == (later(3), later(5))
