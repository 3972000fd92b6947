"""The nightly look: once a night over all replicas, and never silent about what it finds."""

import logging
import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.decide.decision import Event
from bot.decide.proof import Flaw
from bot.decide.seal import Purpose, Seal
from bot.errors import RecordError, UserError
from bot.flow.history.nightly import LEASE, VerifyNightly
from bot.flow.history.prove import examine
from bot.notify.render import TemplateRenderer
from bot.ports import Record
from bot.record import Database
from bot.record.seals import KeyedSeals
from tests.fake_record import MemoryRecord
from tests.fakes import FakeClock
from tests.flow.conftest import TEMPLATES
from tests.flow.vouching import OURS, THEIRS, UNKEYED, filled, unsent
from tests.record_samples import NOW, decision

pytest_plugins = ["tests.record_stores"]

OPS = "#ops"


def nightly(
    record: Record, clock: FakeClock, anchors: Sequence[Seal] = (), ops: str = OPS
) -> VerifyNightly:
    return VerifyNightly(record, clock, OURS, lambda: anchors, ops)


def anchor(record: Record, seals: KeyedSeals = OURS) -> Seal:
    """What was left outside of the head."""
    seq, mark = record.read(lambda books: books.history.head())
    return seals.seal(Purpose.ANCHOR, seq, mark, NOW)


def spoil(record: MemoryRecord, seq: int) -> None:
    """Change a row behind our back."""
    row = record.state.history[seq]
    record.state.history[seq] = replace(row, decision=replace(row.decision, reason="not so"))


def cut(record: MemoryRecord, rows: int) -> None:
    """Take the newest rows away."""
    for seq in sorted(record.state.history)[-rows:]:
        del record.state.history[seq]


def test_a_sound_history_is_looked_at_once_a_night_and_not_talked_about(
    record: Record, caplog: pytest.LogCaptureFixture
) -> None:
    newest = filled(record, 5)[-1]
    clock = FakeClock(NOW)
    look = nightly(record, clock, [anchor(record)])
    with caplog.at_level(logging.INFO):
        assert look.run() is True
    assert f"decision 5 is the newest, its hash is {newest.hash}" in caplog.text
    assert look.run() is None
    clock.advance(15 * 3_600 - 1)  # three in the morning
    assert look.run() is None
    clock.advance(1)
    assert look.run() is True
    assert unsent(record, clock.now()) == []


def test_a_changed_row_is_told_to_the_operators_once_a_night() -> None:
    record, clock = MemoryRecord(), FakeClock(NOW)
    filled(record, 5)
    spoil(record, 3)
    assert nightly(record, clock).run() is False
    assert nightly(record, clock).run() is None
    claim = record.write(lambda books: books.outbox.claim(NOW, 60, "w"))
    assert claim is not None
    assert (claim.outgoing.channel, claim.outgoing.template) == (OPS, "history_broken")
    said = TemplateRenderer([TEMPLATES]).message("history_broken", claim.outgoing.facts)
    assert "decision 3" in said.text
    assert "the 2 decisions before no. 3" in str(said.blocks)


def test_a_cut_tail_is_noticed_by_the_anchors() -> None:
    record, clock = MemoryRecord(), FakeClock(NOW)
    filled(record, 5)
    known = anchor(record)
    cut(record, 2)
    assert examine(record, OURS).problem == ""
    assert nightly(record, clock, [known]).run() is False
    facts = record.state.messages[1]
    assert "the history ends at decision 3, but decision 5 was anchored" in str(facts)


def test_a_file_of_anchors_that_was_spoilt_is_told() -> None:
    record, clock = MemoryRecord(), FakeClock(NOW)
    filled(record, 5)

    def spoilt() -> Sequence[Seal]:
        raise UserError("Line 12 of anchors.jsonl is no anchor any more.")

    assert VerifyNightly(record, clock, OURS, spoilt, OPS).run() is False
    assert "Line 12" in str(record.state.messages[1])


def test_without_an_operators_channel_the_log_has_it(caplog: pytest.LogCaptureFixture) -> None:
    record, clock = MemoryRecord(), FakeClock(NOW)
    filled(record, 2)
    spoil(record, 1)
    assert nightly(record, clock, ops="").run() is False
    assert "history: decision 1" in caplog.text
    assert record.state.messages == {}


def test_a_look_that_broke_off_is_made_up_for(monkeypatch: pytest.MonkeyPatch) -> None:
    record, clock = MemoryRecord(), FakeClock(NOW)
    filled(record, 2)

    def gone(*_: object) -> None:
        raise RecordError("the server went away")

    with monkeypatch.context() as broken:
        broken.setattr("bot.flow.history.nightly.examine", gone)
        with pytest.raises(RecordError):
            nightly(record, clock).run()
    assert nightly(record, clock).run() is None
    clock.advance(LEASE)
    assert nightly(record, clock).run() is True


# --- what counts as sound --------------------------------------------------------------------


def test_an_anchor_that_was_changed_is_a_problem_although_the_chain_is_sound() -> None:
    record = MemoryRecord()
    filled(record, 3)
    forged = replace(anchor(record), at=NOW.replace(hour=1))
    found = examine(record, OURS, [forged])
    assert found.proof.broken is None
    assert "does not bear the signature of its own text" in found.problem


def test_an_anchor_of_a_strange_key_is_a_problem_where_a_key_is_known() -> None:
    record = MemoryRecord()
    filled(record, 3)
    theirs = anchor(record, THEIRS)
    assert "a key that is not known here" in examine(record, OURS, [theirs]).problem
    trusting = KeyedSeals(trusted=[OURS.public, THEIRS.public])
    assert examine(record, trusting, [theirs]).problem == ""
    unkeyed = examine(record, UNKEYED, [theirs])
    assert unkeyed.problem == ""
    assert f"signed with {THEIRS.public}: compare" in " ".join(unkeyed.notes)


def test_unsigned_anchors_are_compared_and_named() -> None:
    record = MemoryRecord()
    filled(record, 3)
    bare = anchor(record, UNKEYED)
    found = examine(record, OURS, [bare])
    assert found.problem == ""
    assert "1 anchor is not signed: it counts" in " ".join(found.notes)
    cut(record, 1)
    assert examine(record, OURS, [bare]).proof.broken is not None


def checkpoint(record: MemoryRecord, seals: KeyedSeals, seq: int = 2) -> None:
    """Move rows out by hand."""
    row = record.state.history[seq]
    seal = seals.seal(Purpose.CHECKPOINT, row.seq, row.hash, NOW)
    said = {"last": row.seq, "hash": row.hash}
    record.write(lambda books: books.checkpoints.set(seal))
    record.write(lambda books: books.history.append(decision(Event.HISTORY_PRUNED, evidence=said)))
    record.write(lambda books: books.checkpoints.drop(99))


@pytest.mark.parametrize(
    ("seals", "says"),
    [(OURS, ""), (UNKEYED, "is not signed, although there is a key"), (THEIRS, "not known here")],
)
def test_only_the_key_makes_a_checkpoint(seals: KeyedSeals, says: str) -> None:
    record = MemoryRecord()
    filled(record, 4)
    checkpoint(record, seals)
    found = examine(record, OURS)
    assert found.proof.broken is None
    assert says in found.problem
    assert bool(says) == bool(found.problem)
    assert examine(record, UNKEYED).problem == ""


def test_a_checkpoint_that_was_changed_is_a_problem() -> None:
    record = MemoryRecord()
    filled(record, 4)
    checkpoint(record, OURS)
    known = record.state.checkpoints[2]
    record.state.checkpoints[2] = replace(known, at=NOW.replace(hour=1))
    assert "does not bear the signature" in examine(record, OURS).problem


def test_the_notes_say_how_far_the_proof_goes() -> None:
    record = MemoryRecord()
    filled(record, 1)
    early = anchor(record)
    filled(record, 3)
    checkpoint(record, OURS)
    found = examine(record, OURS, [early, anchor(record)])
    assert found.problem == ""
    assert found.notes == (
        "decisions up to 2 were moved out, under a sealed checkpoint",
        "1 of the decisions is as it was anchored",
        "1 anchor is of decisions that were moved out",
    )


def test_a_cut_on_sqlite_that_also_moved_the_head_back_is_noticed(sqlite_url: str) -> None:
    with Database(sqlite_url) as record:
        rows = filled(record, 6)
        known = anchor(record)
        with sqlite3.connect(Path(sqlite_url.removeprefix("sqlite:///"))) as raw:
            raw.execute("DROP TRIGGER decisions_no_delete")
            raw.execute("DELETE FROM decisions WHERE seq > 4")
            raw.execute("UPDATE decision_head SET seq = 4, hash = ?", (rows[3].hash,))
        raw.close()
        assert examine(record, OURS).problem == ""
        broken = examine(record, OURS, [known]).proof.broken
        assert broken is not None
        assert (broken.seq, broken.flaw) == (5, Flaw.CUT)
