"""What nobody decides is put before the fallback group too: once, and its votes then count."""

import threading
from dataclasses import replace

from bot.decide.approval import Answer, Request, Wish
from bot.decide.people import Actor, Door, Group
from bot.decide.policy import Approvals
from bot.decide.quorum import APPROVERS, ON_CALL, Need, Quorum
from bot.flow.ask.escalate import Escalate
from bot.flow.ask.take_back import TakeBack
from tests.builders import person
from tests.flow.adjusting import minutes_ago, outage, take_out
from tests.flow.conftest import OPS, QUICK, SEARCH, World

BOTH = Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1)))
AFTER = 600


def escalate(world: World) -> int:
    return Escalate(world.record, world.clock, world.catalog, world.directory, world.ops).run()


def asked(world: World, quorum: Quorum = BOTH) -> Request:
    for name in ("lead", "uma"):
        world.directory.add(person(name))
    team = world.teams["search"]
    world.teams["search"] = replace(team, groups={"managers": Group(users=("UUMA",))})
    approvals = Approvals(freeze=quorum, escalate_after=AFTER, fallback="managers")
    world.policy = replace(QUICK, approvals=approvals)
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    return request


def test_the_fallback_group_may_not_decide_before_it_is_asked(world: World) -> None:
    request = asked(world)
    world.clock.advance(AFTER - 1)
    assert escalate(world) == 0
    assert world.vote(request, "UUMA").answer is Answer.NOT_A_DECIDER


def test_after_the_time_it_is_asked_once_in_the_channel_and_its_votes_count(world: World) -> None:
    request = asked(world)
    world.clock.advance(AFTER)
    assert escalate(world) == 1
    assert escalate(world) == 0
    world.deliver()
    (reply,) = [p for p in world.messenger.posted if p.thread]
    assert reply.broadcast
    assert "<@UUMA>, please decide" in str(reply.message.blocks)
    head = next(p for p in world.messenger.posted if p.key == f"request:{request.id}")
    assert "The group managers may decide as well" in str(head.message.blocks)
    assert world.vote(request, "UUMA").answer is Answer.COUNTED
    world.deliver()
    assert "<@UUMA> (managers, " in str(head.message.blocks)
    assert world.vote(request, "UADA").answer is Answer.DECIDED
    (row,) = world.story("request_escalated")
    assert (row.decision.evidence["to"], row.decision.evidence["waited"]) == ("managers", AFTER)


def test_what_is_decided_in_time_is_not_escalated(world: World) -> None:
    request = asked(world, Quorum.of(1))
    world.vote(request, "UADA")
    world.clock.advance(AFTER)
    assert escalate(world) == 0


def test_two_replicas_ask_the_fallback_group_once(world: World) -> None:
    asked(world)
    world.clock.advance(AFTER)
    gate, found = threading.Barrier(2), list[int]()

    def run() -> None:
        gate.wait(10)
        found.append(escalate(world))

    threads = [threading.Thread(target=run) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(found) == [0, 1]
    assert len(world.story("request_escalated")) == 1


def test_where_too_few_others_may_decide_the_fallback_group_is_asked_from_the_start(
    world: World,
) -> None:
    world.directory.groups["S1"] = {"UEVE"}
    request = asked(world)
    assert request.escalated_at == world.clock.now()
    world.deliver()
    assert world.heads(OPS) == []
    assert "<@UUMA>" in str(world.messenger.posted[0].message.blocks)
    assert world.vote(request, "ULEAD").answer is Answer.COUNTED
    assert world.vote(request, "UUMA").answer is Answer.DECIDED


def test_where_even_the_fallback_group_is_too_few_the_operators_are_told(world: World) -> None:
    world.directory.groups["S1"] = {"UEVE"}
    world.directory.add(replace(person("uma"), deleted=True))
    request = asked(world, Quorum((Need(ON_CALL, 2), Need(APPROVERS, 1))))
    assert request.escalated_at is not None
    world.deliver()
    assert len(world.heads(OPS)) == 1
    assert len(world.heads(SEARCH)) == 1


def test_an_adjustment_that_too_few_others_may_approve_escalates_from_the_start(
    world: World,
) -> None:
    outage(world)
    world.directory.add(person("uma"))
    world.directory.groups["S1"] = {"UEVE"}
    world.teams["search"] = replace(
        world.teams["search"], approvers=Group(), groups={"managers": Group(users=("UUMA",))}
    )
    world.policy = replace(QUICK, approvals=Approvals(fallback="managers"))
    found = take_out(world, minutes_ago(world, 70), minutes_ago(world, 10))
    assert found.request is not None
    assert found.request.escalated_at == world.clock.now()
    assert "So managers may decide as well" in found.next
    world.deliver()
    assert "<@UUMA>" in str([p.message.blocks for p in world.messenger.posted])
    assert world.vote(found.request, "UUMA").answer is Answer.DECIDED


def head(world: World, request: Request) -> str:
    """The request as it stands now."""
    world.deliver()
    posted = [p for p in world.messenger.posted if p.key == f"request:{request.id}"]
    return str(posted[-1].message.blocks)


def test_after_a_vote_and_its_withdrawal_the_message_still_says_who_was_asked_as_well(
    world: World,
) -> None:
    request = asked(world)
    world.clock.advance(AFTER)
    escalate(world)
    line = "The group managers may decide as well."
    assert line in head(world, request)
    assert world.vote(request, "UADA").answer is Answer.COUNTED
    said = head(world, request)
    assert line in said
    assert "<@UUMA>" in said
    taking = TakeBack(world.record, world.clock, world.catalog, world.ops)
    taking.vote(request.id, Actor("UADA", "ada", Door.SLACK))
    assert line in head(world, request)


def test_why_too_few_may_decide_still_stands_in_the_message_after_a_vote(world: World) -> None:
    world.directory.groups["S1"] = {"UEVE"}
    request = asked(world, Quorum((Need(ON_CALL, 2), Need(APPROVERS, 1))))
    short = "It takes 1 approvers and 2 on-call to decide this, but too few besides the requester"
    before = head(world, request)
    assert short in before
    assert "When this was asked" not in before
    assert world.vote(request, "ULEAD").answer is Answer.COUNTED
    assert f"When this was asked: {short}" in head(world, request)
