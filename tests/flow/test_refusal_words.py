"""What a refusal and `/budget gate` say: each thing once, and the way that is open already."""

from dataclasses import replace

import pytest

from bot.decide.policy import Blind
from bot.flow.gate.words import GateWords
from tests.fakes import Posted
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates
from tests.flow.overriding import asked, frozen
from tests.flow.reading import read


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    return Gates(world)


def refusal(world: World) -> Posted:
    world.deliver()
    (found,) = [p for p in world.messenger.posted if "refused:" in p.key and p.channel == SEARCH]
    return found


def words(gate: Gates, release: str = "38") -> dict[str, object]:
    return GateWords(gate.world.record, gate.world.clock, gate.snapshot).facts("ranker", release)


def test_a_refusal_tells_a_budget_once_and_by_its_title(gate: Gates) -> None:
    gate.world.traffic("ranker/availability", bad=100, minutes=20)
    frozen(gate.world)
    gate.ask()
    text = read(refusal(gate.world))
    assert text.count("availability, now:") == 1
    assert "ranker/availability" not in text


def test_a_budget_that_stops_a_release_by_itself_is_told_as_its_reason_by_its_title(
    world: World,
) -> None:
    world.policy = replace(world.policy, blind=(("", Blind.HOLD),))
    world.history_of_calm()
    world.clock.advance(86_400)
    found = words(Gates(world))
    assert found["closed"]
    assert [str(one)[:20] for one in found["reasons"]] == ["“availability” now: "]  # type: ignore[attr-defined] # a list
    assert found["budgets"] == []


def test_a_refusal_points_to_the_override_that_waits_for_this_release(gate: Gates) -> None:
    frozen(gate.world)
    request = asked(gate.world)
    said = gate.ask("38").facts["override_pending"]
    assert said["override_id"] == str(request.id)
    assert gate.ask("38").facts["override_pending"] == said
    text = read(refusal(gate.world))
    assert f"override {request.id} for it waits for an approval since" in text
    assert "ask for an override" not in text
    assert "ask_override" not in text
    assert words(gate)["pending"] == {
        "request": request.id, "asked": int(request.created_at.timestamp()),
    }  # fmt: skip


def test_an_override_that_waits_for_another_release_is_not_pointed_to(gate: Gates) -> None:
    frozen(gate.world)
    asked(gate.world)
    assert gate.ask("39").facts["override_pending"] is None
    assert "ask for an override" in read(refusal(gate.world))
    assert words(gate, "39")["pending"] is None


def test_what_an_override_lets_through_is_said_before_the_freeze(gate: Gates) -> None:
    grant = gate.grant(frozen(gate.world))
    assert gate.ask().facts["sentence"] == (
        f"ranker 38 may go, with care: override {grant.request} lets 38 through, once"
    )
    assert [one["code"] for one in gate.ask().facts["reasons"]] == ["OVERRIDE", "MANUAL_FREEZE"]
