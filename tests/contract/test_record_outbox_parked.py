"""Outbox: what was refused and may yet be delivered, heads that were deleted, and forgetting."""

import pytest

from bot.errors import LeaseLost
from bot.ports import Act, Claim, Outgoing, Record
from tests.record_samples import head_of, later, outgoing

pytest_plugins = ["tests.record_stores"]

LEASE = 15.0


def put(record: Record, *messages: Outgoing, at: float = 0) -> list[bool]:
    return record.write(lambda books: [books.outbox.put(one, later(at)) for one in messages])


def claim(record: Record, at: float = 0) -> Claim | None:
    return record.write(lambda books: books.outbox.claim(later(at), LEASE, "w1"))


def take(record: Record, at: float = 0) -> Claim:
    found = claim(record, at)
    assert found is not None
    return found


def send(record: Record, found: Claim, at: float = 0, ts: str = "1.1") -> None:
    record.write(lambda books: books.outbox.sent(found, "C1", ts, "d1", later(at)))


def park(record: Record, found: Claim, at: float, until: float) -> None:
    record.write(lambda books: books.outbox.park(found, later(at), later(until), "is_archived"))


def parked(record: Record, message: Outgoing, until: float = 600) -> Claim:
    """Refused at once."""
    put(record, message)
    found = take(record)
    park(record, found, 0, until)
    return found


def intend(record: Record, found: Claim, at: float) -> None:
    record.write(lambda books: books.outbox.intend(found, later(at)))


def behead(record: Record, found: Claim, at: float) -> None:
    record.write(lambda books: books.outbox.behead(found, later(at)))


def edit(facts: int, channel: str = "#ml", *, patient: bool = False) -> Outgoing:
    return outgoing("e", Act.EDIT, "t", channel, {"n": facts}, patient=patient)


def standing(record: Record) -> None:
    """A topic whose head stands in the channel."""
    put(record, outgoing("t"))
    send(record, take(record))


def test_a_parked_message_remembers_its_first_refusal(record: Record) -> None:
    parked(record, outgoing("t"), until=15)
    assert claim(record, 14.9) is None
    again = take(record, 15)
    assert again.parked_at == later(0)
    park(record, again, 15, 30)
    assert take(record, 30).parked_at == later(0)


def test_a_refused_attempt_leaves_nothing_for_the_sweeper(record: Record) -> None:
    put(record, outgoing("t"))
    for at in (0.0, 20.0):
        found = take(record, at)
        intend(record, found, at)
        park(record, found, at, at + 20)
    last = take(record, 40)
    intend(record, last, 40)
    send(record, last, 41)
    assert record.read(lambda books: books.outbox.recent(later(0))) == []


def test_parking_keeps_a_maybe_and_makes_none(record: Record) -> None:
    put(record, outgoing("t"))
    first = take(record)
    intend(record, first, 0)
    park(record, first, 1, 2)
    second = take(record, 2)
    assert not second.maybe
    intend(record, second, 2)
    third = take(record, 2 + LEASE)
    park(record, third, 20, 30)
    assert take(record, 30).maybe


@pytest.mark.parametrize("what", ["park", "behead"])
def test_only_the_claimer_may_give_back(record: Record, what: str) -> None:
    put(record, outgoing("t"))
    old = take(record)
    take(record, LEASE)
    with pytest.raises(LeaseLost):
        record.write(
            lambda books: (
                books.outbox.park(old, later(16), later(20), "no")
                if what == "park"
                else books.outbox.behead(old, later(16))
            )
        )


def test_a_message_that_arrives_wakes_what_is_parked_for_its_channel(record: Record) -> None:
    parked(record, outgoing("a"))
    put(record, outgoing("c", channel="#ops"))
    other = take(record, 1)
    park(record, other, 1, 600)
    put(record, outgoing("b"))
    send(record, take(record, 2), 2)
    assert take(record, 3).outgoing.key == "a"
    assert claim(record, 4) is None


def test_a_parked_head_says_what_its_newest_edit_says(record: Record) -> None:
    parked(record, outgoing("t", facts={"n": 1}), until=600)
    put(record, edit(2), edit(3), at=60)
    assert claim(record, 599) is None
    found = take(record, 600)
    assert (found.outgoing.act, found.outgoing.key) == (Act.POST, "t")
    assert found.outgoing.facts == {"n": 3}
    send(record, found, 600)
    assert record.read(lambda books: books.outbox.backlog(later(601)))[0] == 0


def test_a_parked_head_goes_where_its_newest_edit_goes(record: Record) -> None:
    """The team's channel was archived, and its spec now names another."""
    parked(record, outgoing("t", channel="#old"), until=60)
    put(record, edit(2, "#new"), at=30)
    found = claim(record, 60) or take(record, 60)  # it has changed lanes
    assert (found.outgoing.channel, found.outgoing.facts) == ("#new", {"n": 2})


def test_a_parked_head_that_may_stand_already_is_left_as_it_was(record: Record) -> None:
    put(record, outgoing("t", facts={"n": 1}))
    first = take(record)
    intend(record, first, 0)
    second = take(record, LEASE)
    park(record, second, LEASE, 60)
    put(record, edit(2), at=30)
    assert take(record, 60).outgoing.facts == {"n": 1}


def test_a_newer_edit_does_not_hurry_a_parked_one(record: Record) -> None:
    standing(record)
    put(record, edit(1))
    park(record, take(record, 1), 1, 600)
    put(record, edit(2), at=60)
    assert claim(record, 599) is None
    assert take(record, 600).outgoing.facts == {"n": 2}


def test_parked_messages_are_in_the_backlog_but_nobody_waits_for_them(record: Record) -> None:
    parked(record, outgoing("t"))
    put(record, outgoing("r", Act.REPLY, "t"), outgoing("b", channel="#ops"))
    assert record.read(lambda books: books.outbox.backlog(later(9))) == (3, 9.0)
    assert record.read(lambda books: books.outbox.waiting()) == 1


def test_an_edit_whose_head_was_deleted_becomes_the_head(record: Record) -> None:
    standing(record)
    put(record, edit(2, patient=True))
    found = take(record, 20)
    behead(record, found, 20)
    again = take(record, 22)
    assert again.head is None
    assert (again.outgoing.act, again.outgoing.facts) == (Act.POST, {"n": 2})
    assert (again.maybe, again.outgoing.patient) == (False, False)
    send(record, again, 22, ts="2.2")
    put(record, edit(3), at=30)
    last = take(record, 30)
    assert (last.outgoing.act, last.head) == (Act.EDIT, ("C1", "2.2"))


def test_a_topic_can_lose_its_head_again_and_again(record: Record) -> None:
    standing(record)
    for turn in range(1, 4):
        put(record, edit(turn), at=turn * 100)
        found = take(record, turn * 100)
        behead(record, found, turn * 100 + 1)
        again = take(record, turn * 100 + 2)
        assert again.outgoing.facts == {"n": turn}
        send(record, again, turn * 100 + 2, ts=f"{turn}.2")


def test_the_edit_that_followed_a_beheaded_one_is_the_head(record: Record) -> None:
    standing(record)
    put(record, edit(1))
    found = take(record, 1)
    put(record, edit(2), at=2)
    behead(record, found, 2)
    again = claim(record, 4) or take(record, 4)
    assert (again.outgoing.act, again.outgoing.facts) == (Act.POST, {"n": 2})
    send(record, again, 4)
    assert claim(record, 60) is None


def test_a_reply_whose_head_was_deleted_stands_alone(record: Record) -> None:
    standing(record)
    put(record, outgoing("r", Act.REPLY, "t"))
    found = take(record, 1)
    behead(record, found, 1)
    again = take(record, 2)
    assert (again.outgoing.act, again.head) == (Act.REPLY, None)


def test_old_edits_are_forgotten_and_of_old_posts_only_the_key_is_kept(record: Record) -> None:
    standing(record)
    for turn in (1, 2, 3):
        put(record, edit(turn), at=turn * 10)
        send(record, take(record, turn * 10), turn * 10)
    put(record, outgoing("last"), at=40)
    assert record.write(lambda b: b.outbox.forget(later(25), later(-1))) == 2
    assert record.write(lambda b: b.outbox.forget(later(25), later(-1))) == 0
    assert record.write(lambda b: b.outbox.forget(later(25), later(25))) == 1
    assert put(record, outgoing("t"), at=50) == [False]
    last = take(record, 60)
    assert last.outgoing == outgoing("last")
    send(record, last, 60)
    assert head_of(record, "t") == ("C1", "1.1")


def test_the_unsent_is_never_forgotten(record: Record) -> None:
    standing(record)
    put(record, edit(2), outgoing("p"))
    assert record.write(lambda b: b.outbox.forget(later(9e6), later(9e6))) == 1
    assert record.read(lambda books: books.outbox.backlog(later(1)))[0] == 2


def test_a_late_worker_does_not_meet_another_message_under_the_same_number(
    record: Record,
) -> None:
    standing(record)
    put(record, edit(1))
    late = take(record, 1)
    send(record, take(record, 1 + LEASE), 1 + LEASE)
    assert record.write(lambda b: b.outbox.forget(later(9e6), later(9e6))) == 1
    put(record, edit(2), at=9e6)
    assert take(record, 9e6).id != late.id
    with pytest.raises(LeaseLost):
        send(record, late, 9e6)
