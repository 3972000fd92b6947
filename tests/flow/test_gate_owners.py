"""A run is known by its name and by whose word that is: nobody else takes part in what it used."""

import pytest

from bot.decide.approval import Wish
from bot.decide.caller import Caller, Rights
from bot.decide.change import Change
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from bot.errors import Forbidden
from bot.flow.gate.decide import Asking
from tests.flow.conftest import World
from tests.flow.gates import RUN, Gates


@pytest.fixture
def gate(world: World) -> Gates:
    """The ranker is frozen, and an override for its version 38 is granted."""
    world.history_of_calm()
    outcome = world.ask(Wish.FREEZE)
    assert outcome.freeze is not None
    gates = Gates(world)
    gates.grant(outcome.freeze.id)
    return gates


def uses(gate: Gates) -> int:
    return len(gate.world.story("override_used"))


def bearing(number: int, name: str) -> Caller:
    """Whoever bears the token of that number and name."""
    rights = Rights.of(["gate:decide:*"])
    return Caller(Actor(f"token:{number}", name, Door.API), rights, owner=f"token:{name}")


@pytest.mark.parametrize("run", [RUN, None])
def test_a_run_that_somebody_else_names_as_well_does_not_use_what_it_used(
    gate: Gates, run: Run | None
) -> None:
    first = gate.ask(run=run)
    stranger = bearing(2, "other-team")
    refused = gate.ask(run=run, caller=stranger)
    assert (first.outcome, refused.outcome) == (Outcome.WARN, Outcome.DENY)
    assert refused.facts["decision_id"] != first.facts["decision_id"]
    assert gate.flow.look(Asking(Change("ranker", "38"), run), stranger).outcome is Outcome.DENY
    assert gate.ask(run=run).facts["decision_id"] == first.facts["decision_id"]
    assert uses(gate) == 1


def test_a_run_goes_on_with_the_next_token_of_the_same_name(gate: Gates) -> None:
    first = gate.ask(once="k1")
    rotated = bearing(2, "ci")
    assert gate.ask(caller=rotated).facts["decision_id"] == first.facts["decision_id"]
    assert gate.ask(caller=rotated, once="k1").facts == first.facts
    assert uses(gate) == 1


def test_nobody_claims_to_be_the_run_that_its_own_system_vouches_for(gate: Gates) -> None:
    vouched = Run("github", "1", named_by="github")
    run = Caller(Actor("ci:gh:acme", "ada", Door.API), Rights.of(["gate:decide:*"]), run=vouched)
    assert gate.ask(run=None, caller=run).outcome is Outcome.WARN
    assert gate.ask(run=RUN).outcome is Outcome.DENY
    assert gate.ask(run=RUN, caller=run).outcome is Outcome.WARN


def test_what_the_protection_rule_let_go_may_ask_again_as_the_run_that_it_is(gate: Gates) -> None:
    """The webhook of a code host and the identity of its runs are the word of the same system."""
    rights = Rights.of(["gate:decide:*"])
    rule = Caller(Actor("github:hub", "acme/ranker", Door.API), rights, owner="github")
    assert gate.ask(caller=rule).outcome is Outcome.WARN
    vouched = Run("github", "1", named_by="github")
    run = Caller(Actor("ci:gh:acme", "ada", Door.API), rights, run=vouched)
    assert gate.ask(run=None, caller=run).outcome is Outcome.WARN


def test_an_override_that_the_database_gives_to_another_run_lets_this_one_not_through(
    gate: Gates, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The conditional update has the last word, whatever was read before it."""
    asked: list[int] = []

    def refuse(_: object, grant: int, *__: object) -> bool:
        asked.append(grant)
        return False

    monkeypatch.setattr("bot.record.overrides.SqlGrants.use", refuse)
    said = gate.ask()
    assert (said.outcome, said.facts["override_id"], asked) == (Outcome.DENY, None, [1])
    assert uses(gate) == 0


def test_a_token_for_one_service_may_not_ask_for_another_whose_name_begins_alike(
    gate: Gates,
) -> None:
    rights = Rights.of(["gate:decide:rank"])
    with pytest.raises(Forbidden, match="may not ask for releases of ranker"):
        gate.ask(caller=Caller(Actor("token:3", "rank", Door.API), rights))
