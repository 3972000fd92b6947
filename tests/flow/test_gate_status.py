"""How services stand, for whoever only looks."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.decide.gate_answer import Outcome
from bot.errors import Contradicted, NoSuch, RecordError, Undecidable
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.record_samples import freeze


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def test_an_open_service_is_open_and_asking_leaves_no_trace(gate: Gates) -> None:
    rows = len(gate.world.story())
    found = gate.status.status("ranker")
    assert (found["closed"], found["outcome"]) == (False, "allow")
    assert "nextOpen" not in found
    assert len(gate.world.story()) == rows


def test_a_frozen_service_is_closed_until_its_end_which_may_be_asked_for(gate: Gates) -> None:
    gate.world.ask(Wish.FREEZE, hours=2)
    found = gate.status.status("ranker")
    assert found["closed"]
    assert found["nextOpen"] == (gate.world.clock.now() + timedelta(hours=2)).isoformat()
    later = gate.status.status("ranker", gate.world.clock.now() + timedelta(hours=2))
    assert not later["closed"]


def test_without_a_known_end_there_is_no_next_opening(gate: Gates) -> None:
    gate.world.ask(Wish.FREEZE)
    assert "nextOpen" not in gate.status.status("ranker")


def test_a_look_is_a_second_old_at_most(gate: Gates) -> None:
    assert not gate.status.status("ranker")["closed"]
    gate.world.ask(Wish.FREEZE)
    gate.world.clock.advance(1)
    assert gate.status.status("ranker")["closed"]


def test_the_past_stands_in_the_history(gate: Gates) -> None:
    with pytest.raises(Contradicted, match="history"):
        gate.status.status("ranker", gate.world.clock.now() - timedelta(hours=1))


def test_an_unknown_service_is_named_with_the_nearest(gate: Gates) -> None:
    with pytest.raises(NoSuch, match="Did you mean ranker"):
        gate.status.status("rankr")
    with pytest.raises(NoSuch, match="There is no service zzz"):
        gate.status.status("zzz")


def test_without_the_database_the_last_look_holds_for_a_quarter_of_an_hour(gate: Gates) -> None:
    seen = gate.status.status("ranker")
    gate.record.fault = RecordError("gone")
    gate.world.clock.advance(600)
    kept = gate.status.status("ranker")
    assert (kept["seenAt"], kept["validUntil"]) == (seen["seenAt"], seen["validUntil"])
    gate.world.clock.advance(300)
    with pytest.raises(Undecidable):
        gate.status.status("ranker")


def test_pages_of_budgets_and_freezes_follow_each_other(gate: Gates) -> None:
    both = gate.status.budgets(lambda _: True, "", 1)
    assert [row["id"] for row in both] == ["ranker/availability", "recs/availability"]
    rest = gate.status.budgets(lambda _: True, "ranker/availability", 1)
    assert [row["id"] for row in rest] == ["recs/availability"]
    assert gate.status.budgets(lambda name: name == "none", "", 5) == []
    gate.world.ask(Wish.FREEZE)
    gate.world.ask(Wish.FREEZE, word="recs", who="UBEN")
    gate.world.clock.advance(1)
    assert [row["id"] for row in gate.status.freezes(lambda _: True, 1, 5)] == [2]
    assert [row["id"] for row in gate.status.freezes(lambda name: name == "ranker", 0, 5)] == [1]


def test_a_freeze_that_begins_while_the_database_is_away_closes_what_was_known(
    gate: Gates,
) -> None:
    begins = gate.world.clock.now() + timedelta(minutes=5)
    gate.world.record.write(lambda books: books.freezes.add(replace(freeze(), starts_at=begins)))
    assert not gate.status.status("ranker")["closed"]
    gate.record.fault = RecordError("gone")
    gate.world.clock.advance(299)
    assert not gate.status.status("ranker")["closed"]
    gate.world.clock.advance(1)
    assert gate.status.status("ranker")["closed"]


def test_a_release_is_not_judged_by_verdicts_of_half_an_hour_ago(gate: Gates) -> None:
    assert gate.ask("37").outcome is Outcome.ALLOW
    gate.world.clock.advance(1_800)
    (reason, *_) = gate.ask("38").facts["reasons"]
    assert reason["code"] == "NO_FRESH_DATA"
