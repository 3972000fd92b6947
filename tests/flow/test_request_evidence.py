"""The evidence of a policy's request stays in its message, whoever votes and however it ends."""

from dataclasses import replace

from bot.decide.approval import Choice, Wish
from bot.decide.policy import Approvals
from bot.decide.quorum import Quorum
from tests.builders import HOUR, objective
from tests.fakes import Posted
from tests.flow.conftest import OPS, QUICK, World
from tests.flow.reading import read


def spent(world: World, approvals: Approvals = QUICK.approvals) -> Posted:
    """The budget is gone, and the policy's request for a freeze stands in the channel."""
    world.policy = replace(QUICK, approvals=approvals)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.deliver()
    return asked(world)


def asked(world: World, number: int = 1) -> Posted:
    """The message of a request."""
    (found,) = [p for p in world.messenger.posted if p.key == f"request:{number}"]
    return found


def evidence(posted: Posted) -> str:
    """The line of a request's message that gives its evidence; empty if it has none."""
    _, marked, line = read(posted).partition("*Evidence:*")
    return marked + line.partition("'")[0]


def test_a_vote_leaves_the_evidence_in_place(world: World) -> None:
    message = spent(world, Approvals(freeze=Quorum.of(2)))
    before = evidence(message)
    assert "the budget is overspent by" in before
    assert "times as fast as it may" in before
    for who, state in (("UADA", "pending"), ("UBEN", "approved")):
        world.vote(world.pending()[0], who)
        world.deliver()
        assert f"Request 1 · {state}" in read(message)
        assert evidence(message) == before


def test_a_denial_leaves_the_evidence_in_place(world: World) -> None:
    message = spent(world)
    before = evidence(message)
    world.vote(world.pending()[0], "UADA", Choice.DENY)
    world.deliver()
    assert "Request 1 · denied" in read(message)
    assert evidence(message) == before != ""


def test_an_expiry_leaves_the_evidence_in_place_and_the_new_request_has_its_own(
    world: World,
) -> None:
    message = spent(world, Approvals(expires=HOUR))
    before = evidence(message)
    world.traffic("ranker/availability", bad=100, minutes=20)
    world.clock.time = world.pending()[0].expires_at
    world.tidy()
    world.deliver()
    assert "Request 1 · expired" in read(message)
    assert evidence(message) == before
    again = evidence(asked(world, 2))
    assert "overspent" in again
    assert again != before, "the new request rests on what is known when it is made"


def test_of_several_objectives_the_one_with_the_least_left_gives_the_evidence(
    world: World,
) -> None:
    world.objectives = (objective(), objective(name="latency", target="0.9995"))
    world.open()
    world.history_of_calm()
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        world.source.steady(one.id, now, now + HOUR, 100 / 60, 100 / 60)
    world.polls(60)
    (request,) = world.pending()
    assert request.causes == ("ranker/latency", "ranker/availability")
    assert request.evidence["objective"] == "ranker/latency"
    assert request.evidence["left"] < -0.9
    world.deliver()
    assert "overspent" in evidence(asked(world))


def test_a_request_of_people_says_so_where_nothing_is_known_yet(world: World) -> None:
    outcome = world.ask(Wish.FREEZE, "UEVE")
    world.vote(outcome.request, "UADA")
    world.deliver()
    assert "how much of the budget of “availability” (ranker) is left is not known" in evidence(
        asked(world)
    )
    assert world.heads(OPS) == []
