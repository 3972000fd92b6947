"""Decisions leave the database for files, and only after that, under a seal, for good."""

import json
from dataclasses import replace

import psycopg
import pytest

from bot.decide.catalog import Catalog
from bot.decide.decision import GENESIS, Event
from bot.decide.proof import Link, Place
from bot.decide.seal import Purpose, Trust, read
from bot.errors import RecordError
from bot.flow.history import prune as pruning
from bot.flow.history.export import Export, Gone, Shelf, Take, filters_of, manifest
from bot.flow.history.prove import examine
from bot.flow.history.prune import Prune
from bot.flow.show.browse import Question
from bot.ports import HistoryFilter, Record
from bot.record import Database
from tests.builders import actor
from tests.fakes import FakeClock
from tests.flow.vouching import OURS, UNKEYED, fill, filled
from tests.record_samples import NOW, decision, later

pytest_plugins = ["tests.record_stores"]


SHELF = Shelf("old.jsonl", "jsonl", "ab" * 32)


def sent(flow: Prune, end: Place) -> list[Link]:
    """What moves out, and is sealed."""
    links: list[Link] = []
    flow.seal(flow.send(end, lambda: links.append), SHELF, actor())
    return links


def unread(_: Link) -> None:
    """A sheet that nobody looks at."""


def export(record: Record, asked: Question) -> tuple[Gone, list[Link]]:
    links: list[Link] = []
    return Export(record, Catalog).run(asked, lambda: links.append), links


def test_all_of_it_goes_out_oldest_first(record: Record) -> None:
    rows = filled(record, 5)
    gone, links = export(record, Question())
    assert [link.seq for link in links] == [1, 2, 3, 4, 5]
    assert (gone.count, gone.first, gone.before) == (5, 1, GENESIS)
    assert gone.last == gone.head == (5, rows[4].hash)
    assert gone.complete


def test_a_part_says_what_it_is_and_whether_rows_are_left_out_between(record: Record) -> None:
    fill(record, *(decision(at=n, by=actor("ada" if n % 2 else "ben")) for n in range(6)))
    gone, links = export(record, Question(since=later(2), until=later(5)))
    assert [link.seq for link in links] == [3, 4, 5]
    assert gone.complete
    assert gone.before == links[0].previous
    assert gone.head[0] == 6
    gone, links = export(record, Question(by="ada"))
    assert [link.seq for link in links] == [2, 4, 6]
    assert not gone.complete


def test_nothing_goes_out_where_nothing_is_meant(record: Record) -> None:
    filled(record, 2)
    gone, links = export(record, Question(since=later(9)))
    assert (links, gone.count, gone.first, gone.last[0]) == ([], 0, 0, 0)
    assert gone.complete


def test_a_manifest_says_what_auditors_ask_and_is_signed(record: Record) -> None:
    rows = filled(record, 3)
    asked = Question("all", (Event.FROZEN,), since=later(0))
    gone, _ = export(record, asked)
    said = manifest(gone, filters_of(asked), SHELF, OURS, NOW)
    assert said["filters"] == {
        "scope": "all",
        "kinds": "frozen",
        "since": "2026-03-02T12:00:00+00:00",
    }
    assert (said["count"], said["first_seq"], said["last_seq"]) == (3, 1, 3)
    assert said["head"] == {"seq": 3, "hash": rows[2].hash}
    assert (said["file"], said["sha256"], said["checkpoint"]) == (SHELF.file, SHELF.sha256, None)
    seal = read(json.dumps(said["seal"]))
    assert (seal.purpose, seal.seq, seal.hash) == (Purpose.EXPORT, 3, SHELF.sha256)
    assert OURS.trust(seal) is Trust.TRUSTED


def prune(record: Record) -> Prune:
    return Prune(record, FakeClock(later(999)), OURS)


def test_old_decisions_move_out_and_the_rest_is_proven(record: Record) -> None:
    rows = filled(record, 6)
    flow = prune(record)
    end = flow.end(later(4))
    assert end == (4, rows[3].hash)
    links: list[Link] = []
    gone = flow.send(end, lambda: links.append)
    assert ([link.seq for link in links], gone.complete) == ([1, 2, 3, 4], True)
    seal = flow.seal(gone, SHELF, actor())
    assert flow.drop() == 4
    left = record.read(lambda books: books.history.find(HistoryFilter()))
    assert [row.seq for row in left] == [7, 6, 5]
    found = examine(record, OURS)
    assert (found.problem, found.proof.rows, found.proof.base) == ("", 3, end)
    said = left[0].decision
    assert (said.event, said.actor) == (Event.HISTORY_PRUNED, actor())
    assert said.reason == "decisions 1 to 4 were moved out into old.jsonl"
    assert (said.evidence["rows"], said.evidence["sha256"]) == (4, SHELF.sha256)
    assert (said.evidence["key"], said.evidence["signature"]) == (seal.key, seal.signature)
    assert OURS.trust(seal) is Trust.TRUSTED


def test_what_was_moved_out_before_stays_out_of_the_next_pruning(record: Record) -> None:
    filled(record, 6)
    flow = prune(record)
    for until in (2, 5):
        end = flow.end(later(until))
        assert end is not None
        links = sent(flow, end)
        flow.drop()
    assert [link.seq for link in links] == [3, 4, 5]
    assert examine(record, OURS).problem == ""
    gone, _ = export(record, Question())
    assert gone.checkpoint is not None
    assert gone.checkpoint.seq == 5


def test_nothing_older_is_nothing_to_move_out(record: Record) -> None:
    assert prune(record).end(later(0)) is None
    filled(record, 3)
    assert prune(record).end(later(0)) is None
    assert prune(record).end(later(-5)) is None
    end = prune(record).end(later(99))
    assert end is not None
    assert end[0] == 3


def test_a_row_out_of_its_time_keeps_what_follows_it(record: Record) -> None:
    fill(record, decision(at=1), decision(at=50), decision(at=2), decision(at=60))
    end = prune(record).end(later(10))
    assert end is not None
    assert end[0] == 1, "decision 3 is older, but the chain has no holes"


def test_a_pruning_that_broke_off_is_finished_later(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pruning, "PORTION", 2)
    filled(record, 6)
    flow = prune(record)
    end = flow.end(later(5))
    assert end is not None
    flow.seal(flow.send(end, lambda: unread), SHELF, actor())
    record.write(lambda books: books.checkpoints.drop(2))
    assert examine(record, OURS).problem == ""
    assert flow.drop() == 3
    assert flow.drop() == 0
    assert examine(record, OURS).problem == ""


def test_nothing_moves_out_that_is_not_what_was_exported(record: Record) -> None:
    filled(record, 4)
    flow = prune(record)
    end = flow.end(later(3))
    assert end is not None
    gone = flow.send(end, lambda: unread)
    with pytest.raises(RecordError, match="not what was exported"):
        flow.seal(replace(gone, last=(3, "0" * 64)), SHELF, actor())
    assert record.read(lambda books: books.checkpoints.newest()) is None
    assert record.read(lambda books: books.history.head())[0] == 4


def test_without_a_key_the_checkpoint_is_not_signed_and_still_proves_the_rest(
    record: Record,
) -> None:
    filled(record, 4)
    flow = Prune(record, FakeClock(NOW), UNKEYED)
    end = flow.end(later(3))
    assert end is not None
    seal = flow.seal(flow.send(end, lambda: unread), SHELF, actor())
    flow.drop()
    assert UNKEYED.trust(seal) is Trust.UNSIGNED
    assert examine(record, UNKEYED).problem == ""


@pytest.mark.postgres
def test_what_broke_off_in_the_middle_begins_anew(
    postgres_url: str,
) -> None:
    """As a standby server does that must make room for what it replays (40001)."""
    sheets: list[list[int]] = []

    def begin() -> Take:
        sheet: list[int] = []
        sheets.append(sheet)

        def take(link: Link) -> None:
            sheet.append(link.seq)
            if len(sheets) == 1 and link.seq == 2:
                raise psycopg.errors.SerializationFailure("canceling statement")

        return take

    with Database(postgres_url) as record:
        filled(record, 3)
        gone = Export(record, Catalog).run(Question(), begin)
    assert (sheets, gone.count) == ([[1, 2], [1, 2, 3]], 3)
