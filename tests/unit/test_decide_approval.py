"""Requests and votes: who may decide, once, and when it is decided (laws 10, 13)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.approval import Answer, Choice, RequestState, Wish, takes_effect_at_once
from bot.decide.freeze import Origin
from bot.decide.identity import Identities, Identity
from bot.decide.people import Actor, Door, Person
from bot.decide.quorum import DECIDERS, ON_CALL, Need, Quorum
from tests.builders import person
from tests.unit.voting import ASKED, NOW, click, vote, voted


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
    "state",
    [
        RequestState.APPROVED,
        RequestState.DENIED,
        RequestState.SUPERSEDED,
        RequestState.CANCELLED,
    ],
)
def test_a_closed_request_stays_as_it_was_closed(state: RequestState) -> None:
    closed = replace(ASKED, closed=state)
    assert closed.state(ASKED.expires_at + timedelta(days=1)) is state
    ruling = click(person("bob"), request=closed)
    assert (ruling.answer, ruling.state) == (Answer.CLOSED, state)
    assert ruling.sentence == f"This request is {state} already; nothing changed."
    assert not ruling.counts


def test_a_vote_that_comes_after_a_withdrawal_hears_that_the_cause_has_passed() -> None:
    gone = replace(ASKED, closed=RequestState.CANCELLED, origin=Origin.POLICY)
    ruling = click(person("bob"), request=gone)
    assert (ruling.answer, ruling.state) == (Answer.CLOSED, RequestState.CANCELLED)
    assert "the policy has withdrawn this request" in ruling.sentence


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


def test_a_length_counts_from_the_approval_and_an_instant_from_nothing() -> None:
    later = NOW + timedelta(hours=1)
    assert replace(ASKED, lasts=60).ends(later) == later + timedelta(minutes=1)
    assert replace(ASKED, until=later).ends(NOW) == later
    assert ASKED.ends(NOW) is None


def test_a_request_may_ask_for_several_objectives() -> None:
    assert replace(ASKED, cause="a/x, a/y").causes == ("a/x", "a/y")
