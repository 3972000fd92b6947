"""The head of the history goes out once an hour, whoever does it, and comes through failures."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.decide.seal import Purpose, Trust
from bot.flow.history.anchor import LEASE, PATIENCE, LeaveAnchors
from bot.notify.render import TemplateRenderer
from bot.ports import HistoryFilter, Outside, Record
from bot.record import Database
from tests.fakes import FakeClock
from tests.flow.conftest import TEMPLATES
from tests.flow.vouching import OURS, UNKEYED, FakeOutside, filled, unsent
from tests.record_samples import NOW

pytest_plugins = ["tests.record_stores"]

OPS, PLACE = "#ops", "#anchors"


def flow(record: Record, clock: FakeClock, channel: str = "", **places: Outside) -> LeaveAnchors:
    return LeaveAnchors(record, clock, OURS, channel, places, OPS)


def test_an_anchor_bears_the_head_signed(record: Record) -> None:
    (_, newest) = filled(record, 2)
    clock, file = FakeClock(NOW), FakeOutside()
    assert flow(record, clock, file=file).run() == 1
    (anchor,) = file.anchors
    assert (anchor.purpose, anchor.seq, anchor.hash) == (Purpose.ANCHOR, 2, newest.hash)
    assert anchor.at == NOW
    assert OURS.trust(anchor) is Trust.TRUSTED


def test_without_a_key_an_anchor_says_that_it_is_not_signed(record: Record) -> None:
    filled(record, 1)
    file = FakeOutside()
    LeaveAnchors(record, FakeClock(NOW), UNKEYED, "", {"file": file}, OPS).run()
    assert OURS.trust(file.anchors[0]) is Trust.UNSIGNED


def test_without_a_history_there_is_nothing_to_anchor(record: Record) -> None:
    clock, file = FakeClock(NOW), FakeOutside()
    assert flow(record, clock, PLACE, file=file).run() == 0
    filled(record, 1)
    assert flow(record, clock, PLACE, file=file).run() == 2


def test_an_hour_has_one_anchor_in_each_place(record: Record) -> None:
    filled(record, 1)
    clock, file, webhook = FakeClock(NOW), FakeOutside(), FakeOutside()
    anchors = flow(record, clock, file=file, webhook=webhook)
    assert [anchors.run() for _ in range(3)] == [2, 0, 0]
    clock.advance(3_599)
    assert anchors.run() == 0
    clock.advance(1)
    assert anchors.run() == 2
    assert [seal.at.hour for seal in file.anchors] == [12, 13]
    assert len(webhook.lines) == 2


def test_a_day_is_one_message_and_its_hours_are_replies(record: Record) -> None:
    filled(record, 1)
    clock = FakeClock(NOW)
    told = []
    for _ in range(3):
        flow(record, clock, PLACE).run()
        told += unsent(record, clock.now())
        clock.advance(3_600 * 6)
    day = f"anchor:{PLACE}:2026-03-0"
    assert told == [
        (PLACE, "anchor", f"{day}2"),
        (PLACE, "anchor", f"{day}2T18"),
        (PLACE, "anchor", f"{day}3"),
    ]


def test_the_line_of_a_message_is_the_anchor(record: Record) -> None:
    filled(record, 1)
    flow(record, FakeClock(NOW), PLACE).run()
    claim = record.write(lambda books: books.outbox.claim(NOW, 60, "w"))
    assert claim is not None
    said = TemplateRenderer([TEMPLATES]).message("anchor", claim.outgoing.facts)
    place = FakeOutside([str(claim.outgoing.facts["line"])])
    assert OURS.trust(place.anchors[0]) is Trust.TRUSTED
    assert place.lines[0] in str(said.blocks)


def test_a_place_that_fails_is_tried_again_and_holds_up_no_other(record: Record) -> None:
    filled(record, 1)
    clock, file, webhook = FakeClock(NOW), FakeOutside(fault="disk full"), FakeOutside()
    anchors = flow(record, clock, file=file, webhook=webhook)
    assert anchors.run() == 1
    file.fault = ""
    assert anchors.run() == 0
    clock.advance(LEASE)
    assert anchors.run() == 1
    assert (len(file.lines), len(webhook.lines)) == (1, 1)


def test_a_place_that_never_worked_is_told_at_once_and_once_a_day(record: Record) -> None:
    filled(record, 1)
    clock, file = FakeClock(NOW), FakeOutside(fault="disk full")
    anchors = flow(record, clock, file=file)
    for _ in range(3):
        anchors.run()
        clock.advance(LEASE)
    assert unsent(record, clock.now()) == [(OPS, "ops_notice", "anchor:file:failed:2026-03-02")]
    clock.advance(86_400)
    anchors.run()
    assert [key for *_, key in unsent(record, clock.now())] == ["anchor:file:failed:2026-03-03"]


def test_a_place_that_worked_lately_may_mend_itself_before_it_is_told(record: Record) -> None:
    filled(record, 1)
    clock, file = FakeClock(NOW), FakeOutside()
    anchors = flow(record, clock, file=file)
    anchors.run()
    file.fault = "answered 500"
    clock.advance(PATIENCE.total_seconds() - 1)
    anchors.run()
    assert unsent(record, clock.now()) == []
    clock.advance(LEASE)
    anchors.run()
    assert len(unsent(record, clock.now())) == 1


def test_without_an_operators_channel_a_failure_is_only_logged(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    filled(record, 1)
    clock = FakeClock(NOW)
    LeaveAnchors(record, clock, OURS, "", {"file": FakeOutside(fault="disk full")}, "").run()
    assert unsent(record, clock.now()) == []
    assert "could not be anchored in the file: disk full" in caplog.text


def test_anchors_write_nothing_into_the_history(record: Record) -> None:
    filled(record, 1)
    flow(record, FakeClock(NOW), PLACE, file=FakeOutside()).run()
    assert len(record.read(lambda books: books.history.find(HistoryFilter()))) == 1


@pytest.mark.postgres
def test_several_replicas_leave_one_anchor_an_hour(postgres_url: str) -> None:
    file = FakeOutside()
    with Database(postgres_url) as record:
        filled(record, 1)

    def replica(_: int) -> int:
        with Database(postgres_url, pool=2) as record:
            return flow(record, FakeClock(NOW), PLACE, file=file).run()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(replica, range(4))) == 2
    assert len(file.lines) == 1
