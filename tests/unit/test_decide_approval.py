"""Requests and votes: who may decide, once, and when it is decided (laws 10, 13)."""

from dataclasses import replace
from datetime import datetime, timedelta
from operator import eq

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bot.decide.approval import (
    Answer,
    Choice,
    Request,
    RequestState,
    Ruling,
    SamePerson,
    Vote,
    Wish,
    rule_on_vote,
    takes_effect_at_once,
)
from bot.decide.freeze import Origin
from bot.decide.identity import Identities, Identity
from bot.decide.people import Actor, Door, Person
from bot.decide.quorum import DECIDERS, ON_CALL, Need, Quorum
from bot.decide.scope import Reach, Scope
from tests.builders import NOON, actor, person, when

NOW = when(NOON)
ASKED = Request(
    1,
    Wish.UNFREEZE,
    Scope(Reach.SERVICE, "ranker"),
    "the fix is out",
    actor("ada"),
    Origin.MANUAL,
    quorum=Quorum.of(2),
    created_at=NOW,
    expires_at=NOW + timedelta(hours=4),
    freezes=(7,),
)


def vote(name: str, choice: Choice = Choice.APPROVE) -> Vote:
    return Vote(actor(name), choice, NOW, "user group S1, asked live")


def voted(name: str, *groups: str) -> Vote:
    return replace(vote(name), groups=groups)


def click(
    who: Person,
    *votes: Vote,
    choice: Choice = Choice.APPROVE,
    request: Request = ASKED,
    groups: tuple[str, ...] = (DECIDERS,),
    now: datetime = NOW,
    same: SamePerson = eq,
) -> Ruling:
    return rule_on_vote(request, votes, who, choice, groups=groups, now=now, same=same)


def test_an_approval_counts_until_there_are_enough() -> None:
    first = click(person("bob"))
    assert (first.answer, first.state) == (Answer.COUNTED, RequestState.PENDING)
    assert first.counts
    assert "1 more is needed" in first.sentence
    second = click(person("cyd"), vote("bob"))
    assert (second.answer, second.state) == (Answer.DECIDED, RequestState.APPROVED)
    assert second.counts


def test_it_is_said_how_many_approvals_are_missing() -> None:
    assert (
        "2 more are needed"
        in click(person("bob"), request=replace(ASKED, quorum=Quorum.of(3))).sentence
    )


def test_one_denial_decides() -> None:
    ruling = click(person("cyd"), vote("bob"), choice=Choice.DENY)
    assert (ruling.answer, ruling.state) == (Answer.DECIDED, RequestState.DENIED)


def test_nobody_decides_their_own_request() -> None:
    ruling = click(person("ada"))
    assert (ruling.answer, ruling.state) == (Answer.OWN_REQUEST, RequestState.PENDING)
    assert not ruling.counts


def test_a_second_click_of_one_person_does_not_count() -> None:
    assert click(person("bob"), vote("bob")).answer is Answer.ALREADY_VOTED


ADA = Identity(("UADA", "UADA2", "email:ada@example.com", "github:ada", "terminal:ada"))
BOB = Identity(("UBOB", "UBOB2", "github:bob"))
KNOWN = Identities.of([ADA, BOB]).same_person


@pytest.mark.parametrize("requester", ["terminal:ada", "github:Ada", "email:ada@EXAMPLE.com"])
@pytest.mark.parametrize("voter", ["ada", "ada2"])
def test_nobody_decides_their_own_request_under_another_name(requester: str, voter: str) -> None:
    asked = replace(ASKED, requester=Actor(requester, "ada", Door.TERMINAL))
    assert click(person(voter), request=asked, same=KNOWN).answer is Answer.OWN_REQUEST
    assert click(person("bob"), request=asked, same=KNOWN).counts


def test_nobody_decides_what_they_asked_for_with_their_address() -> None:
    asked = replace(ASKED, requester=Actor("email:eve@example.com", "eve", Door.TERMINAL))
    eve = replace(person("eve"), email="Eve@example.com")
    assert click(eve, request=asked, same=KNOWN).answer is Answer.OWN_REQUEST
    assert click(person("eve"), request=asked, same=KNOWN).counts


def test_two_ids_of_one_person_are_one_vote() -> None:
    assert click(person("bob2"), vote("bob"), same=KNOWN).answer is Answer.ALREADY_VOTED
    assert click(person("bob"), vote("bob2"), same=KNOWN).answer is Answer.ALREADY_VOTED


def test_who_is_not_in_the_group_at_the_click_does_not_decide() -> None:
    assert click(person("eve"), groups=()).answer is Answer.NOT_A_DECIDER


def test_a_vote_stands_though_its_voter_has_left_the_group_since() -> None:
    assert click(person("cyd"), vote("bob")).state is RequestState.APPROVED


@pytest.mark.parametrize(
    ("who", "why"),
    [
        (person("bo", bot=True), "bots"),
        (person("gus", guest=True), "guests"),
        (person("del", deleted=True), "deactivated"),
        (person("sam", stranger=True), "other workspaces"),
    ],
)
def test_outsiders_never_decide_even_as_members(who: Person, why: str) -> None:
    ruling = click(who)
    assert ruling.answer is Answer.OUTSIDER
    assert why in ruling.sentence


def test_a_request_is_over_at_the_instant_of_its_expiry() -> None:
    end = ASKED.expires_at
    assert ASKED.state(end - timedelta(microseconds=1)) is RequestState.PENDING
    assert ASKED.state(end) is RequestState.EXPIRED
    assert click(person("bob"), now=end).answer is Answer.CLOSED


@pytest.mark.parametrize(
    "state", [RequestState.APPROVED, RequestState.DENIED, RequestState.SUPERSEDED]
)
def test_a_closed_request_stays_as_it_was_closed(state: RequestState) -> None:
    closed = replace(ASKED, closed=state)
    assert closed.state(ASKED.expires_at + timedelta(days=1)) is state
    ruling = click(person("bob"), request=closed)
    assert (ruling.answer, ruling.state) == (Answer.CLOSED, state)
    assert not ruling.counts


@pytest.mark.parametrize(
    ("wish", "quorum", "groups", "at_once"),
    [
        (Wish.FREEZE, Quorum.of(1), [DECIDERS], True),
        (Wish.FREEZE, Quorum.of(1), [], False),
        (Wish.FREEZE, Quorum.of(2), [DECIDERS], False),
        (Wish.FREEZE, Quorum((Need("leads", 1),)), [DECIDERS], False),
        (Wish.UNFREEZE, Quorum.of(1), [DECIDERS], False),
        (Wish.OVERRIDE, Quorum.of(1), [DECIDERS], False),
        (Wish.ADJUST, Quorum.of(1), [DECIDERS], False),
    ],
)
def test_only_a_freeze_asked_by_who_could_approve_it_takes_effect_at_once(
    wish: Wish, quorum: Quorum, groups: list[str], at_once: bool
) -> None:
    assert takes_effect_at_once(wish, quorum, groups) is at_once


MIXED = replace(ASKED, quorum=Quorum((Need(ON_CALL, 1), Need("leads", 1)), deny=2))


def test_one_of_each_group_is_needed_where_the_policy_says_so() -> None:
    first = click(person("bob"), request=MIXED, groups=(ON_CALL,))
    assert (first.answer, first.sentence) == (
        Answer.COUNTED,
        "Your approval counts; 1 leads more is needed.",
    )
    again = click(person("cyd"), voted("bob", ON_CALL), request=MIXED, groups=(ON_CALL,))
    assert again.answer is Answer.COUNTED
    both = click(person("cyd"), voted("bob", ON_CALL), request=MIXED, groups=(ON_CALL, "leads"))
    assert both.answer is Answer.DECIDED


def test_as_many_denials_as_the_policy_asks_for_end_a_request() -> None:
    first = click(person("bob"), request=MIXED, choice=Choice.DENY)
    assert (first.answer, first.state) == (Answer.COUNTED, RequestState.PENDING)
    assert first.sentence == "Your denial counts; 1 more ends the request."
    once_more = replace(MIXED, quorum=replace(MIXED.quorum, deny=3))
    assert "2 more end" in click(person("bob"), request=once_more, choice=Choice.DENY).sentence
    second = click(person("cyd"), vote("bob", Choice.DENY), request=MIXED, choice=Choice.DENY)
    assert (second.answer, second.state) == (Answer.DECIDED, RequestState.DENIED)


PEOPLE = {
    "ada": person("ada"),  # the requester
    "ada2": person("ada2"),  # the same under another name
    "bob": person("bob"),
    "bob2": person("bob2"),
    "cyd": person("cyd"),
    "dan": person("dan"),
    "eve": person("eve"),
    "bot": person("bot", bot=True),
    "gus": person("gus", guest=True),
    "sam": person("sam", stranger=True),
    "del": person("del", deleted=True),
}
MAY = {"bob", "bob2", "cyd", "dan", "eve"}
ALIASES = Identities.of([Identity(("UADA", "UADA2")), Identity(("UBOB", "UBOB2"))])


def _one(name: str) -> str:
    """Names end in a number only where they are somebody's second."""
    return name.rstrip("2")


def _voter(vote: Vote) -> str:
    return _one(vote.voter.name)


class Voting(RuleBasedStateMachine):
    """Everybody clicks, the group changes, time passes; a stored vote and a changed state are one
    transaction, as the record keeps them."""

    @initialize(needed=st.integers(1, 4), deny=st.integers(1, 2))
    def ask(self, needed: int, deny: int) -> None:
        quorum = replace(Quorum.of(needed), deny=deny)
        self.request = replace(ASKED, quorum=quorum)
        self.votes: list[Vote] = []
        self.group = set(PEOPLE)
        self.now = NOW
        self.decided: list[RequestState] = []

    @rule(
        name=st.sampled_from(sorted(PEOPLE)),
        choice=st.sampled_from([Choice.APPROVE] * 4 + [Choice.DENY]),
    )
    def clicks(self, name: str, choice: Choice) -> None:
        before = self.request.state(self.now)
        ruling = rule_on_vote(
            self.request, self.votes, PEOPLE[name], choice,
            groups=(DECIDERS,) if name in self.group else (),
            now=self.now, same=ALIASES.same_person,
        )  # fmt: skip
        allowed = name in MAY and name in self.group and _one(name) not in map(_voter, self.votes)
        assert ruling.counts is (allowed and before is RequestState.PENDING)
        assert (ruling.answer is Answer.CLOSED) is (before is not RequestState.PENDING)
        if ruling.counts:
            self.votes.append(Vote(actor(name), choice, self.now, "asked live"))
        if ruling.answer is Answer.DECIDED:
            self.decided.append(ruling.state)
            self.request = replace(self.request, closed=ruling.state)
        else:
            assert ruling.state is before

    @rule(name=st.sampled_from(sorted(PEOPLE)))
    def joins_or_leaves(self, name: str) -> None:
        self.group ^= {name}

    @rule(minutes=st.sampled_from([1, 60, 119, 120]))
    def time_passes(self, minutes: int) -> None:
        self.now += timedelta(minutes=minutes)

    @precondition(lambda self: self.request.closed is None)
    @rule()
    def loses_its_object(self) -> None:
        self.request = replace(self.request, closed=RequestState.SUPERSEDED)

    @invariant()
    def only_the_entitled_have_voted_once_each(self) -> None:
        voters = [_voter(vote) for vote in self.votes]
        assert len(voters) == len(set(voters))
        assert {vote.voter.name for vote in self.votes} <= MAY

    @invariant()
    def it_is_approved_exactly_once_and_exactly_with_the_quorum(self) -> None:
        approvals = sum(vote.choice is Choice.APPROVE for vote in self.votes)
        assert len(self.decided) <= 1
        assert (RequestState.APPROVED in self.decided) is (approvals == self.request.needed)
        assert approvals <= self.request.needed
        denials = len(self.votes) - approvals
        assert (RequestState.DENIED in self.decided) is (denials == self.request.quorum.deny)

    @invariant()
    def past_its_expiry_it_is_never_open(self) -> None:
        if self.now >= self.request.expires_at:
            assert self.request.state(self.now) is not RequestState.PENDING


TestThatVotesAreCountedByTheLaw = Voting.TestCase
TestThatVotesAreCountedByTheLaw.settings = settings(max_examples=60, stateful_step_count=30)


def test_a_length_counts_from_the_approval_and_an_instant_from_nothing() -> None:
    later = NOW + timedelta(hours=1)
    assert replace(ASKED, lasts=60).ends(later) == later + timedelta(minutes=1)
    assert replace(ASKED, until=later).ends(NOW) == later
    assert ASKED.ends(NOW) is None


def test_a_request_may_ask_for_several_objectives() -> None:
    assert replace(ASKED, cause="a/x, a/y").causes == ("a/x", "a/y")
