"""A freeze whose cause has left the specs: no edit lifts it, and nobody forgets it."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from bot.decide.approval import Answer, Choice, Request, RequestState, Wish
from bot.decide.freeze import Freeze
from bot.decide.policy import Thaw, Then, Threshold
from bot.flow.freeze.notices import Notices
from bot.judge.objective import Objective
from tests.builders import HOUR, MINUTE, objective
from tests.flow.conftest import OPS, QUICK, World
from tests.flow.reading import read

AVAILABILITY, LATENCY = objective(), objective(name="latency")
FREEZES = replace(
    QUICK,
    thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),),
    thaw=Thaw(left=Fraction(1, 20), dwell=600),
)
DAY = timedelta(days=1)


def frozen(world: World, *objectives: Objective) -> Freeze:
    """The policy has frozen the ranker because its availability burned."""
    world.policy = FREEZES
    world.objectives = objectives or (AVAILABILITY, LATENCY)
    world.open()
    world.history_of_calm()
    run(world, 25, "availability")
    (freeze,) = world.freezes()
    assert freeze.causes == ("ranker/availability",)
    return freeze


def run(world: World, minutes: int, *burning: str) -> None:
    """Polls, with everything bad at these objectives."""
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        bad = 100 / 60 if one.name in burning else 0.0
        world.source.steady(one.id, now, now + minutes * MINUTE, 100 / 60, bad)
    world.polls(minutes)


def edit(world: World, *objectives: Objective) -> None:
    """Other specs are in force."""
    world.objectives = objectives
    world.open()


def asked(world: World) -> Request:
    """The one request that waits."""
    (request,) = world.pending()
    return request


def test_people_are_asked_once_to_lift_a_freeze_whose_cause_has_left_the_specs(
    world: World,
) -> None:
    freeze = frozen(world)
    edit(world, LATENCY)
    assert [world.tidy(), world.tidy()] == [1, 0]
    request = asked(world)
    assert (request.wish, request.freezes, request.needed) == (Wish.UNFREEZE, (freeze.id,), 1)
    assert request.reason.startswith("the objective that caused it is no longer in the specs")
    world.deliver()
    (posted,) = [p for p in world.messenger.posted if p.key == f"request:{request.id}"]
    assert "Lift the freeze of service ranker?" in read(posted)
    assert "because of ranker/availability" in read(posted)
    assert [row.decision.evidence["lost"] for row in world.story("unfreeze_requested")] == [
        ["ranker/availability"]
    ]


def test_until_somebody_approves_it_stays_frozen_whatever_the_polls_bring(world: World) -> None:
    frozen(world)
    edit(world, LATENCY)
    world.tidy()
    run(world, 90)
    assert world.freezes()
    assert world.vote(asked(world), "UADA").answer is Answer.DECIDED
    assert world.freezes() == []
    assert len(world.story("lifted")) == 1
    assert world.story("thawed") == []


def test_what_was_denied_stays_frozen_and_is_not_asked_again(world: World) -> None:
    frozen(world)
    edit(world, LATENCY)
    world.tidy()
    world.vote(asked(world), "UADA", Choice.DENY)
    world.clock.advance(3 * 24 * HOUR)
    assert world.tidy() == 0
    assert world.pending() == []
    assert world.freezes()


def test_what_people_keep_frozen_is_brought_to_mind_every_day(world: World) -> None:
    frozen(world)
    edit(world, LATENCY)
    world.tidy()
    world.vote(asked(world), "UADA", Choice.DENY)
    notices = Notices(world.record, world.clock, world.catalog, OPS)
    assert notices.run() == 0, "they have decided just now"
    for day in (1, 2):
        world.clock.advance(DAY.total_seconds())
        assert [notices.run(), notices.run()] == [1, 0]
        world.deliver()
        assert f"still stands, for {day} day" in world.replies()[-1]
    reminder = next(p for p in reversed(world.messenger.posted) if p.thread)
    assert "It cannot thaw by itself: the objective that caused it is no longer" in read(reminder)
    edit(world, AVAILABILITY, LATENCY)
    world.clock.advance(DAY.total_seconds())
    assert notices.run() == 0, "what can thaw by itself needs nobody"


def test_an_unanswered_request_comes_again_after_a_day_and_the_operators_hear_of_it(
    world: World,
) -> None:
    frozen(world)
    edit(world, LATENCY)
    world.tidy()
    first = asked(world)
    assert first.expires_at == world.clock.now() + DAY
    world.clock.time = first.expires_at
    assert world.tidy() == 1
    again = asked(world)
    assert (again.freezes, again.reason) == (first.freezes, first.reason)
    assert again.expires_at == world.clock.now() + DAY
    assert world.tidy() == 0
    assert len(world.story("unfreeze_requested")) == 2
    world.deliver()
    (told,) = [p for p in world.messenger.posted if p.channel == OPS]
    assert "asked for freeze 1 to be lifted" in read(told)
    assert "releases stay frozen" in read(told)


def test_a_cause_that_comes_back_needs_nobodys_approval_and_may_be_lost_again(
    world: World,
) -> None:
    frozen(world)
    edit(world, LATENCY)
    world.tidy()
    first = asked(world)
    edit(world, AVAILABILITY, LATENCY)
    late = world.vote(first, "UADA")
    assert (late.answer, late.state) == (Answer.CLOSED, RequestState.SUPERSEDED)
    assert "in the specs again" in late.sentence
    assert world.tidy() == 1
    assert world.pending() == []
    assert world.freezes()
    edit(world, LATENCY)
    assert world.tidy() == 1
    assert asked(world).id != first.id
    edit(world, AVAILABILITY, LATENCY)
    world.tidy()
    run(world, 90)
    assert world.freezes() == [], "it thaws by itself again"
    assert len(world.story("thawed")) == 1


def test_a_freeze_with_one_cause_left_asks_people_once_that_one_has_recovered(
    world: World,
) -> None:
    asks = (Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),)
    world.policy = replace(FREEZES, thresholds=asks)
    edit(world, AVAILABILITY, LATENCY)
    world.history_of_calm()
    run(world, 22, "availability", "latency")
    world.vote(asked(world), "UADA")
    (freeze,) = world.freezes()
    assert freeze.causes == ("ranker/availability", "ranker/latency")
    edit(world, LATENCY)
    assert world.tidy() == 0, "the other still burns, and may thaw it"
    run(world, 90)
    assert world.freezes(), "the edit of a file must not lift it"
    request = asked(world)
    assert request.freezes == (freeze.id,)
    assert request.cause == "ranker/availability"
    assert request.reason.endswith("the others have recovered")
    assert len(world.story("unfreeze_requested")) == 1
    world.vote(request, "UADA")
    assert world.freezes() == []


def test_a_freeze_of_a_service_that_is_gone_is_told_to_the_operators_once(world: World) -> None:
    frozen(world, AVAILABILITY, objective("recs", "latency"))
    edit(world, objective("recs", "latency"))
    assert world.tidy() == 0
    assert world.tidy() == 0
    assert world.pending() == [], "nobody could decide it"
    world.deliver()
    (told,) = [p for p in world.messenger.posted if p.channel == OPS]
    assert "Freeze 1 is of service ranker, which has left the specs" in read(told)
    assert "ranker/availability" in read(told)


def test_a_freeze_set_by_people_has_no_cause_to_lose(world: World) -> None:
    edit(world, AVAILABILITY, LATENCY)
    world.ask(Wish.FREEZE, "UADA")
    edit(world, LATENCY)
    assert world.tidy() == 0
    assert world.pending() == []
    assert len(world.freezes()) == 1
