"""A database that hangs: nobody waits for it long, and nothing is recorded twice or for nobody."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from bot.decide.approval import Wish
from bot.decide.caller import Rights
from bot.decide.change import Change
from bot.decide.gate import HOLDS
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.errors import Forbidden, RecordError, Undecidable
from bot.flow.advice import Advising
from bot.flow.gate.answers import iso
from bot.flow.gate.decide import Asking
from bot.flow.gate.owed import MOST, Owed
from tests.flow.conftest import World
from tests.flow.gates import CI, Gates
from tests.record_samples import decision


def hanging(world: World) -> Gates:
    """A gate that knows how things stand, and whose database takes nothing more."""
    world.history_of_calm()
    gate = Gates(world)
    gate.flow.keep()
    gate.flow.patience = 0.05
    gate.record.goes.clear()
    return gate


def away(world: World) -> Gates:
    """A gate that knows how things stand, and whose database is gone."""
    world.history_of_calm()
    gate = Gates(world)
    gate.flow.keep()
    gate.record.fault = RecordError("gone")
    return gate


def test_whoever_waits_in_line_for_a_database_that_hangs_is_answered_from_memory(
    world: World,
) -> None:
    gate = hanging(world)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gate.ask, "37", run=Run("github", "0"))
        assert gate.record.hung.wait(10)
        second = gate.ask("38")
        assert (second.outcome.goes, second.facts["recorded"]) == (True, False)
        with pytest.raises(Undecidable, match=r"has not answered .* may still store the answer"):
            first.result(10)
        gate.record.goes.set()
        gate.flow.patience = 10
        assert gate.ask("39").facts["recorded"] is True
    gate.flow.keep()
    told = [str(row.decision.evidence["version"]) for row in world.story("release_allowed")]
    assert sorted(told) == ["37", "38", "39"]
    assert gate.ask("37", run=Run("github", "0")).facts["recorded"] is True
    assert len(world.story("release_allowed")) == 3


def test_nobody_who_has_gone_uses_an_override(world: World) -> None:
    world.history_of_calm()
    freeze = world.ask(Wish.FREEZE).freeze
    assert freeze is not None
    gate = hanging(world)
    gate.grant(freeze.id)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gate.ask, "37")
        assert gate.record.hung.wait(10)
        denied = gate.ask("38", run=Run("github", "2"))
        assert denied.outcome is Outcome.DENY
        assert "overrides cannot be used" in denied.facts["sentence"]
        with pytest.raises(Undecidable):
            first.result(10)
        gate.record.goes.set()
        gate.flow.patience = 10
    assert gate.ask("38", run=Run("github", "3")).outcome is Outcome.WARN
    assert len(world.story("override_used")) == 1


def test_several_questions_at_once_wait_no_longer_than_one(world: World) -> None:
    gate = hanging(world)
    gate.flow.patience = 10
    runs = [Asking(Change("ranker", f"{n}"), Run("cluster", str(n))) for n in range(3)]
    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(gate.ask, "37")
        assert gate.record.hung.wait(10)
        several = pool.submit(gate.flow.run_all, runs, CI)
        while len(gate.flow._together._waiting) < 3:
            threading.Event().wait(0.001)
        gate.record.goes.set()
        assert first.result(10).facts["recorded"] is True
        found = [str(one.facts["sentence"]) for one in several.result(10)]
    assert [one.split(" may go")[0] for one in found] == ["ranker 0", "ranker 1", "ranker 2"]
    assert gate.record.writes == 2


def test_of_several_questions_none_is_put_if_one_may_not_be(world: World) -> None:
    world.history_of_calm()
    gate = Gates(world)
    only = replace(CI, rights=Rights.of(["gate:decide:ranker"]))
    runs = [Asking(Change(name, "38")) for name in ("ranker", "recs")]
    with pytest.raises(Forbidden):
        gate.flow.run_all(runs, only)
    assert gate.flow.run_all(runs[:1], only)[0].outcome.goes
    assert len(world.story("release_allowed")) == 1


def test_what_is_owed_is_recorded_once_however_many_find_it(world: World) -> None:
    gate = away(world)
    for n in range(5):
        gate.ask(f"{n}", run=Run("github", str(n)))
    gate.record.fault = None
    gate.record.goes.clear()
    with ThreadPoolExecutor(2) as pool:
        keeping = pool.submit(gate.flow.keep)
        assert gate.record.hung.wait(10)
        gate.record.hung.clear()
        asking = pool.submit(gate.ask, "38")
        assert gate.record.hung.wait(10)
        gate.record.goes.set()
        keeping.result(10)
        assert asking.result(10).facts["recorded"] is True
    told = [str(row.decision.evidence["version"]) for row in world.story("release_allowed")]
    assert sorted(told) == ["0", "1", "2", "3", "38", "4"]


def test_what_could_not_be_recorded_stays_owed_in_its_order(world: World) -> None:
    gate = away(world)
    for n in range(4):
        gate.ask(f"{n}", run=Run("github", str(n)))
    gate.record.fault = None
    gate.flow.keep()
    told = [str(row.decision.evidence["version"]) for row in world.story("release_allowed")]
    assert told == ["0", "1", "2", "3"]


def test_what_is_owed_outlasts_what_was_known(world: World) -> None:
    gate = away(world)
    gate.ask("37")
    world.clock.advance(900)
    with pytest.raises(Undecidable):
        gate.ask("38")
    gate.record.fault = None
    gate.flow.keep()
    (row,) = world.story("release_allowed")
    assert row.decision.evidence["version"] == "37"


def test_the_same_answer_to_the_same_question_is_owed_once(world: World) -> None:
    gate = away(world)
    for _ in range(3):
        gate.ask("37")
    gate.record.fault = None
    gate.flow.keep()
    (row,) = world.story("release_allowed")
    assert row.decision.evidence["version"] == "37"


def test_nothing_goes_that_would_never_come_on_record(world: World) -> None:
    gate = away(world)
    for n in range(MOST):
        assert gate.ask(f"{n}").outcome.goes
    with pytest.raises(Undecidable, match="too many answers wait to be recorded"):
        gate.ask("one-more")
    assert gate.ask("0").outcome.goes  # it is owed already
    gate.record.fault = None
    gate.flow.keep()
    assert len(world.story("release_allowed")) == MOST
    assert gate.ask("one-more").facts["recorded"] is True


def test_what_could_not_be_recorded_comes_before_what_was_added_since() -> None:
    owed = Owed(2)
    old, new = decision(), decision(at=60)
    owed.add("a", old)
    taken = owed.take()
    assert not owed
    owed.add("b", new)
    owed.add("a", new)
    owed.put_back(taken)
    assert list(owed.take().items()) == [("a", old), ("b", new)]


def test_no_advice_is_looked_up_beside_an_answer_from_memory(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Any] = []
    monkeypatch.setattr(Advising, "measures", lambda *_: True)
    monkeypatch.setattr(Advising, "of", lambda _, *told: asked.append(told))
    gate = hanging(world)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(gate.ask, "37")
        assert gate.record.hung.wait(10)
        gate.ask("38")
        assert isinstance(first.exception(10), Undecidable)
        gate.record.goes.set()
        gate.flow.patience = 10
    assert asked == []
    gate.ask("39")
    assert asked == [("ranker", "39")]


def test_an_answer_from_memory_holds_no_longer_than_what_it_rests_on(world: World) -> None:
    gate = away(world)
    seen = gate.snapshot.last().at
    world.clock.advance(600)
    found = gate.ask()
    assert (found.outcome.goes, found.facts["recorded"]) == (True, False)
    assert found.facts["valid_until"] == iso(seen + HOLDS)
