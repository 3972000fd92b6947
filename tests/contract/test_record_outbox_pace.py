"""Outbox: one message a second and channel, oldest first, one worker a lane at a time."""

from bot.ports import Act, Claim, Record
from bot.ports.outbox import EDITS
from tests.record_samples import NOW, later, outgoing

pytest_plugins = ["tests.record_stores"]


def put(record: Record, *keys: str, channel: str = "#ml") -> None:
    for key in keys:
        record.write(lambda books, k=key: books.outbox.put(outgoing(k, channel=channel), NOW))


def claim(record: Record, at: float = 0) -> str | None:
    found = record.write(lambda books: books.outbox.claim(later(at), 15, "w"))
    return found.outgoing.key if found else None


def take(record: Record, at: float = 0) -> Claim:
    found = record.write(lambda books: books.outbox.claim(later(at), 15, "w"))
    assert found is not None
    return found


def send(record: Record, found: Claim, at: float) -> None:
    record.write(lambda books: books.outbox.sent(found, "C1", f"{at}", "", later(at)))


def test_the_oldest_goes_first(record: Record) -> None:
    put(record, "a", "b")
    found = take(record)
    assert found.outgoing.key == "a"
    send(record, found, 0.2)
    assert claim(record, 1) == "b"


def test_a_channel_takes_one_message_a_second(record: Record) -> None:
    put(record, "a", "b")
    send(record, take(record), 0.1)
    assert claim(record, 0.9) is None
    assert claim(record, 1) == "b"


def edit(record: Record, key: str, topic: str, *, patient: bool = False, at: float = 0) -> None:
    """An edit of `topic`, put into the outbox."""
    message = outgoing(key, Act.EDIT, topic, patient=patient)
    record.write(lambda books: books.outbox.put(message, later(at)))


def standing(record: Record, *topics: str) -> None:
    """Heads that stand since NOW, each in a channel of its own."""
    for topic in topics:
        put(record, topic, channel=f"#{topic}")
        send(record, take(record), 0)


def test_edits_and_posts_do_not_wait_for_each_other(record: Record) -> None:
    put(record, "a", "b")
    send(record, take(record), 0.1)
    edit(record, "e", "a")
    assert [claim(record, 0.5), claim(record, 1)] == ["e", "b"]


def test_posts_go_before_edits(record: Record) -> None:
    put(record, "a")
    send(record, take(record), 0.1)
    edit(record, "e", "a")
    put(record, "b")
    assert [claim(record, 1), claim(record, 1)] == ["b", "e"]


def test_edits_take_turns_across_channels_fifty_a_minute(record: Record) -> None:
    standing(record, "a", "b")
    edit(record, "e", "a")
    edit(record, "f", "b")
    send(record, take(record, 1), 1.1)
    assert [claim(record, 2.1), claim(record, 2.2)] == [None, "f"]


def test_a_pause_of_edits_lets_posts_pass(record: Record) -> None:
    standing(record, "a")
    edit(record, "e", "a")
    record.write(lambda books: books.outbox.pause(EDITS, later(60)))
    put(record, "b", channel="#a")
    post = take(record, 1)
    assert post.outgoing.key == "b"
    send(record, post, 1)
    assert [claim(record, 59), claim(record, 60)] == [None, "e"]


def test_a_patient_edit_waits_until_its_head_has_been_still(record: Record) -> None:
    standing(record, "a")
    edit(record, "e", "a", patient=True)
    assert claim(record, 9.9) is None
    send(record, take(record, 10), 10)
    edit(record, "e", "a", patient=True, at=11)
    assert [claim(record, 19.9), claim(record, 20.1)] == [None, "e"]


def test_an_edit_that_matters_goes_before_patient_ones(record: Record) -> None:
    standing(record, "a", "b")
    edit(record, "patient", "a", patient=True)
    edit(record, "matters", "b")
    send(record, take(record, 11), 11)
    assert record.read(lambda books: books.outbox.backlog(later(11)))[0] == 1
    assert claim(record, 13) == "patient"


def test_an_edit_that_mattered_still_does_with_newer_figures(record: Record) -> None:
    standing(record, "a")
    edit(record, "e", "a")
    edit(record, "e", "a", patient=True, at=1)
    assert claim(record, 2) == "e"


def test_a_patient_edit_that_comes_to_matter_waits_no_longer(record: Record) -> None:
    standing(record, "a")
    edit(record, "e", "a", patient=True)
    assert claim(record, 2) is None
    edit(record, "e", "a", at=2)
    assert claim(record, 2) == "e"


def test_a_change_from_the_future_does_not_hold_back_an_edit(record: Record) -> None:
    standing(record, "a")
    edit(record, "e", "a", patient=True, at=-3_600)
    assert claim(record, -3_600) == "e"


def test_channels_do_not_wait_for_each_other(record: Record) -> None:
    put(record, "a", "b", channel="#ml")
    put(record, "c", channel="#ops")
    assert [claim(record), claim(record), claim(record)] == ["a", "c", None]


def test_a_younger_row_waits_while_an_older_one_is_in_other_hands(record: Record) -> None:
    put(record, "a", "b")
    take(record)
    assert claim(record, 5) is None
    assert claim(record, 15) == "a"


def test_a_younger_row_passes_an_older_one_that_was_postponed(record: Record) -> None:
    put(record, "a", "b")
    found = take(record)
    record.write(lambda books: books.outbox.postpone(found, later(60), maybe=True))
    assert claim(record, 1) == "b"
    assert claim(record, 60) == "a"


def test_a_paused_channel_takes_nothing_before_then(record: Record) -> None:
    put(record, "a")
    put(record, "c", channel="#ops")
    record.write(lambda books: books.outbox.pause("#ml", later(30)))
    record.write(lambda books: books.outbox.pause("#ml", later(10)))
    other = take(record)
    assert other.outgoing.key == "c"
    send(record, other, 0.1)
    assert [claim(record, 29.9), claim(record, 30)] == [None, "a"]


def test_the_oldest_of_all_channels_goes_first(record: Record) -> None:
    put(record, "a", channel="#z")
    put(record, "b", channel="#a")
    assert [claim(record), claim(record)] == ["a", "b"]
