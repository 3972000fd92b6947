"""A policy takes its own request back once what it asked for a freeze for has passed."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Answer, Choice, Request, RequestState, Wish
from bot.decide.policy import Approvals, Thaw, Then, Threshold
from bot.decide.quorum import Quorum
from tests.builders import objective
from tests.fakes import Posted
from tests.flow.conftest import QUICK, World
from tests.flow.reading import read
from tests.flow.test_policy_requests import burn, two_objectives
from tests.flow.test_request_evidence import asked

NAME = "ranker/availability"
HALF = replace(
    QUICK,
    thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
    thaw=Thaw(left=Fraction(60, 100), dwell=600),
)


@pytest.fixture
def low(world: World) -> World:
    """Half of the budget went, so the policy asks for a freeze."""
    world.policy = HALF
    world.history_of_calm()
    world.traffic(NAME, bad=1_000, minutes=3, eligible=1_000.0)
    assert len(world.pending()) == 1
    return world


def given_back(world: World) -> None:
    """So much more traffic, all of it good, that the budget grows: what is spent is less of it."""
    world.traffic(NAME, bad=0, minutes=12, eligible=400_000.0)


def stored(world: World, number: int = 1) -> Request:
    found = world.record.read(lambda books: books.requests.get(number))
    assert found is not None
    return found


def warnings(world: World) -> list[Posted]:
    return [p for p in world.messenger.posted if p.key.startswith("episode:") and not p.thread]


def test_a_request_of_a_policy_is_withdrawn_once_its_budget_has_recovered(low: World) -> None:
    given_back(low)
    assert low.pending() == []
    assert stored(low).closed is RequestState.CANCELLED
    (row,) = low.story("request_cancelled")
    left = row.decision.evidence["remaining"]
    assert left > 0.6
    assert row.decision.evidence["request"] == 1
    assert row.decision.actor.id == "burnban"
    assert row.decision.reason.startswith("the budget of “availability” has recovered, ")
    low.deliver()
    said = read(asked(low))
    assert f"Withdrawn: {row.decision.reason}. Nothing to decide." in said
    assert "Request 1 · withdrawn" in said
    assert "'approve'" not in said
    assert low.heads()[-1].startswith("Withdrawn: the budget of “availability” has recovered")


def test_a_request_says_beside_its_deadline_that_it_may_be_withdrawn_before(low: World) -> None:
    low.deliver()
    assert "Should the budget recover first, it is withdrawn." in read(asked(low))


def test_a_vote_on_a_withdrawn_request_freezes_nothing(low: World) -> None:
    request = low.pending()[0]
    given_back(low)
    late = low.vote(request, "UADA")
    assert (late.answer, late.state) == (Answer.CLOSED, RequestState.CANCELLED)
    assert "has withdrawn this request; nothing changed" in late.sentence
    assert low.freezes() == []
    assert len(low.story("request_cancelled")) == 1


def test_a_request_that_was_approved_first_is_not_withdrawn(low: World) -> None:
    low.vote(low.pending()[0], "UADA")
    given_back(low)
    assert stored(low).closed is RequestState.APPROVED
    assert low.story("request_cancelled") == []


def test_calm_alone_withdraws_nothing_while_too_little_is_left(low: World) -> None:
    low.traffic(NAME, bad=0, minutes=40)
    assert [one.id for one in low.pending()] == [1]


def test_a_budget_at_the_edge_is_asked_about_once(low: World) -> None:
    """Between the share at which it asks and the one at which it would thaw nothing changes."""
    low.traffic(NAME, bad=0, minutes=12, eligible=160_000.0)
    left = low.answer().judged(low.catalog().scope("ranker"))[0].verdict.left
    assert left is not None
    assert Fraction(1, 2) < left < Fraction(60, 100)
    assert [one.id for one in low.pending()] == [1]
    assert low.story("request_cancelled") == []


def test_what_burns_again_after_a_withdrawal_is_asked_about_anew(low: World) -> None:
    given_back(low)
    assert low.pending() == []
    low.traffic(NAME, bad=3_000, minutes=2, eligible=3_000.0)
    (again,) = low.pending()
    assert again.id == 2


def test_what_is_not_known_withdraws_nothing(low: World) -> None:
    low.source.fault = "timed out"
    given_back(low)
    assert [one.id for one in low.pending()] == [1]
    low.source.fault = None
    low.traffic(NAME, bad=0, minutes=3)
    assert low.pending() == []


def calm(world: World) -> None:
    """Until the request is withdrawn, which comes before it expires."""
    (request,) = world.pending()
    while world.pending():
        world.traffic(NAME, bad=0, minutes=5)
        assert world.clock.now() < request.expires_at


def test_a_warning_that_is_over_does_not_go_on_saying_that_a_freeze_is_asked_for(
    world: World,
) -> None:
    world.policy = replace(QUICK, thresholds=(), on_page=Then.REQUEST_FREEZE)
    world.history_of_calm()
    world.traffic(NAME, bad=60, minutes=6)
    while world.episode():
        world.traffic(NAME, bad=0, minutes=1)
    assert len(world.pending()) == 1
    calm(world)
    world.deliver()
    (warning,) = warnings(world)
    assert "burns no longer" in read(warning)
    assert "A freeze is being asked for" not in read(warning)


def test_a_page_after_a_withdrawal_is_asked_about_anew_in_the_same_episode(world: World) -> None:
    world.policy = replace(QUICK, thresholds=(), on_page=Then.REQUEST_FREEZE)
    world.history_of_calm()
    world.traffic(NAME, bad=100, minutes=10)
    calm(world)
    assert stored(world).closed is RequestState.CANCELLED
    episode = world.episode()
    assert episode is not None
    world.deliver()
    (warning,) = warnings(world)
    assert "A freeze is being asked for" not in read(warning)
    world.traffic(NAME, bad=100, minutes=3)
    assert [one.id for one in world.pending()] == [2]
    assert world.episode() == episode


def test_a_request_for_two_objectives_is_withdrawn_when_both_have_recovered(world: World) -> None:
    world.policy = replace(QUICK, thresholds=(), on_page=Then.REQUEST_FREEZE)
    two_objectives(world)
    burn(world, 8, "availability", "latency")
    (request,) = world.pending()
    assert len(request.causes) == 2
    world.source.faults["ranker/latency"] = "timed out"
    burn(world, 62, well=True)
    assert [one.id for one in world.pending()] == [1], "nobody knows of the other"
    world.source.faults.clear()
    burn(world, 2, well=True)
    assert world.pending() == []
    (row,) = world.story("request_cancelled")
    assert row.decision.reason.startswith("the budgets of “availability” and “latency” have")


def test_votes_cast_before_a_withdrawal_stay_on_the_card(world: World) -> None:
    world.policy = replace(HALF, approvals=Approvals(freeze=Quorum.of(2)))
    world.history_of_calm()
    world.traffic(NAME, bad=1_000, minutes=3, eligible=1_000.0)
    world.vote(world.pending()[0], "UADA")
    given_back(world)
    assert world.pending() == []
    world.deliver()
    said = read(asked(world))
    assert "Request 1 · withdrawn" in said
    assert "Approved so far by <@UADA>" in said


def test_a_request_of_people_is_theirs_to_cancel(low: World) -> None:
    low.vote(low.pending()[0], "UADA", Choice.DENY)
    low.ask(Wish.FREEZE, "UEVE")
    given_back(low)
    assert [one.requester.id for one in low.pending()] == ["UEVE"]


def test_while_it_waits_a_request_says_of_when_its_figures_are(low: World) -> None:
    request = low.pending()[0]
    low.deliver()
    said = read(asked(low))
    at = f"<!date^{int(request.created_at.timestamp())}^"
    assert f"The policy asks, since {at}" in said
    assert f"*Evidence:* as of {at}" in said


def test_a_request_says_the_same_end_of_the_freeze_as_the_freeze_itself(low: World) -> None:
    ending = (
        "frozen until the budget of “availability” has recovered"
        " (more than 60 % left, calm for 10 min), or somebody lifts the freeze"
    )
    low.deliver()
    assert ending in read(asked(low))
    low.vote(low.pending()[0], "UADA")
    low.deliver()
    assert "Request 1 · approved" in read(asked(low))
    assert ending in read(asked(low))
    (told,) = [p for p in low.messenger.posted if p.key.startswith("freeze:1:")]
    assert "until the budget of “availability” has recovered" in read(told)


def asking(world: World) -> tuple[Posted, Request]:
    """A warning says that a freeze is being asked for; then the source falls silent."""
    (request,) = world.pending()
    world.source.fault = "timed out"
    world.deliver()
    (warning,) = warnings(world)
    assert "A freeze is being asked for" in read(warning)
    return warning, request


def test_a_warning_stops_saying_that_a_freeze_is_asked_for_when_the_request_expires(
    world: World,
) -> None:
    world.history_of_calm()
    world.ask(Wish.FREEZE, "UEVE")
    world.traffic(NAME, bad=60, minutes=6)
    warning, request = asking(world)
    world.clock.time = request.expires_at
    assert world.tidy() == 1
    world.deliver()
    assert "Request 1 · expired" in read(asked(world))
    assert "A freeze is being asked for" not in read(warning)
    assert "Request a freeze" in read(warning)


def test_a_warning_goes_on_saying_so_while_the_policy_asks_again(world: World) -> None:
    world.policy = replace(QUICK, thresholds=(), on_page=Then.REQUEST_FREEZE)
    world.history_of_calm()
    world.traffic(NAME, bad=60, minutes=6)
    warning, request = asking(world)
    world.clock.time = request.expires_at
    world.tidy()
    world.deliver()
    assert [one.id for one in world.pending()] == [2]
    assert "Request 1 · expired" in read(asked(world))
    assert "A freeze is being asked for" in read(warning)


def test_a_warning_of_many_stops_saying_so_too(world: World) -> None:
    world.objectives = tuple(objective(f"model-{n}") for n in range(6))
    world.open()
    world.history_of_calm()
    world.ask(Wish.FREEZE, "UEVE", "model-0")
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        world.source.steady(one.id, now, now + 360, 100 / 60, 1)
    world.polls(6)
    world.deliver()
    summary = next(p for p in world.messenger.posted if p.key.startswith("summary:"))
    assert not summary.thread
    assert "A freeze of model-0 is being asked for" in read(summary)
    world.source.fault = "timed out"
    world.clock.time = world.pending()[0].expires_at
    world.tidy()
    world.deliver()
    assert "is being asked for" not in read(summary)


def test_a_warning_never_says_that_a_budget_is_gone_of_which_some_is_left(world: World) -> None:
    world.history_of_calm()
    world.traffic(NAME, bad=2_500, minutes=3, eligible=2_500.0)
    world.deliver()
    (warning,) = warnings(world)
    assert "is gone*" in read(warning)
    world.traffic(NAME, bad=0, minutes=9, eligible=1_000_000.0)
    assert world.episode() is not None
    world.clock.advance(600)
    world.deliver()
    said = read(warning)
    assert "was gone, and burns no longer, for now" in said
    assert "of it is left again" in said
    assert "is gone*" not in said
