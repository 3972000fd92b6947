"""Freezing and lifting by people: who may, how many it takes, what becomes of a request."""

from dataclasses import replace

import pytest

from bot.decide.approval import Answer, Choice, Wish
from bot.decide.people import Person
from bot.decide.policy import Approvals
from bot.decide.quorum import Quorum
from bot.errors import UserError
from tests.flow.conftest import OPS, QUICK, World


def test_a_decider_freezes_at_once(world: World) -> None:
    outcome = world.ask(Wish.FREEZE, "UADA")
    assert outcome.freeze is not None
    assert [f.scope.name for f in world.freezes()] == ["ranker"]
    world.deliver()
    assert "frozen" in world.heads()[0]


def test_somebody_else_asks_and_a_decider_approves(world: World) -> None:
    outcome = world.ask(Wish.FREEZE, "UEVE")
    assert outcome.request is not None
    assert world.freezes() == []
    assert world.vote(outcome.request, "UADA").answer is Answer.DECIDED
    assert len(world.freezes()) == 1
    world.deliver()
    assert "<@UADA>" in str(world.messenger.posted[0].message.blocks)


def test_lifting_takes_somebody_other_than_the_requester(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA")
    request = world.ask(Wish.UNFREEZE, "UADA").request
    assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    assert world.freezes()
    assert world.vote(request, "UBEN").answer is Answer.DECIDED
    assert world.freezes() == []
    world.deliver()
    assert len(world.story("vote_refused")) == 1


def test_a_click_by_somebody_outside_the_group_is_refused_and_recorded(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.directory.add(Person("UMAX", "max", "T1"))
    assert world.vote(request, "UMAX").answer is Answer.NOT_A_DECIDER
    assert world.story("vote_refused")[0].decision.actor.id == "UMAX"


def test_membership_is_checked_at_the_click(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.directory.groups["S1"].discard("UADA")
    assert world.vote(request, "UADA").answer is Answer.NOT_A_DECIDER
    world.directory.groups["S1"].add("UADA")
    assert world.vote(request, "UADA").answer is Answer.DECIDED


@pytest.mark.parametrize("trait", ["guest", "bot", "deleted", "stranger"])
def test_outsiders_can_neither_ask_nor_vote(world: World, trait: str) -> None:
    outsider = replace(Person("UOUT", "out", "T1"), **{trait: True})
    world.directory.add(outsider, "S1")
    with pytest.raises(UserError):
        world.ask(Wish.FREEZE, "UOUT")
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert world.vote(request, "UOUT").answer is Answer.OUTSIDER


def test_when_slack_does_not_say_who_it_is_nothing_changes(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.directory.down = True
    with pytest.raises(UserError, match="Nothing changed"):
        world.vote(request, "UADA")
    with pytest.raises(UserError, match="Nothing has changed"):
        world.ask(Wish.FREEZE, "UADA", word="recs")
    assert world.freezes() == []


def test_a_second_click_changes_nothing(world: World) -> None:
    world.policy = replace(QUICK, approvals=Approvals(freeze=Quorum.of(2)))
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert world.vote(request, "UADA").answer is Answer.COUNTED
    assert world.vote(request, "UADA").answer is Answer.ALREADY_VOTED
    assert world.freezes() == []
    assert world.vote(request, "UBEN").answer is Answer.DECIDED
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert len(world.freezes()) == 1


def test_lifting_one_freeze_never_lifts_another(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", word="ranker")
    world.ask(Wish.FREEZE, "UADA", word="search")
    request = world.ask(Wish.UNFREEZE, "UADA", word="ranker").request
    world.vote(request, "UBEN")
    assert [str(f.scope) for f in world.freezes()] == ["team:search"]


def test_a_freeze_set_after_the_request_to_lift_stays(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA")
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.ask(Wish.FREEZE, "UBEN")
    world.vote(request, "UBEN")
    assert [f.set_by.id for f in world.freezes()] == ["UBEN"]


def test_a_service_held_by_a_wider_freeze_is_told_so(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", word="search")
    with pytest.raises(UserError) as caught:
        world.ask(Wish.UNFREEZE, "UEVE", word="ranker")
    assert "team search" in caught.value.sentence
    assert caught.value.example.startswith("/unfreeze search")


def test_nothing_to_lift_is_an_answer(world: World) -> None:
    with pytest.raises(UserError, match="no freeze"):
        world.ask(Wish.UNFREEZE, "UEVE")


def test_the_same_wish_is_not_asked_twice(world: World) -> None:
    world.ask(Wish.FREEZE, "UEVE")
    with pytest.raises(UserError, match="asked already"):
        world.ask(Wish.FREEZE, "UEVE")


def test_who_may_not_approve_is_told_who_may_and_that_the_new_words_were_not_kept(
    world: World,
) -> None:
    world.directory.add(Person("UMAX", "max", "T1"))
    world.ask(Wish.FREEZE, "UEVE")
    with pytest.raises(UserError, match=r"asked already, by eve since .* were not kept") as caught:
        world.ask(Wish.FREEZE, "UMAX", hours=1, reason="v38 burns it")
    assert "approve" not in caught.value.example
    assert "thread of its message" in caught.value.example
    with pytest.raises(UserError, match="asked already, by you since"):
        world.ask(Wish.FREEZE, "UEVE", reason="v38 burns it")


def test_who_may_approve_is_told_to_do_so(world: World) -> None:
    world.policy = replace(world.policy, approvals=Approvals(freeze=Quorum.of(2)))
    world.ask(Wish.FREEZE, "UEVE")
    with pytest.raises(UserError) as caught:
        world.ask(Wish.FREEZE, "UADA")
    assert caught.value.example == "approve or deny the open request"


def test_a_request_that_nobody_can_decide_says_so_and_escalates(world: World) -> None:
    world.directory.groups["S1"] = {"UADA"}
    world.ask(Wish.FREEZE, "UADA")
    world.directory.groups["S1"] = set()
    world.catalog().teams["search"]
    outcome = world.ask(Wish.UNFREEZE, "ULEAD") if "ULEAD" in world.directory.people else None
    if outcome is None:
        world.directory.add(Person("ULEAD", "lead", "T1"))
        outcome = world.ask(Wish.UNFREEZE, "ULEAD")
    assert "nobody" in outcome.next
    world.deliver()
    assert len(world.heads(OPS)) == 1


def test_a_denial_is_final_and_names_who_denied(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.vote(request, "UADA", Choice.DENY)
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    world.deliver()
    assert "<@UADA>" in str(world.messenger.posted[0].message.blocks)
    assert len(world.story("request_denied")) == 1


def test_the_history_names_the_votes_and_how_each_voter_was_known(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    world.vote(request, "UADA")
    frozen = world.story("frozen")[0].decision
    assert frozen.evidence["votes"][0][3] == "user group S1, asked live"
    assert frozen.evidence["requested_by"] == "UEVE"


def test_only_people_who_may_decide_count_as_deciders(world: World) -> None:
    world.directory.groups["S1"] = {"UGUEST", "UGONE"}
    world.directory.add(replace(Person("UGUEST", "guest", "T1"), guest=True))
    world.directory.add(replace(Person("UGONE", "gone", "T1"), deleted=True))
    assert "nobody besides the requester may" in world.ask(Wish.FREEZE, "UEVE").next


def test_hammering_on_a_button_asks_slack_nothing_and_is_recorded_once(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA")
    request = world.ask(Wish.UNFREEZE, "UADA").request
    asked = len(world.directory.asked)
    for _ in range(20):
        assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    assert len(world.directory.asked) == asked
    assert len(world.story("vote_refused")) == 1
    world.vote(request, "UBEN")
    asked = len(world.directory.asked)
    for _ in range(20):
        assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert len(world.directory.asked) == asked
    assert len(world.story("vote_refused")) == 2


def test_the_same_freeze_by_the_same_person_is_set_once(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA")
    with pytest.raises(UserError, match="already"):
        world.ask(Wish.FREEZE, "UADA")
    assert len(world.freezes()) == 1


def test_a_freeze_typed_twice_is_one_freeze(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", "ranker", hours=2)
    world.clock.advance(60)
    with pytest.raises(UserError, match="already") as caught:
        world.ask(Wish.FREEZE, "UADA", "ranker", hours=2)
    assert caught.value.example.startswith("/freeze edit 1 for ")
    assert len(world.freezes()) == 1
