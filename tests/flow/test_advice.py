"""What a trade-off says stands beside the gate's answer and in the card of an override: advice that
decides nothing."""

from dataclasses import replace

import pytest

from bot.flow.advice import KEEP, Advising, advice
from bot.flow.facts import Facts
from tests.builders import objective
from tests.fake_record import MemoryRecord
from tests.flow.canaries import Canaries
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.flow.overriding import asked, card, frozen, people

TELLING = replace(objective(target="0.99"), version_label="version")


@pytest.fixture
def canaries(world: World) -> Canaries:
    """A month of calm; versions are told apart."""
    world.objectives = (TELLING,)
    world.open()
    world.history_of_calm(days=31, bad=0.2)
    return Canaries(world)


def said(canaries: Canaries, version: str = "38") -> Facts | None:
    world = canaries.world
    now = world.clock.now()
    return world.record.read(lambda b: advice(b, world.catalog(), "ranker", version, now))


def test_a_release_that_was_measured_beside_another_has_an_advice(canaries: Canaries) -> None:
    assert said(canaries) is None
    canaries.bad()
    canaries.keep_up()
    found = said(canaries)
    assert found is not None
    assert (found["ruling"], found["beside"]) == ("reject", "37")
    assert found["text"].startswith("Reject: the budget of availability cannot afford it.")
    assert said(canaries, "") is None
    assert said(canaries, "41") is None


def test_where_nothing_tells_versions_apart_nobody_looks(world: World) -> None:
    canaries = Canaries(world)
    canaries.bad()
    assert said(canaries) is None


def test_an_advice_is_given_again_for_a_minute(canaries: Canaries) -> None:
    world = canaries.world
    advising = Advising(world.record, world.clock, world.catalog)
    canaries.bad()
    first = advising.of("ranker", "38")
    canaries.serve(int(KEEP.total_seconds()) // 60, {"37": 1.0, "38": 60.0})
    world.clock.advance(-1)
    assert advising.of("ranker", "38") is first
    world.clock.advance(1)
    assert advising.of("ranker", "38") != first


def test_where_nothing_tells_versions_apart_the_database_is_not_asked(
    world: World, canaries: Canaries
) -> None:
    class Counted:
        asked = 0

        def read(self, work):  # type: ignore[no-untyped-def]
            self.asked += 1
            return world.record.read(work)

    record = Counted()
    advising = Advising(record, world.clock, world.catalog)  # type: ignore[arg-type]
    assert advising.of("recs", "38") is None
    assert advising.of("ranker", "") is None
    assert record.asked == 0
    advising.of("ranker", "38")
    assert record.asked == 1


def test_a_database_that_is_away_gives_no_advice_and_breaks_nothing(canaries: Canaries) -> None:
    down = MemoryRecord()
    down.down = True
    advising = Advising(down, canaries.world.clock, canaries.world.catalog)
    assert advising.of("ranker", "38") is None


def test_the_card_of_an_override_shows_it_before_the_approval(canaries: Canaries) -> None:
    world = canaries.world
    people(world)
    canaries.bad()
    canaries.keep_up()
    frozen(world)
    number = asked(world).id
    assert "*Advice, no decision:* Reject: the budget of availability" in card(world, number)
    [row] = world.story("override_requested")
    assert row.decision.evidence["advice"] == "reject"


def test_an_override_of_what_was_not_measured_says_nothing_of_it(canaries: Canaries) -> None:
    world = canaries.world
    people(world)
    frozen(world)
    assert "Advice" not in card(world, asked(world).id)
    [row] = world.story("override_requested")
    assert "advice" not in row.decision.evidence


def test_the_gate_gives_it_beside_its_answer_and_decides_without_it(canaries: Canaries) -> None:
    gates = Gates(canaries.world)
    before = gates.ask()
    assert "advice" not in before.facts
    canaries.bad()
    canaries.keep_up()
    after = gates.ask()
    assert after.facts["advice"]["ruling"] == "reject"
    assert after.outcome.goes
    assert after.facts["decision_id"] is not None
