"""Freezing and lifting by people: who may, how many it takes, what becomes of a request."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Answer, Choice, Wish
from bot.decide.catalog import Team
from bot.decide.people import Group, Person
from bot.decide.policy import Approvals
from bot.errors import UserError
from tests.fakes import FakeClock, FakeDirectory, Posted
from tests.flow.conftest import OPS, QUICK, SEARCH, World


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
    world.policy = replace(QUICK, approvals=Approvals(freeze=2))
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert world.vote(request, "UADA").answer is Answer.COUNTED
    assert world.vote(request, "UADA").answer is Answer.ALREADY_VOTED
    assert world.freezes() == []
    assert world.vote(request, "UBEN").answer is Answer.DECIDED
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert len(world.freezes()) == 1


def test_a_request_expires_at_its_second_and_says_so(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    world.clock.time = request.expires_at
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert world.tidy() == 1
    assert world.tidy() == 0
    world.deliver()
    assert "expired" in world.heads()[0].lower()
    assert len(world.story("request_expired")) == 1


def test_a_freeze_ends_by_itself_and_is_told_once(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.clock.advance(7_200)
    assert world.freezes() == [], "it is over at its end, whether anybody has looked or not"
    assert world.tidy() == 1
    assert world.tidy() == 0
    world.deliver()
    assert len(world.story("freeze_expired")) == 1


def test_a_request_to_lift_what_has_ended_is_superseded(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=1)
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.clock.advance(3_600)
    world.tidy()
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert len(world.story("request_superseded")) == 1


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


def test_a_length_counts_from_the_approval(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", until=timedelta(minutes=30)).request
    world.clock.advance(3_600)
    world.vote(request, "UADA")
    (freeze,) = world.freezes()
    assert freeze.ends_at == world.clock.now() + timedelta(minutes=30)
    world.deliver()
    asked = next(p for p in world.messenger.posted if p.key == "request:1")
    assert "frozen for 30 min from the approval on" in read(asked)


def test_a_length_counts_from_now_for_who_decides_alone(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", until=timedelta(minutes=30))
    assert world.freezes()[0].ends_at == world.clock.now() + timedelta(minutes=30)


def test_a_request_for_a_freeze_until_an_instant_is_over_at_that_instant(world: World) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", hours=0.5).request
    assert request is not None
    assert request.expires_at == request.until
    world.clock.advance(1_800)
    assert world.vote(request, "UADA").answer is Answer.CLOSED
    assert world.story("frozen") == []


class SlowDirectory(FakeDirectory):
    """Takes its time to say who somebody is."""

    def __init__(self, clock: FakeClock, seconds: float) -> None:
        super().__init__()
        self._clock, self._seconds = clock, seconds

    def members(self, group: Group) -> frozenset[str]:
        """After a while."""
        self._clock.advance(self._seconds)
        return super().members(group)


def test_the_time_of_a_request_is_that_of_its_transaction(world: World) -> None:
    slow = SlowDirectory(world.clock, 600)
    slow.people, slow.groups = world.directory.people, world.directory.groups
    world.directory = slow
    request = world.ask(Wish.FREEZE, "UEVE").request
    assert request is not None
    assert request.created_at == world.clock.now()
    with pytest.raises(UserError, match="in the past"):
        world.ask(Wish.FREEZE, "UEVE", word="recs", hours=0.1)


def test_only_people_who_may_decide_count_as_deciders(world: World) -> None:
    world.directory.groups["S1"] = {"UGUEST", "UGONE"}
    world.directory.add(replace(Person("UGUEST", "guest", "T1"), guest=True))
    world.directory.add(replace(Person("UGONE", "gone", "T1"), deleted=True))
    assert "nobody besides the requester may" in world.ask(Wish.FREEZE, "UEVE").next


def two_teams(world: World) -> None:
    """Another team, with a channel and approvers of its own."""
    ads = Team("ads", "Ads", "#ads", Group(("S2",)), Group())
    world.teams = {**world.teams, "ads": ads}
    world.directory.add(Person("UZOE", "zoe", "T1"), "S2")


def test_a_freeze_of_everything_is_asked_in_the_operators_channel_and_told_to_all(
    world: World,
) -> None:
    two_teams(world)
    request = world.ask(Wish.FREEZE, "UEVE", word="all").request
    world.deliver()
    places = {p.channel: p for p in world.messenger.posted}
    assert set(places) == {OPS, SEARCH, "#ads"}
    assert "approve" in str(places[OPS].message.blocks)
    assert "in the operators' channel" in read(places["#ads"])
    assert world.vote(request, "UZOE").answer is Answer.DECIDED
    world.deliver()
    told = [p.channel for p in world.messenger.posted if p.key.startswith("freeze:")]
    assert sorted(told) == sorted([OPS, SEARCH, "#ads"])
    assert "Approved" in read(places[OPS])


def test_lifting_a_freeze_of_everything_takes_a_decider_of_any_team_but_not_the_requester(
    world: World,
) -> None:
    two_teams(world)
    world.ask(Wish.FREEZE, "UADA", word="all")
    request = world.ask(Wish.UNFREEZE, "UADA", word="all").request
    assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    assert world.vote(request, "UZOE").answer is Answer.DECIDED
    assert world.freezes() == []


def test_without_an_operators_channel_a_freeze_of_everything_is_asked_in_every_teams(
    world: World,
) -> None:
    two_teams(world)
    world.ops = ""
    request = world.ask(Wish.FREEZE, "UEVE", word="all").request
    world.deliver()
    assert sorted(p.channel for p in world.messenger.posted) == ["#ads", SEARCH]
    assert all("approve" in str(p.message.blocks) for p in world.messenger.posted)
    world.vote(request, "UZOE", Choice.DENY)
    world.deliver()
    asked = [p for p in world.messenger.posted if p.key.startswith("request:")]
    assert ["Denied" in read(p) for p in asked] == [True, True]


def test_what_can_be_asked_nowhere_is_refused_with_a_sentence(world: World) -> None:
    world.ops = ""
    world.teams = {"search": replace(world.teams["search"], channel="")}
    for word in ("all", "ranker"):
        with pytest.raises(UserError, match="Nobody could be asked"):
            world.ask(Wish.FREEZE, "UEVE", word=word)
    assert world.pending() == []


def read(posted: Posted) -> str:
    """What a message says, with plain spaces."""
    return str(posted.message.blocks).replace("\\xa0", " ").replace("\xa0", " ")


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


def test_lifting_what_has_run_out_is_not_called_approved(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=1)
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.clock.advance(3_600)  # nothing has tidied up meanwhile
    ruling = world.vote(request, "UBEN")
    assert (ruling.answer, str(ruling.state)) == (Answer.CLOSED, "superseded")
    assert world.story("vote_cast") == []


def test_the_same_freeze_by_the_same_person_is_set_once(world: World) -> None:
    world.ask(Wish.FREEZE, "UADA")
    with pytest.raises(UserError, match="already"):
        world.ask(Wish.FREEZE, "UADA")
    assert len(world.freezes()) == 1
