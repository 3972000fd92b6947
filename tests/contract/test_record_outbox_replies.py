"""Outbox: replies that the channel shows too are corrected, and never posted anew."""

from dataclasses import replace

import pytest

from bot.ports import Act, Claim, Outgoing, Record
from tests.record_samples import later, outgoing

pytest_plugins = ["tests.record_stores"]

LEASE = 15.0


def put(record: Record, *messages: Outgoing) -> None:
    record.write(lambda books: [books.outbox.put(one, later(0)) for one in messages])


def claim(record: Record, at: float = 0) -> Claim | None:
    return record.write(lambda books: books.outbox.claim(later(at), LEASE, "w1"))


def take(record: Record, at: float = 0) -> Claim:
    found = claim(record, at)
    assert found is not None
    return found


def send(record: Record, at: float, ts: str) -> None:
    found = take(record, at)
    record.write(lambda books: books.outbox.sent(found, "C1", ts, f"d{ts}", later(at)))


def aloud(record: Record, *topics: str) -> list[Outgoing]:
    return record.read(lambda books: books.outbox.aloud(topics or ("t",)))


def correct(record: Record, facts: dict[str, int], at: float = 10) -> bool:
    (reply,) = aloud(record)
    return record.write(lambda books: books.outbox.correct(reply, facts, later(at)))


@pytest.fixture
def told(record: Record) -> Record:
    """A head, a reply that the channel shows too, and one that it does not."""
    put(record, outgoing("t"), replace(outgoing("r", Act.REPLY, "t"), broadcast=True))
    put(record, outgoing("quiet", Act.REPLY, "t"), outgoing("other"))
    return record


def test_only_replies_that_the_channel_shows_are_found_by_their_topic(told: Record) -> None:
    assert [one.key for one in aloud(told)] == ["r"]
    assert aloud(told, "other", "nobody's") == []


def test_a_reply_is_edited_where_it_stands(told: Record) -> None:
    send(told, 0, "1.1")
    send(told, 1, "1.2")
    assert correct(told, {"n": 2})
    send(told, 2, "1.3")
    send(told, 3, "1.4")
    found = take(told, 20)
    assert (found.outgoing.act, found.outgoing.topic, found.outgoing.facts) == (
        Act.EDIT, "r", {"n": 2},
    )  # fmt: skip
    assert found.head == ("C1", "1.2")


def test_a_reply_remembers_what_it_says_and_says_nothing_twice(told: Record) -> None:
    assert correct(told, {"n": 2})
    assert not correct(told, {"n": 2})
    assert [one.facts for one in aloud(told)] == [{"n": 2}]
    assert correct(told, {"n": 1}), "back to what it said first"


def test_what_corrects_a_reply_waits_for_it(told: Record) -> None:
    send(told, 0, "1.1")
    assert correct(told, {"n": 2}, at=0.5)
    reply = take(told, 1)
    assert reply.outgoing.key == "r"
    assert claim(told, 1.5) is None
    told.write(lambda books: books.outbox.sent(reply, "C1", "1.2", "d2", later(2)))
    send(told, 3, "1.3")
    send(told, 4, "1.4")
    found = take(told, 20)
    assert (found.outgoing.topic, found.head) == ("r", ("C1", "1.2"))


def test_what_corrects_a_reply_falls_with_it(told: Record) -> None:
    send(told, 0, "1.1")
    reply = take(told, 1)
    told.write(lambda books: books.outbox.bury(reply, "too long"))
    assert correct(told, {"n": 2})
    send(told, 3, "1.3")
    send(told, 4, "1.4")
    assert claim(told, 20) is None
    assert told.read(lambda books: books.outbox.backlog(later(20))) == (0, 0.0)


def test_the_second_correction_is_known_by_the_first(told: Record) -> None:
    for at in range(4):
        send(told, at, f"1.{at}")
    assert correct(told, {"n": 2})
    send(told, 20, "1.1")
    assert correct(told, {"n": 3}, at=30)
    found = take(told, 30)
    assert (found.head, found.head_digest) == (("C1", "1.1"), "d1.1")
