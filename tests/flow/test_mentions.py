"""A request says whom it asks, so that they are notified; it is never told to nobody."""

import logging
from dataclasses import replace

import pytest

from bot.decide.approval import Wish
from bot.decide.catalog import Team
from bot.decide.people import Group, Person, Rota, RotaKind
from bot.decide.policy import Then
from bot.decide.quorum import DECIDERS
from bot.flow.mention import MOST, who_may_vote, whom
from tests.builders import MINUTE, objective
from tests.flow.conftest import OPS, QUICK, SEARCH, World

GROUP, LEAD = "<!subteam^S1>", "<@ULEAD>"


def blocks(world: World, key: str = "request:1") -> str:
    """The request as it stands now."""
    return str(next(p.message.blocks for p in world.messenger.posted if p.key == key))


def burn(world: World, minutes: int = 50) -> None:
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        world.source.steady(one.id, now, now + minutes * MINUTE, 100 / 60, 100 / 60)
    world.polls(minutes)


def test_a_request_mentions_the_on_call_and_the_approvers_of_its_scope(world: World) -> None:
    world.ask(Wish.FREEZE, "UEVE")
    world.deliver()
    assert f"{GROUP} and {LEAD}, please decide by" in blocks(world)


def test_a_policys_request_mentions_them_too(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.deliver()
    assert f"{GROUP} and {LEAD}, please decide by" in blocks(world)


def test_who_asks_is_not_called_to_decide(world: World) -> None:
    world.directory.add(Person("ULEAD", "lead", "T1"))
    world.ask(Wish.FREEZE, "UADA")
    world.ask(Wish.UNFREEZE, "ULEAD")
    world.deliver()
    assert GROUP in blocks(world)
    assert f"{LEAD}, please decide" not in blocks(world)


def test_a_mention_in_the_reason_stays_text(world: World) -> None:
    world.ask(Wish.FREEZE, "UEVE", reason=f"{GROUP} <!channel>")
    world.deliver()
    said = blocks(world)
    assert said.count(GROUP) == 1, "as the decider, not out of the reason"
    assert "&lt;!subteam^S1&gt;" in said
    assert "<!channel>" not in said


def test_only_ids_of_the_specs_become_mentions(world: World) -> None:
    odd = Group(("@handle", "S2"), ("U2", "not an id"))
    world.teams = {"search": Team("search", "", SEARCH, odd, Group())}
    catalog = world.catalog()
    assert whom(catalog, catalog.scope("ranker")) == ["S2", "U2"]


def test_a_request_about_everything_mentions_no_more_than_can_be_read(world: World) -> None:
    world.teams = {
        f"t{n}": Team(f"t{n}", "", f"#t{n}", Group((f"S{n}A",)), Group()) for n in range(30)
    }
    catalog = world.catalog()
    assert len(whom(catalog, catalog.scope("all"))) == MOST


def test_many_requests_of_one_poll_call_the_same_people_once(world: World) -> None:
    world.policy = replace(QUICK, on_page=Then.REQUEST_FREEZE)
    world.objectives = tuple(objective(f"model-{n}") for n in range(6))
    world.open()
    world.history_of_calm()
    burn(world, 4)
    world.deliver()
    asked = [p for p in world.messenger.posted if p.key.startswith("request")]
    assert len(world.pending()) == 6
    assert sum(GROUP in str((*p.said, p.message)[0].blocks) for p in asked) == 1


def test_a_few_requests_of_one_poll_call_the_same_people_once(world: World) -> None:
    world.policy = replace(QUICK, on_page=Then.REQUEST_FREEZE)
    world.objectives = tuple(objective(f"model-{n}") for n in range(3))
    world.open()
    world.history_of_calm()
    burn(world, 4)
    world.deliver()
    asked = [p for p in world.messenger.posted if p.key.startswith("request:")]
    assert len(asked) == 3
    assert sum(GROUP in str((*p.said, p.message)[0].blocks) for p in asked) == 1


def test_a_request_for_a_service_without_a_team_tells_the_operators_why_it_is_there(
    world: World,
) -> None:
    world.objectives = (objective("orphan"),)
    world.open()
    world.history_of_calm()
    burn(world)
    world.deliver()
    assert "No team owns service orphan" in blocks(world)
    assert [p.channel for p in world.messenger.posted if p.key == "request:1"] == [OPS]


def test_a_request_for_a_team_without_a_channel_names_the_team(world: World) -> None:
    world.teams = {"search": replace(world.teams["search"], channel="")}
    world.ask(Wish.FREEZE, "UEVE")
    world.deliver()
    assert "No channel is set for the Team search" in blocks(world)
    assert [p.channel for p in world.messenger.posted if p.key == "request:1"] == [OPS]


def test_a_request_that_reaches_no_channel_at_all_is_named_in_the_log(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.policy = replace(QUICK, on_page=Then.REQUEST_FREEZE)
    world.objectives = (objective("orphan"),)
    world.open()
    world.history_of_calm()
    world.ops = ""
    burn(world, 4)
    assert len(world.pending()) == 1
    with caplog.at_level(logging.ERROR):
        world.insist()
        world.insist()
    (told,) = [r.getMessage() for r in caplog.records if r.levelno == logging.ERROR]
    assert "request 1" in told
    assert "No team owns service orphan" in told
    assert "BURNBAN_OPS_CHANNEL" in told


def test_who_is_known_only_when_asked_is_called_in_the_thread(world: World) -> None:
    rota = Rota(RotaKind.SCHEDULE, "PD1", "pager")
    groups = Group(("@handle",), on_call=(rota,)), Group(users=("ULEAD",))
    world.teams = {"search": Team("search", "", SEARCH, *groups)}
    world.directory.groups |= {"@handle": {"UADA"}, "PD1": {"UBEN", "ULEAD"}}
    world.ask(Wish.FREEZE, "UEVE")
    for _ in range(2):  # another process looks too
        world.insisting = None
        world.insist()
    world.deliver()
    (called,) = [p for p in world.messenger.posted if p.key == "request:1:called"]
    assert "<@UADA> and <@UBEN>, please decide" in str(called.message.blocks)
    assert called.thread
    assert f"{LEAD}, please decide" in blocks(world)


def test_where_the_specs_name_ids_nobody_is_asked_whom_to_call(world: World) -> None:
    world.ask(Wish.FREEZE, "UEVE")
    asked = len(world.directory.asked)
    world.insist()
    world.deliver()
    assert len(world.directory.asked) == asked
    assert world.replies() == []


def test_who_stands_in_is_called_when_nobody_else_is_there(world: World) -> None:
    on_call = Group(("S1",), fallback=Group(users=("UBEN",)))
    world.teams = {"search": Team("search", "", SEARCH, on_call, Group())}
    world.directory.groups["S1"] = set()
    world.ask(Wish.FREEZE, "UEVE")
    world.insist()
    world.deliver()
    assert "<@UBEN>, please decide" in str(world.messenger.posted[-1].message.blocks)


def test_who_may_vote_is_said_by_group_with_words_for_what_has_no_id(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    pager = (Rota(RotaKind.SCHEDULE, "P123"),)
    on_call = Group(("S1", "search-oncall"), ("UADA", "UEVE"), pager, fallback=Group(name="leads"))
    managers = Group(users=tuple(f"UM{n}" for n in range(MOST + 2)))
    groups = {"managers": managers}
    world.teams["search"] = replace(world.teams["search"], on_call=on_call, groups=groups)
    first, second = who_may_vote(world.catalog(), request, (DECIDERS, "managers", "unheard-of"))
    assert first == {
        "group": "",
        "who": [
            "S1",
            "user group search-oncall",
            "PagerDuty schedule P123",
            "UADA",
            "leads where those are nobody",
            "ULEAD",
        ],
        "more": 0,
    }, "and not UEVE, who asks"
    assert (second["group"], second["who"][0], second["more"]) == ("managers", "UM0", 2)
