"""Who is asked as well, for whom a vote counts, and what is taken back."""

from dataclasses import replace
from datetime import timedelta
from operator import eq

import pytest

from bot.decide.approval import Choice, RequestState
from bot.decide.ballot import (
    asked_of,
    counts_for,
    escalates,
    fills,
    may_not_cancel,
    may_not_withdraw,
    own_vote,
)
from bot.decide.policy import Approvals
from bot.decide.quorum import APPROVERS, ON_CALL, Need, Quorum
from tests.unit.voting import ASKED, NOW, vote, voted

BOTH = replace(ASKED, quorum=Quorum((Need(ON_CALL, 1), Need(APPROVERS, 1))))
ESCALATED = replace(BOTH, escalated_at=NOW)
ESCALATES = Approvals(escalate_after=600, fallback="managers")


def test_the_fallback_group_is_asked_only_once_it_was_escalated() -> None:
    assert asked_of(BOTH, "managers") == (ON_CALL, APPROVERS)
    assert asked_of(ESCALATED, "managers") == (ON_CALL, APPROVERS, "managers")
    assert asked_of(ESCALATED, "") == (ON_CALL, APPROVERS)
    assert asked_of(ESCALATED, ON_CALL) == (ON_CALL, APPROVERS)


def test_a_vote_counts_for_those_groups_of_the_quorum_that_hold_the_voter() -> None:
    assert counts_for(BOTH, (APPROVERS, "others"), "managers") == (APPROVERS,)
    assert counts_for(BOTH, ("managers",), "managers") == ()
    assert counts_for(ESCALATED, ("others",), "managers") == ()
    assert counts_for(ESCALATED, ("",), "") == ()


def test_who_stands_in_counts_for_any_group_that_is_needed() -> None:
    found = counts_for(ESCALATED, ("managers",), "managers")
    assert found == ("managers", ON_CALL, APPROVERS)
    assert ESCALATED.quorum.missing([found, found]) == ()


@pytest.mark.parametrize(
    ("seconds", "due"), [(599, False), (600, True), (4 * 3_600 - 1, True), (4 * 3_600, False)]
)
def test_a_request_escalates_at_the_instant_and_not_once_it_is_over(
    seconds: int, due: bool
) -> None:
    assert escalates(ASKED, ESCALATES, NOW + timedelta(seconds=seconds)) is due


def test_a_request_escalates_once_and_only_to_a_group_that_the_policy_names() -> None:
    later = NOW + timedelta(hours=1)
    assert not escalates(ESCALATED, ESCALATES, later)
    assert not escalates(ASKED, Approvals(), later)
    assert not escalates(replace(ASKED, closed=RequestState.DENIED), ESCALATES, later)


def test_a_vote_is_taken_back_by_its_voter_under_whatever_name() -> None:
    cast = [vote("ben"), vote("eve", Choice.DENY)]
    assert own_vote(cast, "UEVE", eq) == cast[1]
    assert own_vote(cast, "UADA", eq) is None
    ids = {"UBEN", "github:ben"}
    same = lambda one, other: one == other or {one, other} == ids  # noqa: E731
    assert own_vote(cast, "github:ben", same) == cast[0]
    assert may_not_withdraw(ASKED, cast, "github:ben", NOW, same) == ""


def test_a_vote_is_taken_back_only_before_the_decision() -> None:
    cast = [vote("ben")]
    assert may_not_withdraw(ASKED, cast, "UBEN", NOW, eq) == ""
    assert "not voted" in may_not_withdraw(ASKED, cast, "UEVE", NOW, eq)
    for over, now in (
        (replace(ASKED, closed=RequestState.APPROVED), NOW),
        (ASKED, ASKED.expires_at),
    ):
        assert "already" in may_not_withdraw(over, cast, "UBEN", now, eq)


def test_a_request_is_taken_back_by_its_requester_only_while_it_waits() -> None:
    assert may_not_cancel(ASKED, "UADA", NOW, eq) == ""
    assert "Only whoever asked (ada)" in may_not_cancel(ASKED, "UBEN", NOW, eq)
    denied = replace(ASKED, closed=RequestState.DENIED)
    assert "denied already" in may_not_cancel(denied, "UADA", NOW, eq)


def test_each_approval_shows_the_group_that_it_counts_for() -> None:
    lead, both = voted("ben", APPROVERS), voted("eve", ON_CALL, APPROVERS)
    assert fills(BOTH, [lead, vote("max", Choice.DENY), both]) == [
        (lead, APPROVERS),
        (both, ON_CALL),
    ]
    more = voted("ida", APPROVERS)
    assert fills(BOTH, [lead, more]) == [(lead, APPROVERS), (more, "")]
    manager = voted("uma", "managers", ON_CALL, APPROVERS)
    assert fills(ESCALATED, [manager]) == [(manager, "managers")]
