"""Outbox: one message a second and channel, oldest first, one worker a channel at a time."""

from bot.ports import Act, Claim, Record
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


def test_an_edit_takes_its_second_too(record: Record) -> None:
    put(record, "a", "b")
    send(record, take(record), 0.1)
    edit = outgoing("e", Act.EDIT, "a")
    send(record, take(record, 1), 1.1)
    record.write(lambda books: books.outbox.put(edit, later(1.2)))
    assert claim(record, 1.9) is None
    assert claim(record, 2) == "e"


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


def test_rows_of_a_dead_end_do_not_stop_the_others(record: Record) -> None:
    for n in range(3):
        edit = outgoing(f"e{n}", Act.EDIT, f"nothing {n}", channel=f"#{n}")
        record.write(lambda books, e=edit: books.outbox.put(e, NOW))
    put(record, "a", channel="#0")
    assert claim(record) == "a"
    assert claim(record, 1) is None
