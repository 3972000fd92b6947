"""N of M over groups, denials that add up, comments, votes and requests that are taken back."""

from dataclasses import replace

import pytest

from bot.decide.approval import Answer, Choice, Request, Wish
from bot.decide.people import Actor, Door, Group
from bot.decide.policy import Approvals
from bot.decide.quorum import APPROVERS, ON_CALL, Need, Quorum
from bot.errors import UserError
from bot.flow.ask.take_back import TakeBack
from bot.flow.ask.vote import CastVote
from tests.builders import person
from tests.flow.conftest import QUICK, SEARCH, World

BOTH = Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1)))


def in_slack(name: str) -> Actor:
    return Actor(f"U{name.upper()}", name, Door.SLACK)


def taking(world: World) -> TakeBack:
    return TakeBack(world.record, world.clock, world.catalog, world.ops)


def commented(world: World, request: Request, who: str, comment: str) -> None:
    flow = CastVote(world.record, world.clock, world.catalog, world.directory, world.ops)
    flow.run(request.id, who, Choice.APPROVE, comment=comment)


def asked(world: World, quorum: Quorum) -> Request:
    world.directory.add(person("lead"))
    world.policy = replace(QUICK, approvals=Approvals(freeze=quorum))
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    return request


def shown(world: World) -> str:
    """The message of the request, as it stands now."""
    world.deliver()
    (head,) = [p for p in world.messenger.posted if p.channel == SEARCH and p.key == "request:1"]
    return str(head.message.blocks)


def test_a_vote_counts_for_the_groups_that_hold_the_voter_and_says_so(world: World) -> None:
    request = asked(world, BOTH)
    ruling = world.vote(request, "UADA")
    assert ruling.sentence == "Your approval counts; 1 approvers more is needed."
    said = shown(world)
    assert "<@UADA> (on-call, " in said
    assert "missing: 1 approvers" in said
    assert world.vote(request, "UBEN").answer is Answer.COUNTED
    assert world.freezes() == []
    assert world.vote(request, "ULEAD").answer is Answer.DECIDED
    assert len(world.freezes()) == 1
    cast = world.story("vote_cast")
    assert [row.decision.evidence["groups"] for row in cast] == [[ON_CALL], [ON_CALL], [APPROVERS]]


def test_who_is_in_both_groups_fills_the_place_that_lets_the_others_count(world: World) -> None:
    world.teams["search"] = replace(world.teams["search"], approvers=Group(users=("ULEAD", "UADA")))
    request = asked(world, BOTH)
    assert world.vote(request, "UADA").answer is Answer.COUNTED
    assert "missing: 1 on-call" in shown(world)
    assert world.vote(request, "UBEN").answer is Answer.DECIDED


def test_denials_add_up_to_the_threshold(world: World) -> None:
    request = asked(world, Quorum(BOTH.needs, deny=2))
    assert world.vote(request, "UADA", Choice.DENY).answer is Answer.COUNTED
    assert "2 denials end it; 1 so far" in shown(world)
    assert world.vote(request, "ULEAD", Choice.DENY).answer is Answer.DECIDED
    (denied,) = world.story("request_denied")
    assert [vote[0] for vote in denied.decision.evidence["votes"]] == ["UADA", "ULEAD"]


def test_a_comment_stands_beside_the_name_and_in_the_history(world: World) -> None:
    request = asked(world, BOTH)
    commented(world, request, "UADA", "graphs are <!channel> flat")
    assert "“graphs are &lt;!channel&gt; flat”" in shown(world)
    assert world.story("vote_cast")[0].decision.evidence["comment"] == "graphs are <!channel> flat"


def test_a_vote_is_withdrawn_before_the_decision_and_may_be_cast_anew(world: World) -> None:
    request = asked(world, BOTH)
    world.vote(request, "UADA")
    assert "withdrawn" in taking(world).vote(request.id, in_slack("ada"))
    assert "0 so far" in shown(world)
    world.vote(request, "ULEAD")
    assert world.freezes() == []
    assert world.vote(request, "UADA").answer is Answer.DECIDED
    (row,) = world.story("vote_withdrawn")
    assert (row.decision.actor.id, row.decision.evidence["choice"]) == ("UADA", "approve")


def test_a_denial_that_is_withdrawn_does_not_count_any_more(world: World) -> None:
    request = asked(world, Quorum(BOTH.needs, deny=2))
    world.vote(request, "UADA", Choice.DENY)
    taking(world).vote(request.id, in_slack("ada"))
    assert world.vote(request, "UBEN", Choice.DENY).answer is Answer.COUNTED


def test_nothing_is_withdrawn_by_who_has_not_voted_nor_after_the_decision(world: World) -> None:
    request = asked(world, Quorum.of(1))
    with pytest.raises(UserError, match="not voted"):
        taking(world).vote(request.id, in_slack("ada"))
    world.vote(request, "UADA")
    with pytest.raises(UserError, match="approved already"):
        taking(world).vote(request.id, in_slack("ada"))
    with pytest.raises(UserError, match="There is no request 99"):
        taking(world).vote(99, in_slack("ada"))
    assert world.story("vote_withdrawn") == []
    assert len(world.freezes()) == 1


def test_a_request_is_cancelled_by_its_requester_alone(world: World) -> None:
    request = asked(world, BOTH)
    world.vote(request, "UADA")
    with pytest.raises(UserError, match="Only whoever asked"):
        taking(world).request(request.id, in_slack("ada"))
    assert "cancelled" in taking(world).request(request.id, in_slack("eve"))
    assert "took it back" in shown(world)
    assert world.vote(request, "ULEAD").answer is Answer.CLOSED
    assert world.freezes() == []
    with pytest.raises(UserError, match="cancelled already"):
        taking(world).request(request.id, in_slack("eve"))
    assert len(world.story("request_cancelled")) == 1
