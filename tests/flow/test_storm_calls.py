"""Those who may decide hear of all requests that share a message at once, and of each by name."""

from dataclasses import replace

import pytest

from bot.decide.approval import Choice
from bot.decide.catalog import Team
from bot.decide.people import Group, Rota, RotaKind
from bot.decide.policy import Approvals
from bot.flow.ask.escalate import Escalate
from tests.builders import person
from tests.fakes import FakeDirectory, Posted
from tests.flow.conftest import OPS, QUICK, SEARCH, World
from tests.flow.storming import calm, everybody, names, storm

AFTER = 600


@pytest.fixture
def fleet(world: World) -> World:
    """Twelve services of one team, which names its people by a schedule."""
    rota = Rota(RotaKind.SCHEDULE, "PD1", "pager")
    groups = Group(on_call=(rota,)), Group(users=("ULEAD",))
    managers = {"managers": Group(("@managers",))}
    world.teams = {"search": Team("search", "", SEARCH, *groups, groups=managers)}
    world.directory.groups |= {"PD1": {"UBEN"}, "@managers": {"UUMA"}}
    for name in ("uma", "lead"):
        world.directory.add(person(name))
    approvals = Approvals(escalate_after=AFTER, fallback="managers")
    world.policy = replace(QUICK, approvals=approvals)
    calm(world)
    return world


def told(world: World, mark: str) -> list[Posted]:
    world.deliver()
    return [p for p in world.messenger.posted if mark in p.key]


def insist_anew(world: World) -> int:
    """As another process would."""
    world.insisting = None
    return world.insist()


def escalate(world: World) -> int:
    return Escalate(world.record, world.clock, world.catalog, world.directory, world.ops).run()


def test_the_call_names_all_requests_of_the_message_and_comes_once(fleet: World) -> None:
    storm(fleet, names(5))
    insist_anew(fleet)
    insist_anew(fleet)
    (call,) = told(fleet, ":called")
    assert call.message.text == (
        "These 5 requests wait for you: model-00, model-01, model-02, model-03 and 1 more."
    )
    listed = str(call.message.blocks)
    assert "<@UBEN>, please decide" in listed
    assert all(f"{name} (request {n})" in listed for n, name in enumerate(names(5), 1))
    assert call.thread


def test_whom_all_of_them_hide_is_looked_up_but_once(fleet: World) -> None:
    storm(fleet, names(12))
    assert isinstance(fleet.directory, FakeDirectory)
    fleet.directory.asked.clear()
    insist_anew(fleet)
    assert len(fleet.directory.asked) == len(set(fleet.directory.asked))


def test_who_joins_the_message_later_wakes_nobody_twice(fleet: World) -> None:
    storm(fleet, names(5))
    insist_anew(fleet)
    storm(fleet, names(7))
    insist_anew(fleet)
    assert len(told(fleet, ":called")) == 1
    fleet.directory.groups["PD1"].add("UADA")
    insist_anew(fleet)
    assert len(told(fleet, ":called")) == 2


def test_of_many_that_nobody_decides_the_fallback_group_hears_once(fleet: World) -> None:
    storm(fleet, names(5))
    fleet.clock.advance(AFTER)
    assert escalate(fleet) == 5
    assert escalate(fleet) == 0
    (told_once,) = told(fleet, ":escalation")
    assert "Nobody has decided these 5 requests about model-00, " in told_once.message.text
    listed = str(told_once.message.blocks)
    assert "<@UUMA>, please decide" in listed
    assert all(f"{name} (request {n})" in listed for n, name in enumerate(names(5), 1))
    assert (told_once.broadcast, told_once.thread is None) == (True, False)
    assert len(fleet.story("request_escalated")) == 5
    assert "5 are decided by it" in everybody(fleet, "UUMA", Choice.APPROVE)


def test_those_decided_before_are_not_named(fleet: World) -> None:
    storm(fleet, names(5))
    for request in fleet.pending()[:3]:
        fleet.vote(request, "UBEN", Choice.DENY)
    fleet.clock.advance(AFTER)
    assert escalate(fleet) == 2
    (told_once,) = told(fleet, ":escalation")
    assert "model-03 (request 4) and model-04 (request 5)" in str(told_once.message.blocks)
    assert "model-00" not in str(told_once.message.blocks)


def test_that_nobody_may_decide_any_of_them_is_told_to_the_operators_once(fleet: World) -> None:
    fleet.directory.groups["PD1"] = set()
    fleet.directory.add(replace(person("lead"), deleted=True))
    storm(fleet, names(5))
    assert insist_anew(fleet) == 5
    insist_anew(fleet)
    fleet.deliver()
    (told_once,) = fleet.heads(OPS)
    assert "Nobody can decide these 5 requests: model-00 (request 1)" in told_once
