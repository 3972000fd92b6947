"""History: append-only, chained, and found again."""

from dataclasses import replace

import pytest

from bot.decide.decision import GENESIS, Decision, Event, canonical, chain_hash, read_back
from bot.ports import HistoryFilter, Record
from tests.builders import actor
from tests.record_samples import decision, later

pytest_plugins = ["tests.record_stores"]


def fill(record: Record, *decisions: Decision) -> None:
    for one in decisions:
        record.write(lambda books, d=one: books.history.append(d))


def seqs(record: Record, wanted: HistoryFilter) -> list[int]:
    return [row.seq for row in record.read(lambda books: books.history.find(wanted))]


def verify(record: Record) -> tuple[int, int | None]:
    """How many rows are sound, and the first that is not."""
    proof = record.read(lambda books: books.history.verify())
    return proof.rows, proof.broken.seq if proof.broken else None


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
    assert seqs(record, HistoryFilter(after=1, limit=2)) == [3, 2]
    assert seqs(record, HistoryFilter(after=4)) == []
    assert seqs(record, HistoryFilter(since=later(10), until=later(30))) == [3, 2]
    assert seqs(record, HistoryFilter(scopes=("all",), since=later(1))) == []


def test_the_history_is_found_by_who_acted(record: Record) -> None:
    fill(record, *(decision(at=n, by=actor(who)) for n, who in enumerate(["ada", "ben", "ada"])))
    assert seqs(record, HistoryFilter(actors=("UADA",))) == [3, 1]
    assert seqs(record, HistoryFilter(actors=("UADA", "UBEN"), events=(Event.LIFTED,))) == []
    assert seqs(record, HistoryFilter(actors=("UADA", "UBEN", "UEVE"))) == [3, 2, 1]


def test_all_that_is_wanted_is_walked_from_the_oldest_on(record: Record) -> None:
    fill(record, *(decision(at=n, by=actor("ada" if n % 2 else "ben")) for n in range(6)))

    def walked(wanted: HistoryFilter) -> list[int]:
        return [link.seq for link in record.read(lambda books: list(books.history.walk(wanted)))]

    assert walked(HistoryFilter(limit=1)) == [1, 2, 3, 4, 5, 6]
    assert walked(HistoryFilter(actors=("UADA",), after=2)) == [4, 6]
    assert walked(HistoryFilter(before=3)) == [1, 2]
    (link,) = record.read(lambda books: list(books.history.walk(HistoryFilter(before=2))))
    assert read_back(link.body) == decision(by=actor("ben"))
    assert link.hash == chain_hash(GENESIS, 1, link.body)


def test_each_scope_and_each_person_on_record_is_known_once(record: Record) -> None:
    renamed = replace(actor("ada"), name="ada l.", identity="github:ada")
    fill(record, decision(), decision(scope="all", by=actor("ben")), decision(by=renamed))
    assert sorted(record.read(lambda books: books.history.scopes())) == ["all", "service:ranker"]
    people = record.read(lambda books: books.history.people())
    assert sorted(people, key=str) == sorted([actor("ben"), renamed], key=str)


def test_the_head_is_the_newest_row(record: Record) -> None:
    assert record.read(lambda books: books.history.head()) == (0, GENESIS)
    added = record.write(lambda books: books.history.append(decision()))
    assert record.read(lambda books: books.history.head()) == (1, added.hash)


def test_a_long_history_is_verified_to_its_end(record: Record) -> None:
    record.write(lambda books: [books.history.append(decision(at=n)) for n in range(4_001)])
    assert verify(record) == (4_001, None)


def test_times_in_other_zones_are_the_same_decision(record: Record) -> None:
    made = decision()
    there = replace(made, at=made.at.astimezone(tz=None))
    fill(record, there)
    [found] = record.read(lambda books: books.history.find(HistoryFilter()))
    assert found.decision == made
