"""One release through the freezes that it names, once, by others' approval, until it expires."""

from dataclasses import replace

import pytest

from bot.decide.approval import Answer, Wish
from bot.decide.change import Change
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.override import OverrideState
from bot.decide.people import BURNBAN
from bot.decide.quorum import APPROVERS, ON_CALL, Need, Quorum
from bot.decide.scope import EVERYTHING
from bot.errors import UserError
from tests.flow.conftest import World
from tests.flow.overriding import (
    OTHER_RUN,
    OWN,
    RUN,
    V38,
    approvals,
    ask,
    asked,
    card,
    deny,
    frozen,
    granted,
    lifted,
    news,
    people,
    revoke,
    settle,
    state,
    taking,
    under,
    use,
    who,
)

SHA, OTHER_SHA = "3f" * 20, "a1" * 20


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def test_where_nothing_is_frozen_the_answer_is_kind_and_nothing_is_asked(world: World) -> None:
    outcome = ask(world)
    assert outcome.request is None
    assert outcome.sentence == (
        "Nothing stops version 38 of ranker: no freeze of ranker is in force."
    )
    assert "no override is needed" in outcome.next
    frozen(world, "recs")
    assert ask(world).request is None
    assert world.story("override_requested") == []


def test_it_is_asked_approved_and_used_once(world: World) -> None:
    number = frozen(world)
    request = asked(world)
    assert (request.freezes, request.change) == ((number,), V38)
    assert state(world, request.id) is OverrideState.PENDING
    assert use(world) is None
    assert world.vote(request, "UADA").answer is Answer.DECIDED
    assert state(world, request.id) is OverrideState.APPROVED
    used = use(world)
    assert used is not None
    assert used.used_by == str(RUN)
    assert state(world, request.id) is OverrideState.USED
    assert use(world, run=OTHER_RUN) is None
    assert world.freezes() != []
    told = [str(row.decision.event) for row in world.story()]
    assert told[-4:] == ["override_requested", "vote_cast", "override_granted", "override_used"]


def test_both_clocks_are_told(world: World) -> None:
    frozen(world)
    outcome = ask(world)
    assert "1 approval needed by Mon 2 Mar 2026, 16:00 UTC, then usable once within 4 h" in (
        outcome.sentence
    )
    assert outcome.request is not None
    assert "<!date^1772467200^" in card(world, outcome.request.id)
    world.vote(outcome.request, "UADA")
    assert "once, until <!date^" in card(world, outcome.request.id)


def test_whoever_asked_is_told_in_the_thread_what_became_of_it(world: World) -> None:
    frozen(world)
    granted(world)
    (said,) = news(world)
    assert said == "<@UEVE>, override 1 for version 38 of ranker is approved."
    use(world)
    assert news(world)[-1] == "<@UEVE>, override 1 for version 38 of ranker is used."


def test_it_names_the_freezes_of_every_effect_in_force_at_that_time(world: World) -> None:
    first = frozen(world)
    now = world.clock.now()
    made = [
        Freeze(0, EVERYTHING, "why", Origin.POLICY, BURNBAN, now, effect=Effect.CAUTION),
        Freeze(0, EVERYTHING, "why", Origin.POLICY, BURNBAN, now, effect=Effect.HOLD),
        Freeze(0, EVERYTHING, "why", Origin.POLICY, BURNBAN, now, monitored=True),
    ]
    added = [world.record.write(lambda books, f=one: books.freezes.add(f)).id for one in made]
    assert asked(world).freezes == (first, *added[:2])


def test_a_freeze_that_was_set_since_is_not_covered(world: World) -> None:
    first = frozen(world)
    request = granted(world)
    second = frozen(world, "search")
    assert use(world) is None
    assert use(world, freezes=[first]) is None
    assert state(world, request.id) is OverrideState.APPROVED
    lifted(world, "search")
    assert use(world, freezes=[first, second]) is None
    assert use(world) is not None


def test_a_new_commit_needs_a_new_override(world: World) -> None:
    frozen(world)
    granted(world, replace(V38, version="", commit=SHA))
    assert use(world, Change("ranker", "38", OTHER_SHA)) is None
    assert use(world, Change("ranker", "38")) is None
    assert use(world, Change("recs", "38", SHA)) is None
    assert use(world, Change("ranker", "38", SHA)) is not None


def test_the_same_run_gets_the_same_answer_and_is_recorded_once(world: World) -> None:
    frozen(world)
    granted(world)
    first = use(world)
    world.clock.advance(OWN)
    again = use(world)
    assert first == again is not None
    assert use(world, run=replace(RUN, attempt=2)) is None
    assert len(world.story("override_used")) == 1


def test_a_freeze_that_came_after_the_use_stops_even_the_run_that_used_it(world: World) -> None:
    frozen(world)
    granted(world)
    assert use(world) is not None
    frozen(world, "search")
    assert use(world) is None


def test_where_nothing_stops_the_release_nothing_is_used(world: World) -> None:
    frozen(world)
    request = granted(world)
    lifted(world)
    assert use(world) is None
    assert use(world, replace(V38, service="recs")) is None
    assert world.story("override_used") == []
    assert state(world, request.id) is OverrideState.SUPERSEDED


def test_of_two_grants_the_one_that_ends_first_is_used_first(world: World) -> None:
    frozen(world)
    one = granted(world)
    world.clock.advance(60)
    frozen(world, "search")
    other = granted(world)
    lifted(world, "search")
    uses = [use(world, run=run) for run in (RUN, OTHER_RUN)]
    assert [one.request for one in uses if one is not None] == [one.id, other.id]


def test_it_cannot_be_approved_by_its_requester_nor_by_who_is_no_decider(world: World) -> None:
    frozen(world)
    request = asked(world, by="ada")
    assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    assert world.vote(request, "UEVE").answer is Answer.NOT_A_DECIDER
    assert world.vote(request, "UBEN").answer is Answer.DECIDED


def test_it_takes_the_quorum_of_the_policy(world: World) -> None:
    both = Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1)))
    under(world, approvals=approvals(override=both))
    frozen(world)
    request = asked(world)
    world.vote(request, "UADA")
    assert "missing: 1 approvers" in card(world, request.id)
    assert use(world) is None
    world.vote(request, "ULEAD")
    row = world.story("override_granted")[0].decision
    assert [vote[4] for vote in row.evidence["votes"]] == [[ON_CALL], [APPROVERS]]
    assert (row.evidence["change"], row.evidence["freezes"]) == ("38", [1])
    assert use(world) is not None


def test_a_denial_a_cancellation_and_time_end_it(world: World) -> None:
    frozen(world)
    denied = asked(world)
    deny(world, denied)
    cancelled = asked(world)
    taking(world).request(cancelled.id, who("eve"))
    expired = asked(world)
    world.clock.advance(OWN)
    assert world.tidy() == 1
    ends = [state(world, one.id) for one in (denied, cancelled, expired)]
    assert ends == [OverrideState.DENIED, OverrideState.CANCELLED, OverrideState.EXPIRED]
    assert use(world) is None
    said = news(world)
    assert len(said) == 2
    assert "is denied" in said[0]
    assert "is expired" in said[1]


def test_what_is_not_used_in_time_expires_and_that_is_told_once(world: World) -> None:
    frozen(world)
    request = granted(world)
    world.clock.advance(OWN - 1)
    assert settle(world) == 0
    world.clock.advance(1)
    assert use(world) is None
    assert settle(world) == 1
    assert settle(world) == 0
    assert "It was not used by" in card(world, request.id)
    assert len(world.story("override_expired")) == 1


def test_a_request_whose_freezes_are_over_is_superseded_and_not_revived(world: World) -> None:
    frozen(world)
    request = asked(world)
    lifted(world)
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert world.tidy() == 1
    assert state(world, request.id) is OverrideState.SUPERSEDED
    assert "are over" in card(world, request.id) or "is over" in card(world, request.id)
    frozen(world)
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert use(world) is None


def test_a_grant_whose_freezes_are_over_is_superseded_and_not_revived(world: World) -> None:
    frozen(world, hours=1)
    request = granted(world)
    world.clock.advance(3_600)
    assert state(world, request.id) is OverrideState.SUPERSEDED
    assert settle(world) == 1
    assert len(world.story("override_superseded")) == 1
    frozen(world)
    assert use(world) is None
    world.clock.advance(OWN)
    assert settle(world) == 0


def test_whoever_approved_an_override_stays_named_whatever_becomes_of_it(world: World) -> None:
    frozen(world, hours=1)
    overtaken = granted(world)
    world.clock.advance(3_600)
    settle(world)
    said = card(world, overtaken.id)
    assert "superseded" in said
    assert "Approved by <@UADA>" in said
    frozen(world)
    taken_back, lapsed = granted(world), granted(world, change=replace(V38, version="39"))
    revoke(world, taken_back.id, by="ben")
    assert "Approved by <@UADA>" in card(world, taken_back.id)
    assert "Revoked by <@UBEN>" in card(world, taken_back.id)
    world.clock.advance(OWN)
    settle(world)
    assert "Approved by <@UADA>" in card(world, lapsed.id)
    assert "It was not used by" in card(world, lapsed.id)


def test_an_approver_revokes_with_a_reason(world: World) -> None:
    frozen(world)
    request = granted(world)
    with pytest.raises(UserError, match="Only deciders"):
        revoke(world, request.id, by="max")
    with pytest.raises(UserError, match="reason"):
        revoke(world, request.id, reason=" ")
    assert "revoked" in revoke(world, request.id, by="ben")
    assert state(world, request.id) is OverrideState.REVOKED
    assert use(world) is None
    said = card(world, request.id)
    assert "Revoked by <@UBEN>" in said
    assert "the fix was wrong" in said
    assert "is revoked" in news(world)[-1]
    with pytest.raises(UserError, match="is revoked: there is nothing to revoke"):
        revoke(world, request.id)


def test_whoever_got_it_gives_it_back(world: World) -> None:
    frozen(world)
    request = granted(world)
    assert "revoked" in revoke(world, request.id, by="eve")


def test_what_was_used_or_not_granted_is_not_revoked(world: World) -> None:
    frozen(world)
    request = asked(world)
    with pytest.raises(UserError, match="is pending"):
        revoke(world, request.id)
    world.vote(request, "UADA")
    use(world)
    with pytest.raises(UserError, match="is used"):
        revoke(world, request.id)
    with pytest.raises(UserError, match="There is no override 99"):
        revoke(world, 99)
    wish = world.ask(Wish.UNFREEZE, "UADA").request
    assert wish is not None
    with pytest.raises(UserError, match=f"There is no override {wish.id}"):
        revoke(world, wish.id)
