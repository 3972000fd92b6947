"""Who may ask for an override, for what kind of change, and what is not asked twice."""

from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import Wish
from bot.decide.change import ChangeKind
from bot.decide.override import OverrideState
from bot.decide.people import Person
from bot.decide.policy import Exemption, Thaw, Then, Threshold
from bot.decide.quorum import ON_CALL
from bot.errors import UserError
from tests.flow.conftest import OPS, QUICK, SEARCH, World
from tests.flow.overriding import (
    ROLLBACK,
    V38,
    ask,
    asked,
    card,
    frozen,
    news,
    people,
    state,
    under,
    use,
)


@pytest.fixture(autouse=True)
def _people(world: World) -> None:
    people(world)


def test_the_same_release_is_not_asked_for_twice(world: World) -> None:
    frozen(world)
    first = asked(world)
    with pytest.raises(UserError, match="asked already"):
        ask(world, replace(V38, kind=ChangeKind.BUG_FIX), by="max")
    assert asked(world, replace(V38, version="39")).id != first.id
    world.vote(first, "UADA")
    assert ask(world, by="max").request is None
    assert "may go already" in ask(world, by="max").sentence


def test_after_another_freeze_the_same_release_may_be_asked_for_anew(world: World) -> None:
    frozen(world)
    first = asked(world)
    frozen(world, "search")
    second = asked(world)
    assert second.freezes == (*first.freezes, 2)
    world.vote(first, "UADA")
    assert "It is not let through freeze 2" in card(world, first.id)


def test_an_exempt_kind_passes_at_once_and_is_on_record_as_exempt(world: World) -> None:
    frozen(world)
    outcome = ask(world, ROLLBACK)
    assert outcome.request is not None
    assert "the policy lets a rollback pass" in outcome.sentence
    (row,) = world.story("override_granted")
    assert row.decision.evidence["exempt"] == "rollback"
    assert row.decision.evidence["claimed_by"] == {"anyone": "whoever may ask"}
    assert "on record as exempt" in card(world, outcome.request.id)
    assert news(world) == []
    assert use(world, ROLLBACK) is not None


def test_only_the_groups_that_the_policy_names_may_claim_an_exempt_kind(world: World) -> None:
    under(world, exemptions=(Exemption(ChangeKind.BUG_FIX, ("managers",)),))
    frozen(world)
    fix = replace(V38, kind=ChangeKind.BUG_FIX)
    waits = asked(world, fix, by="eve")
    assert state(world, waits.id) is OverrideState.PENDING
    passed = asked(world, fix, by="uma")
    assert state(world, passed.id) is OverrideState.APPROVED
    assert state(world, waits.id) is OverrideState.SUPERSEDED
    waits = asked(world, ROLLBACK, by="uma") if use(world, fix) else None
    assert waits is not None
    assert state(world, waits.id) is OverrideState.PENDING


def test_who_claims_an_exempt_kind_is_asked_live(world: World) -> None:
    under(world, exemptions=(Exemption(ChangeKind.BUG_FIX, (ON_CALL,)),))
    frozen(world)
    world.directory.groups["S1"].discard("UADA")
    waits = asked(world, replace(V38, kind=ChangeKind.BUG_FIX), by="ada")
    assert state(world, waits.id) is OverrideState.PENDING
    world.directory.down = True
    with pytest.raises(UserError, match="Nothing has changed"):
        ask(world, replace(V38, version="39", kind=ChangeKind.BUG_FIX))


@pytest.mark.parametrize("trait", ["guest", "bot", "deleted", "stranger"])
def test_outsiders_do_not_ask_whatever_the_kind(world: World, trait: str) -> None:
    frozen(world)
    world.directory.add(replace(Person("UOUT", "out", "T1"), **{trait: True}), "S1")
    for change in (V38, ROLLBACK):
        with pytest.raises(UserError, match="You cannot ask"):
            ask(world, change, by="out")
    assert world.pending() == []


def test_of_a_freeze_that_the_policy_set_it_says_when_it_thaws_by_itself(world: World) -> None:
    world.policy = replace(
        QUICK,
        thresholds=(Threshold(Fraction(1, 2), Then.FREEZE),),
        thaw=Thaw(left=Fraction(3, 5), dwell=3_600),
    )
    world.history_of_calm()
    world.traffic("ranker/availability", 100, 30)
    request = asked(world)
    said = card(world, request.id).replace(r"\xa0", " ")
    assert (
        "stops releases until the budget of “availability” has recovered"
        " (more than 60 % left, calm for 1 h), or somebody lifts the freeze" in said
    )


def test_a_reason_is_needed_and_has_its_length(world: World) -> None:
    frozen(world)
    for reason, says in (("  ", "A reason is needed"), ("x" * 501, "too long")):
        with pytest.raises(UserError, match=says):
            ask(world, reason=reason)


def test_a_request_that_nobody_can_decide_says_so_at_once(world: World) -> None:
    frozen(world)
    world.directory.groups["S1"] = set()
    world.directory.add(replace(Person("ULEAD", "lead", "T1"), deleted=True))
    assert "nobody" in ask(world).next
    world.deliver()
    assert len(world.heads(OPS)) == 1
    assert len([p for p in world.messenger.posted if p.channel == SEARCH]) == 2


def test_the_deciders_are_called_by_mention_and_weigh_the_figures(world: World) -> None:
    world.history_of_calm(bad=0.2)
    frozen(world)
    request = asked(world)
    said = card(world, request.id)
    assert "<!subteam^S1> and <@ULEAD>, please decide" in said
    assert "*Evidence:* as of <!date^" in said
    assert ", the budget is overspent" in said


def test_the_figures_that_those_who_decided_saw_stay_with_the_decision(world: World) -> None:
    world.history_of_calm(bad=0.2)
    frozen(world)
    request = asked(world)
    world.traffic("ranker/availability", bad=100, minutes=5)
    world.vote(request, "UADA")
    rows = world.story("override_requested", "override_granted")
    assert len(rows) == 2
    for row in rows:
        weighed = row.decision.evidence["weighed"]
        assert (weighed["objective"], weighed["verdict"]) == ("ranker/availability", "exhausted")
        assert weighed["bad"] / weighed["eligible"] == pytest.approx(0.002)
        assert weighed["as_of"] == int(request.created_at.timestamp())


def test_whoever_asks_is_told_what_to_do_while_it_waits(world: World) -> None:
    frozen(world)
    outcome = ask(world)
    assert outcome.request is not None
    assert f"/override cancel {outcome.request.id}" in outcome.next
    assert "Wait for the decision" in outcome.next
    lift = world.ask(Wish.UNFREEZE, "UADA")
    assert lift.next == ("Wait for the decision: its message tells of it; its menu takes it back.")
