"""What waits at code hosts, and releases that were seen: on every store the same."""

from dataclasses import replace

import pytest

from bot.errors import LeaseLost
from bot.ports import Record
from bot.ports.hosts import Sighting, Watch, WatchKind
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

WATCH = Watch("gh:run:1", WatchKind.DEPLOYMENT, "acme", "acme/ranker", {"run": "1", "n": 2})
SEEN = Sighting(0, "k1", "ranker", "38", "38", "", "", "mlflow main", "ada", NOW)


def put(record: Record, *watches: Watch) -> None:
    for one in watches:
        record.write(lambda books, one=one: books.watches.put(one, NOW))


def claimed(record: Record, key: str = WATCH.key, seconds: float = 0) -> Watch | None:
    return record.write(lambda books: books.watches.claim(key, later(seconds), 10))


def test_a_watch_comes_back_as_it_was_put_and_is_due_at_once(record: Record) -> None:
    put(record, WATCH, replace(WATCH, key="other", host="else"))
    (found,) = record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT, "acme"))
    assert found == replace(WATCH, due_at=NOW)
    assert len(record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT))) == 2
    assert record.read(lambda books: books.watches.of(WatchKind.CHECK)) == []


def test_what_is_there_is_not_added_again(record: Record) -> None:
    assert record.write(lambda books: books.watches.add(WATCH, NOW))
    again = replace(WATCH, facts={})
    assert not record.write(lambda books: books.watches.add(again, NOW))
    (found,) = record.read(lambda books: books.watches.of(WatchKind.DEPLOYMENT))
    assert found.facts == WATCH.facts


def test_one_at_a_time_has_a_watch_in_hand_until_the_lease_ends(record: Record) -> None:
    put(record, WATCH)
    first = claimed(record)
    assert first is not None
    assert claimed(record, seconds=9) is None
    second = claimed(record, seconds=10)
    assert second is not None
    with pytest.raises(LeaseLost):
        record.write(lambda books: books.watches.keep(first, NOW))
    with pytest.raises(LeaseLost):
        record.write(lambda books: books.watches.mark_maybe(first, NOW))
    record.write(lambda books: books.watches.drop(second))
    with pytest.raises(LeaseLost):
        record.write(lambda books: books.watches.drop(second))


def test_what_is_given_back_keeps_its_facts_and_is_due_when_it_says(record: Record) -> None:
    put(record, WATCH)
    mine = claimed(record)
    assert mine is not None
    record.write(lambda books: books.watches.mark_maybe(mine, NOW))
    told = replace(mine, mark="m", reports=3, tries=1, told_at=NOW, due_at=later(60))
    record.write(lambda books: books.watches.keep(told, NOW))
    assert claimed(record, seconds=59) is None
    found = claimed(record, seconds=60)
    assert found == replace(told, token=mine.token + 1)


def test_an_intent_stays_with_whoever_takes_over(record: Record) -> None:
    put(record, WATCH)
    mine = claimed(record)
    assert mine is not None
    record.write(lambda books: books.watches.mark_maybe(mine, NOW))
    found = claimed(record, seconds=11)
    assert found is not None
    assert found.maybe


def test_whoever_has_it_in_hand_loses_what_is_put_anew(record: Record) -> None:
    put(record, WATCH)
    mine = claimed(record)
    assert mine is not None
    put(record, replace(WATCH, facts={"run": "2"}))
    with pytest.raises(LeaseLost):
        record.write(lambda books: books.watches.keep(mine, NOW))
    found = claimed(record)
    assert found is not None
    assert found.facts == {"run": "2"}


def test_a_watch_can_be_removed_once(record: Record) -> None:
    put(record, WATCH)
    assert record.write(lambda books: books.watches.remove(WATCH.key))
    assert not record.write(lambda books: books.watches.remove(WATCH.key))
    assert claimed(record) is None


def test_a_pause_holds_back_what_is_of_that_host_and_nothing_else(record: Record) -> None:
    put(record, WATCH, replace(WATCH, key="other", host="else"))
    record.write(lambda books: books.watches.pause("acme", later(30)))
    assert claimed(record, seconds=29) is None
    assert claimed(record, "other") is not None
    assert claimed(record, seconds=30) is not None


def test_a_release_is_seen_once_and_says_later_what_let_it_go(record: Record) -> None:
    kept = record.write(lambda books: books.sightings.add(SEEN))
    assert kept == replace(SEEN, id=kept.id if kept else 0)
    assert record.write(lambda books: books.sightings.add(SEEN)) is None
    other = record.write(lambda books: books.sightings.add(replace(SEEN, key="k2")))
    assert kept is not None
    assert other is not None
    record.write(lambda books: books.sightings.gated(kept.id, 7))
    record.write(lambda books: books.sightings.mark_told([other.id]))
    found = record.read(lambda books: books.sightings.since(NOW))
    assert [(one.decision, one.told) for one in found] == [(7, False), (0, True)]
    ungated = record.read(lambda books: books.sightings.since(NOW, ungated=True))
    assert [one.key for one in ungated] == ["k2"]
    assert record.read(lambda books: books.sightings.since(later(1))) == []
    assert record.write(lambda books: books.sightings.forget(later(1))) == 2
