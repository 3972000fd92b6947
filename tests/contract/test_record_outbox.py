"""Outbox: at least once, fenced, and its order."""

import pytest

from bot.errors import LeaseLost
from bot.ports import Act, Claim, Delivered, Outgoing, Record
from tests.record_samples import NOW, head_of, later, outgoing

pytest_plugins = ["tests.record_stores"]

LEASE = 15.0


def put(record: Record, *messages: Outgoing, at: float = 0) -> list[bool]:
    return record.write(lambda books: [books.outbox.put(one, later(at)) for one in messages])


def claim(record: Record, at: float = 0, worker: str = "w1") -> Claim | None:
    return record.write(lambda books: books.outbox.claim(later(at), LEASE, worker))


def take(record: Record, at: float = 0) -> Claim:
    found = claim(record, at)
    assert found is not None
    return found


def send(record: Record, found: Claim, ts: str = "1.1", digest: str = "d1", at: float = 0) -> None:
    record.write(lambda books: books.outbox.sent(found, "C1", ts, digest, later(at)))


def standing(record: Record, topic: str = "t", at: float = 0) -> None:
    """A topic whose head stands in the channel."""
    put(record, outgoing(f"head of {topic}", topic=topic), at=at)
    send(record, take(record, at), at=at)


def test_an_empty_outbox_has_nothing_to_claim(record: Record) -> None:
    assert claim(record) is None
    assert record.read(lambda books: books.outbox.backlog(NOW)) == (0, 0.0)


def test_a_claim_carries_the_message_as_it_was_put(record: Record) -> None:
    message = outgoing("k1", facts={"n": 1, "names": ["a"], "left": 0.1, "text": "<ü> \x00"})
    assert put(record, message) == [True]
    found = take(record)
    assert found.outgoing == message
    assert (found.attempts, found.maybe, found.token, found.head) == (1, False, 1, None)
    assert found.first_try is None


def test_a_second_row_with_the_same_key_is_not_stored(record: Record) -> None:
    assert put(record, outgoing("k1"), outgoing("k1", facts={"n": 2})) == [True, False]
    send(record, take(record))
    assert put(record, outgoing("k1"), at=9) == [False]
    assert claim(record, 9) is None


def test_where_a_message_belongs_is_known_for_as_long_as_its_key(record: Record) -> None:
    put(record, outgoing("k1"), outgoing("k2", Act.REPLY, "k1"))
    send(record, take(record))
    record.write(lambda books: books.outbox.forget(later(900), later(900)))
    found = record.read(lambda books: books.outbox.topics(["k1", "k2", "k3"]))
    assert found == {"k1": "k1", "k2": "k1"}
    assert record.read(lambda books: books.outbox.topics([])) == {}


def test_a_sent_message_is_not_claimed_again(record: Record) -> None:
    put(record, outgoing())
    send(record, take(record))
    assert claim(record, 3_600) is None
    assert head_of(record, "k1") == ("C1", "1.1")


def test_a_claimed_row_is_nobody_elses_until_its_lease_is_over(record: Record) -> None:
    put(record, outgoing())
    first = take(record)
    assert claim(record, LEASE - 0.1, "w2") is None
    second = take(record, LEASE)
    assert (second.id, second.token, second.attempts) == (first.id, first.token + 1, 2)


@pytest.mark.parametrize("what", ["intend", "sent", "postpone", "bury"])
def test_every_write_with_an_old_token_is_refused(record: Record, what: str) -> None:
    put(record, outgoing())
    old = take(record)
    new = take(record, LEASE)

    def late(who: Claim) -> None:
        record.write(
            lambda books: {
                "intend": lambda: books.outbox.intend(who, later(20)),
                "sent": lambda: books.outbox.sent(who, "C1", "1.1", "", later(20)),
                "postpone": lambda: books.outbox.postpone(who, later(30), maybe=True),
                "bury": lambda: books.outbox.bury(who, "no"),
            }[what]()
        )

    with pytest.raises(LeaseLost):
        late(old)
    late(new)


def test_a_write_after_the_message_was_sent_is_refused(record: Record) -> None:
    put(record, outgoing())
    found = take(record)
    send(record, found)
    with pytest.raises(LeaseLost):
        send(record, found, ts="2.2")
    assert head_of(record, "k1") == ("C1", "1.1")


def test_an_intent_outlives_the_lease_as_a_maybe(record: Record) -> None:
    put(record, outgoing())
    first = take(record)
    record.write(lambda books: books.outbox.intend(first, later(1)))
    second = take(record, LEASE)
    assert (second.maybe, second.first_try) == (True, later(1))
    record.write(lambda books: books.outbox.intend(second, later(16)))
    third = take(record, 2 * LEASE)
    assert third.first_try == later(1)


def test_a_postponed_row_waits_and_forgets_the_maybe_if_told(record: Record) -> None:
    put(record, outgoing())
    found = take(record)
    record.write(lambda books: books.outbox.intend(found, NOW))
    record.write(lambda books: books.outbox.postpone(found, later(40), maybe=False))
    assert claim(record, 39.9) is None
    again = take(record, 40)
    assert (again.maybe, again.attempts) == (False, 2)


def test_a_buried_row_never_comes_back(record: Record) -> None:
    put(record, outgoing())
    found = take(record)
    record.write(lambda books: books.outbox.bury(found, "is_archived"))
    assert claim(record, 3_600) is None
    assert record.read(lambda books: books.outbox.backlog(later(9))) == (0, 0.0)


def test_a_lease_from_a_clock_that_jumped_back_does_not_last(record: Record) -> None:
    put(record, outgoing(), at=-100)
    take(record)
    assert claim(record, -59) is None
    record.write(lambda books: books.outbox.put(outgoing("k2", channel="#b"), later(-100)))
    assert take(record, -59).outgoing.key == "k2"


def test_a_reply_waits_for_its_head_and_then_knows_it(record: Record) -> None:
    head, reply = outgoing("t", topic="t"), outgoing("r", Act.REPLY, "t")
    put(record, head, reply)
    first = take(record)
    assert first.outgoing.key == "t"
    assert claim(record, 1) is None
    send(record, first, at=1)
    second = take(record, 2)
    assert (second.outgoing.key, second.head, second.head_digest) == ("r", ("C1", "1.1"), "d1")


def test_a_reply_to_a_dead_head_stands_alone(record: Record) -> None:
    put(record, outgoing("t", topic="t"), outgoing("r", Act.REPLY, "t"))
    head = take(record)
    record.write(lambda books: books.outbox.bury(head, "gone"))
    reply = take(record, 1)
    assert (reply.outgoing.key, reply.head) == ("r", None)


def test_an_edit_of_a_dead_head_becomes_the_head(record: Record) -> None:
    put(record, outgoing("t", topic="t"), outgoing("e", Act.EDIT, "t", facts={"n": 2}))
    head = take(record)
    record.write(lambda books: books.outbox.bury(head, "gone"))
    found = take(record, 1)
    assert (found.outgoing.act, found.outgoing.facts) == (Act.POST, {"n": 2})
    assert found.outgoing.key not in ("t", "e")
    send(record, found, at=1)
    assert claim(record, 9) is None
    assert head_of(record, "t") == ("C1", "1.1")


def test_several_unsent_edits_of_a_topic_are_one(record: Record) -> None:
    standing(record)
    edits = [outgoing("e", Act.EDIT, "t", facts={"n": n}) for n in (1, 2, 3)]
    assert put(record, *edits) == [True, True, True]
    found = take(record, 1)
    assert (found.outgoing.facts, found.head_digest) == ({"n": 3}, "d1")
    send(record, found, digest="d3", at=1)
    assert claim(record, 9) is None
    put(record, outgoing("e", Act.EDIT, "t"), at=9)
    assert take(record, 9).head_digest == "d3"


def test_an_edit_that_is_being_sent_is_followed_by_the_new_one(record: Record) -> None:
    standing(record)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 1}))
    first = take(record, 1)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 2}), at=2)
    assert claim(record, 5) is None
    send(record, first, at=6)
    assert take(record, 7).outgoing.facts == {"n": 2}


def test_an_edit_in_hands_is_left_alone_whatever_time_the_new_one_was_put_at(
    record: Record,
) -> None:
    """A replayed day lies days before the time by which leases are held."""
    standing(record)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 1}))
    first = take(record, 1)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 2}), at=-200_000)
    send(record, first, at=2)
    assert take(record, 3).outgoing.facts == {"n": 2}


def test_an_edit_replaced_after_its_lease_was_over_is_not_lost(record: Record) -> None:
    standing(record)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 1}))
    slow = take(record, 1)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 2}), at=20)
    assert take(record, 21).outgoing.facts == {"n": 2}
    with pytest.raises(LeaseLost):
        send(record, slow, at=22)


def test_an_edit_whose_sending_failed_gives_way_to_a_newer_one(record: Record) -> None:
    standing(record)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 1}))
    first = take(record, 1)
    put(record, outgoing("e", Act.EDIT, "t", facts={"n": 2}), at=2)
    record.write(lambda books: books.outbox.postpone(first, later(3), maybe=True))
    assert take(record, 5).outgoing.facts == {"n": 2}
    assert record.read(lambda books: books.outbox.backlog(later(5)))[0] == 1


def test_an_edit_never_becomes_a_maybe(record: Record) -> None:
    standing(record)
    put(record, outgoing("e", Act.EDIT, "t"))
    first = take(record, 1)
    record.write(lambda books: books.outbox.intend(first, later(1)))
    assert not take(record, 1 + LEASE).maybe


def test_what_was_tried_more_than_once_is_recent(record: Record) -> None:
    standing(record, "t")
    put(record, outgoing("r", Act.REPLY, "t"))
    for at in (10.0, 30.0):
        found = take(record, at)
        record.write(lambda books, c=found, t=at: books.outbox.intend(c, later(t)))
    send(record, found, ts="2.2", at=31)
    seen = record.read(lambda books: books.outbox.recent(later(31)))
    assert seen == [Delivered(found.id, "r", "C1", "2.2", later(31), "1.1")]
    assert record.read(lambda books: books.outbox.recent(later(31.1))) == []


def test_the_backlog_counts_the_unsent_and_the_age_of_the_oldest(record: Record) -> None:
    put(record, outgoing("a"))
    put(record, outgoing("b"), at=5)
    take(record)
    assert record.read(lambda books: books.outbox.backlog(later(12))) == (2, 12.0)
