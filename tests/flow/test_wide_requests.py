"""Requests that concern several teams: where they are asked, who decides, who is told."""

from dataclasses import replace

import pytest

from bot.decide.approval import Answer, Choice, Wish
from bot.decide.catalog import Team
from bot.decide.people import Group, Person
from bot.errors import UserError
from tests.flow.conftest import OPS, SEARCH, World
from tests.flow.reading import read


def two_teams(world: World) -> None:
    """Another team, with a channel and approvers of its own."""
    ads = Team("ads", "Ads", "#ads", Group(("S2",)), Group())
    world.teams = {**world.teams, "ads": ads}
    world.directory.add(Person("UZOE", "zoe", "T1"), "S2")


def test_a_freeze_of_everything_is_asked_in_the_operators_channel_and_told_to_all(
    world: World,
) -> None:
    two_teams(world)
    request = world.ask(Wish.FREEZE, "UEVE", word="all").request
    world.deliver()
    places = {p.channel: p for p in world.messenger.posted}
    assert set(places) == {OPS, SEARCH, "#ads"}
    assert "approve" in str(places[OPS].message.blocks)
    assert "in the operators' channel" in read(places["#ads"])
    assert world.vote(request, "UZOE").answer is Answer.DECIDED
    world.deliver()
    told = [p.channel for p in world.messenger.posted if p.key.startswith("freeze:")]
    assert sorted(told) == sorted([OPS, SEARCH, "#ads"])
    assert "Approved" in read(places[OPS])


def test_lifting_a_freeze_of_everything_takes_a_decider_of_any_team_but_not_the_requester(
    world: World,
) -> None:
    two_teams(world)
    world.ask(Wish.FREEZE, "UADA", word="all")
    request = world.ask(Wish.UNFREEZE, "UADA", word="all").request
    assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    assert world.vote(request, "UZOE").answer is Answer.DECIDED
    assert world.freezes() == []


def test_without_an_operators_channel_a_freeze_of_everything_is_asked_in_every_teams(
    world: World,
) -> None:
    two_teams(world)
    world.ops = ""
    request = world.ask(Wish.FREEZE, "UEVE", word="all").request
    world.deliver()
    assert sorted(p.channel for p in world.messenger.posted) == ["#ads", SEARCH]
    assert all("approve" in str(p.message.blocks) for p in world.messenger.posted)
    world.vote(request, "UZOE", Choice.DENY)
    world.deliver()
    asked = [p for p in world.messenger.posted if p.key.startswith("request:")]
    assert ["Denied" in read(p) for p in asked] == [True, True]


def test_what_can_be_asked_nowhere_is_refused_with_a_sentence(world: World) -> None:
    world.ops = ""
    world.teams = {"search": replace(world.teams["search"], channel="")}
    for word in ("all", "ranker"):
        with pytest.raises(UserError, match="Nobody could be asked"):
            world.ask(Wish.FREEZE, "UEVE", word=word)
    assert world.pending() == []
