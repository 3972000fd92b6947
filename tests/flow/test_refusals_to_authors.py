"""A release was stopped: whoever asked hears it in private, where it is known who that is."""

from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.caller import Caller, Rights
from bot.decide.identity import Identities, Identity
from bot.decide.override import Run
from bot.decide.people import Actor, Door
from tests.flow.conftest import World
from tests.flow.gates import Gates

PEOPLE = Identities.of(
    [
        Identity(("UADA", "github:ada", "gitlab:ada")),
        Identity(("email:ben@x.example", "github:ben")),
    ]
)


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    world.ask(Wish.FREEZE)
    world.deliver()
    return Gates(world, catalog=replace(world.catalog(), identities=PEOPLE))


def told(gate: Gates, channel: str) -> list[str]:
    gate.world.deliver()
    return [text for text in gate.world.heads(channel) if "may not be released" in text]


def test_the_author_is_told_in_private_and_the_channel_stays_silent(gate: Gates) -> None:
    team = gate.world.catalog().team_of("ranker")
    assert team is not None
    gate.ask(deployer="github:Ada")
    (private,) = told(gate, "UADA")
    assert "ranker 38" in private
    assert told(gate, team.channel) == []


def test_an_author_without_a_name_in_slack_leaves_it_to_the_channel_of_the_team(
    gate: Gates,
) -> None:
    team = gate.world.catalog().team_of("ranker")
    assert team is not None
    for number, who in enumerate(("github:ben", "github:stranger", "")):
        gate.ask(f"4{number}", deployer=who)
    assert len(told(gate, team.channel)) == 1
    assert len(gate.world.replies(team.channel)) == 2


def test_each_author_is_told_once_however_often_they_ask(gate: Gates) -> None:
    for run in range(3):
        gate.ask(deployer="github:ada", run=Run("github", str(run)))
    assert len(told(gate, "UADA")) == 1


def test_the_person_behind_the_identity_of_a_run_is_its_author(gate: Gates) -> None:
    for system in ("github", "gitlab"):
        rights = Rights.of(["gate:decide:*"])
        vouched = Caller(Actor("ci:x:acme", "ada", Door.API), rights, run=Run(system, "77"))
        gate.ask(f"on {system}", run=None, caller=vouched)
    assert len(told(gate, "UADA")) == 1
    (other,) = gate.world.replies("UADA")
    assert "ranker on gitlab may not be released either" in other
    (first, _) = gate.world.story("release_stopped")
    assert first.decision.evidence["deployer"] == "github:ada"


def test_what_a_caller_says_of_its_author_comes_before_whoever_started_the_run(
    gate: Gates,
) -> None:
    rights = Rights.of(["gate:decide:*"])
    vouched = Caller(Actor("ci:x:acme", "bot", Door.API), rights, run=Run("github", "77"))
    gate.ask(run=None, caller=vouched, deployer="github:ada")
    assert len(told(gate, "UADA")) == 1
