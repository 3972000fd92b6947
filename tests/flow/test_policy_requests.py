"""What a policy asks for by itself: asked once a service, never lost, thawed when all is well."""

from dataclasses import replace
from fractions import Fraction
from io import StringIO

from rich.console import Console

from bot.decide.approval import Answer, Choice, Wish
from bot.decide.people import Person
from bot.decide.policy import Approvals, Thaw, Then, Threshold
from bot.entrypoints.terminal_freezes import print_freezes
from bot.flow.show.survey import Survey
from tests.builders import HOUR, MINUTE, objective
from tests.flow.conftest import OPS, QUICK, World
from tests.flow.reading import read

BOTH = (objective(), objective(name="latency"))


def burn(world: World, minutes: int, *names: str, well: bool = False) -> None:
    """Everything goes bad at these objectives of the ranker, or is well."""
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        bad = 0.0 if well or one.name not in names else 100 / 60
        world.source.steady(one.id, now, now + minutes * MINUTE, 100 / 60, bad)
    world.polls(minutes)


def two_objectives(world: World) -> None:
    """Two of one service, with a calm month behind them: each has a budget of 4,320."""
    world.objectives = BOTH
    world.open()
    world.history_of_calm()


def test_objectives_of_one_service_ask_for_one_freeze(world: World) -> None:
    two_objectives(world)
    burn(world, 50, "availability", "latency")
    (request,) = world.pending()
    assert request.causes == ("ranker/availability", "ranker/latency")
    assert "“availability”" in request.reason
    assert "“latency”" in request.reason
    assert len(world.story("freeze_requested")) == 2
    world.deliver()
    asked = [p for p in world.messenger.posted if p.key == "request:1"]
    assert len(asked) == 1
    assert "ranker/availability, ranker/latency" in str(asked[0].message.blocks)


def test_a_freeze_that_the_policy_asked_for_is_listed_with_who_approved_it(world: World) -> None:
    two_objectives(world)
    burn(world, 50, "availability", "latency")
    world.vote(world.pending()[0], "UADA")
    found = Survey(world.record, world.clock, world.catalog, OPS).listing()
    shown = str(world.renderer().message("freezes", found).blocks)
    assert "asked for by the policy, approved by <@UADA>" in shown
    assert "set by Burnban" not in shown
    printed = StringIO()
    print_freezes(Console(file=printed, width=200), found)
    assert "asked for by the policy, approved by ada: " in printed.getvalue()


def test_a_freeze_for_two_objectives_thaws_when_both_have_recovered(world: World) -> None:
    world.policy = replace(
        QUICK,
        thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
        thaw=Thaw(left=Fraction(1, 20), dwell=600),
    )
    two_objectives(world)
    burn(world, 22, "availability", "latency")
    (request,) = world.pending()
    world.vote(request, "UADA")
    (freeze,) = world.freezes()
    assert freeze.causes == ("ranker/availability", "ranker/latency")
    burn(world, 18, "latency")
    assert world.freezes(), "one of them still burns"
    burn(world, 30, well=True)
    assert world.freezes() == []
    assert len(world.story("thawed")) == 1


def test_every_message_about_a_freeze_names_the_same_people_for_it(world: World) -> None:
    world.policy = replace(
        QUICK,
        thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
        thaw=Thaw(left=Fraction(1, 20), dwell=600),
    )
    two_objectives(world)
    burn(world, 22, "availability", "latency")
    world.vote(world.pending()[0], "UADA")
    world.ask(Wish.UNFREEZE, "UEVE")
    world.deliver()
    shown = str(world.renderer().message("show", world.answer().show("ranker")).blocks)
    assert "asked for by the policy, approved by <@UADA>, since" in shown
    lift = next(p for p in world.messenger.posted if p.key == "request:2")
    assert "asked for by the policy, approved by <@UADA>, since" in read(lift)
    burn(world, 30, well=True)
    assert world.freezes() == []
    world.deliver()
    (announced, thawed) = [p for p in world.messenger.posted if p.key.startswith("freeze:")]
    assert "asked for by the policy from" in read(announced)
    assert "The policy had asked for it because of ranker/availability" in read(thawed)
    assert ", approved by <@UADA> (" in read(thawed)
    assert not [p.key for p in world.messenger.posted if "set by Burnban" in read(p)]


def test_what_is_not_known_of_the_other_thaws_nothing(world: World) -> None:
    world.policy = replace(
        QUICK,
        thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
        thaw=Thaw(left=Fraction(1, 10), dwell=0),
    )
    two_objectives(world)
    burn(world, 25, "availability", "latency")
    world.vote(world.pending()[0], "UADA")
    world.source.faults["ranker/latency"] = "timed out"
    burn(world, 30, well=True)
    assert world.freezes()
    world.source.faults.clear()
    burn(world, 2, well=True)
    assert world.freezes() == []


def test_one_failed_poll_does_not_start_the_dwell_time_anew(world: World) -> None:
    steps = (Threshold(Fraction(1, 2), Then.FREEZE),)
    world.policy = replace(QUICK, thresholds=steps, thaw=Thaw(left=Fraction(1, 10), dwell=HOUR))
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=25)
    assert world.freezes()
    calm_since = world.clock.now()
    while world.freezes():
        world.traffic("ranker/availability", bad=0, minutes=20)
        world.source.fault = "timed out"
        world.traffic("ranker/availability", bad=0, minutes=1)
        world.source.fault = None
        assert (world.clock.now() - calm_since).total_seconds() < 3 * HOUR
    assert len(world.story("thawed")) == 1


def test_a_policys_request_that_nobody_can_decide_is_told_to_the_operators_once(
    world: World,
) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.directory.groups["S1"] = set()
    world.directory.down = True
    assert world.insist() == 0, "while Slack does not say, nothing is claimed"
    world.directory.down = False
    assert [world.insist(), world.insist()] == [1, 0]
    world.insisting = None  # another process
    assert world.insist() == 1
    world.deliver()
    (told,) = world.heads(OPS)
    assert "Nobody can decide request 1 about service ranker" in told


def test_a_policys_request_that_somebody_can_decide_troubles_no_operator(world: World) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    assert world.insist() == 0
    world.deliver()
    assert world.heads(OPS) == []


def test_a_policy_asks_again_while_the_budget_is_spent_and_tells_the_operators(
    world: World,
) -> None:
    world.policy = replace(QUICK, approvals=Approvals(expires=HOUR))
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    (first,) = world.pending()
    world.clock.time = first.expires_at
    assert world.tidy() == 1
    (again,) = world.pending()
    assert (again.id, again.scope, again.cause) == (2, first.scope, first.cause)
    assert (again.expires_at - world.clock.now()).total_seconds() == HOUR
    assert world.vote(first, "UADA").answer is Answer.CLOSED
    world.deliver()
    (told,) = world.heads(OPS)
    assert "Nobody decided about service ranker in time" in told
    assert world.vote(again, "UADA").answer is Answer.DECIDED
    assert len(world.freezes()) == 1


def test_a_policy_does_not_ask_again_once_the_cause_is_gone(world: World) -> None:
    world.policy = replace(
        QUICK,
        thresholds=(),
        on_page=Then.REQUEST_FREEZE,
        approvals=Approvals(expires=2 * HOUR),
        thaw=Thaw(left=Fraction(95, 100)),
    )
    world.history_of_calm()
    world.traffic("ranker/availability", bad=60, minutes=6)
    assert len(world.pending()) == 1
    world.traffic("ranker/availability", bad=0, minutes=130)
    assert world.tidy() == 1
    assert world.pending() == []
    assert len(world.story("freeze_requested")) == 1


def test_what_was_denied_or_asked_by_people_is_not_asked_again(world: World) -> None:
    world.policy = replace(QUICK, approvals=Approvals(expires=HOUR))
    world.directory.add(Person("ULEAD", "lead", "T1"))
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=50)
    world.vote(world.pending()[0], "UADA", Choice.DENY)
    world.ask(Wish.FREEZE, "UEVE")
    world.clock.advance(2 * HOUR)
    assert world.tidy() == 1
    assert world.pending() == []


def test_an_unanswered_request_does_not_hold_up_the_policys_freeze(world: World) -> None:
    steps = (Threshold(Fraction(3, 4), Then.REQUEST_FREEZE), Threshold(Fraction(1, 4), Then.FREEZE))
    world.policy = replace(QUICK, thresholds=steps)
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=15)
    assert len(world.pending()) == 1
    assert world.freezes() == []
    world.traffic("ranker/availability", bad=100, minutes=25)
    assert world.pending() == []
    assert len(world.freezes()) == 1
    assert len(world.story("request_superseded")) == 1
    world.deliver()
