"""An override covers the freezes it names, one release, once, until it expires (law 14)."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.decide.adjustment import Adjustment
from bot.decide.approval import Request, RequestState, Stretch, Wish
from bot.decide.change import Change, ChangeKind
from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.override import (
    Grant,
    OverrideState,
    Review,
    Run,
    binds,
    over_since,
    override_state,
    passes,
)
from bot.decide.policy import ANYONE, DEFAULT, Exemption
from bot.decide.quorum import APPROVERS, ON_CALL, Quorum
from bot.decide.scope import Reach, Scope
from tests.builders import NOON, actor, when

NOW = when(NOON)
SHA, OTHER_SHA = "a" * 40, "b" * 40
CHANGE = Change("ranker", "38", SHA, kind=ChangeKind.BUG_FIX, ticket="ML-12")
GRANT = Grant(1, 9, CHANGE, (7, 8), NOW, NOW + timedelta(hours=4))
RUN, OTHER_RUN = Run("github", "123"), Run("github", "124")


@pytest.mark.parametrize(
    ("granted", "asked", "pinned"),
    [
        (CHANGE, CHANGE, True),
        (CHANGE, replace(CHANGE, digest="sha256:1"), True),
        (CHANGE, replace(CHANGE, commit=OTHER_SHA), False),
        (CHANGE, replace(CHANGE, commit=""), False),
        (CHANGE, replace(CHANGE, version="39"), False),
        (CHANGE, replace(CHANGE, service="speller"), False),
        (Change("ranker", commit=SHA), CHANGE, True),
        (Change("ranker", digest="sha256:1"), CHANGE, False),
        (Change("ranker", "38", digest="sha256:1"), CHANGE, False),
        (Change("ranker", "38", digest="sha256:1"), replace(CHANGE, digest="sha256:2"), False),
        (Change("ranker"), CHANGE, False),
    ],
)
def test_a_grant_is_pinned_to_all_that_it_names(
    granted: Change, asked: Change, pinned: bool
) -> None:
    assert granted.pins(asked) is pinned


def test_a_change_is_named_by_what_identifies_it_best() -> None:
    named = [CHANGE, Change("ranker", commit=SHA), Change("ranker", digest="sha256:1")]
    assert [change.name for change in named] == ["38", "a" * 12, "sha256:1"]


@pytest.mark.parametrize(
    ("freezes", "open_"), [((7,), True), ((7, 8), True), ((), True), ((7, 9), False)]
)
def test_it_opens_only_the_freezes_that_it_names(freezes: tuple[int, ...], open_: bool) -> None:
    assert GRANT.opens(CHANGE, freezes, RUN, NOW) is open_


def test_it_opens_for_no_other_release() -> None:
    assert not GRANT.opens(replace(CHANGE, commit=OTHER_SHA), (7,), RUN, NOW)


def test_a_run_is_its_own_only_by_the_word_of_the_same_owner() -> None:
    mine, theirs = replace(RUN, named_by="token:ci"), replace(RUN, named_by="token:other")
    assert (str(mine), mine.mark) == ("github:123:1", "github:123:1 by token:ci")
    used = replace(GRANT, used_at=NOW, used_by=mine.mark)
    assert used.opens(CHANGE, (7,), mine, NOW)
    assert not used.opens(CHANGE, (7,), theirs, NOW)
    assert not used.opens(CHANGE, (7,), RUN, NOW)
    assert not GRANT.used_in(replace(RUN, named_by="token:ci"))


def test_it_is_used_once_and_the_same_run_may_ask_again() -> None:
    used = replace(GRANT, used_at=NOW, used_by=str(RUN))
    assert used.opens(CHANGE, (7,), RUN, NOW + timedelta(days=9))
    assert not used.opens(CHANGE, (7,), OTHER_RUN, NOW)
    assert not used.opens(CHANGE, (7,), replace(RUN, attempt=2), NOW)
    assert used.state(NOW) is OverrideState.USED


def test_a_release_without_a_run_may_ask_again_until_the_override_expires() -> None:
    nameless = Run.of_release(CHANGE)
    used = replace(GRANT, used_at=NOW, used_by=str(nameless))
    assert used.opens(CHANGE, (7,), nameless, GRANT.use_by - timedelta(microseconds=1))
    assert not used.opens(CHANGE, (7,), nameless, GRANT.use_by)


def test_without_a_run_another_commit_of_the_same_version_is_another_release() -> None:
    bare = Change("ranker", "38")
    runs = [Run.of_release(one) for one in (bare, CHANGE, replace(CHANGE, commit=OTHER_SHA))]
    assert str(runs[0]) == "release:38:1"
    assert len(set(map(str, runs))) == 3
    used = replace(GRANT, change=bare, used_at=NOW, used_by=str(runs[1]))
    assert used.opens(CHANGE, (7,), runs[1], NOW)
    assert not used.opens(replace(CHANGE, commit=OTHER_SHA), (7,), runs[2], NOW)


def test_it_is_over_at_the_instant_of_its_end_and_when_it_is_revoked() -> None:
    assert GRANT.state(GRANT.use_by - timedelta(microseconds=1)) is OverrideState.APPROVED
    assert GRANT.state(GRANT.use_by) is OverrideState.EXPIRED
    assert not GRANT.opens(CHANGE, (7,), RUN, GRANT.use_by)
    revoked = replace(GRANT, revoked_at=NOW)
    assert revoked.state(NOW) is OverrideState.REVOKED
    assert not revoked.opens(CHANGE, (7,), RUN, NOW)


@pytest.mark.parametrize(
    ("closed", "state"),
    [
        (None, OverrideState.PENDING),
        (RequestState.DENIED, OverrideState.DENIED),
        (RequestState.CANCELLED, OverrideState.CANCELLED),
        (RequestState.SUPERSEDED, OverrideState.SUPERSEDED),
    ],
)
def test_until_it_is_granted_it_stands_where_its_request_stands(
    closed: RequestState | None, state: OverrideState
) -> None:
    scope = Scope(Reach.SERVICE, "ranker")
    request = Request(
        9, Wish.OVERRIDE, scope, "why", actor("ada"), Origin.MANUAL, Quorum.of(1), NOW,
        NOW + timedelta(hours=1), closed=closed, change=CHANGE,
    )  # fmt: skip
    assert override_state(request, None, NOW) is state
    assert override_state(request, GRANT, NOW) is OverrideState.APPROVED


def test_a_review_is_overdue_from_the_instant_it_was_due_until_somebody_did_it() -> None:
    review = Review(1, 1, "service:ranker", NOW, NOW + timedelta(days=3), "U1")
    assert not review.overdue(review.due_at - timedelta(microseconds=1))
    assert review.overdue(review.due_at)
    assert not replace(review, reviewed_at=NOW).overdue(review.due_at)


def test_an_adjustment_holds_for_its_objectives_until_it_is_reversed() -> None:
    stretch = Stretch(NOW - timedelta(hours=2), NOW, ("ranker/latency",))
    found = Adjustment(1, 9, stretch, "the network of the company was down", NOW)
    assert found.holds("ranker/latency")
    assert not found.holds("ranker/availability")
    assert not replace(found, reversed_at=NOW).holds("ranker/latency")


FREEZE = Freeze(7, Scope(Reach.SERVICE, "ranker"), "errors", Origin.MANUAL, actor(), NOW)


def ended(hours: float | None = None, lifted: float | None = None) -> Freeze:
    at = [None if one is None else NOW + timedelta(hours=one) for one in (hours, lifted)]
    return replace(FREEZE, ends_at=at[0], lifted_at=at[1])


@pytest.mark.parametrize(
    ("freezes", "over"),
    [
        ((), None),
        ((ended(),), None),
        ((ended(1),), 1),
        ((ended(3),), None),
        ((ended(lifted=1),), 1),
        ((ended(2, 1),), 1),
        ((ended(1), ended(lifted=2)), 2),
        ((ended(1), ended()), None),
    ],
)
def test_freezes_are_over_since_the_last_of_them_ended(
    freezes: tuple[Freeze, ...], over: float | None
) -> None:
    since = None if over is None else NOW + timedelta(hours=over)
    assert over_since(freezes, NOW + timedelta(hours=2)) == since


def test_an_unused_grant_is_superseded_when_its_freezes_are_over() -> None:
    noon, later = NOW, NOW + timedelta(hours=1)
    assert GRANT.state(noon, later) is OverrideState.APPROVED
    assert GRANT.state(later, later) is OverrideState.SUPERSEDED
    assert replace(GRANT, used_at=NOW).state(later, later) is OverrideState.USED
    assert replace(GRANT, revoked_at=NOW).state(later, later) is OverrideState.REVOKED


def test_what_ended_an_unused_grant_first_did_it() -> None:
    late = GRANT.use_by + timedelta(hours=1)
    assert GRANT.state(late, GRANT.use_by) is OverrideState.EXPIRED
    assert GRANT.state(late, GRANT.use_by - timedelta(seconds=1)) is OverrideState.SUPERSEDED


@pytest.mark.parametrize("effect", list(Effect))
def test_a_release_needs_an_override_of_every_freeze_in_force_whatever_its_effect(
    effect: Effect,
) -> None:
    assert binds(replace(FREEZE, effect=effect), NOW)
    assert not binds(replace(FREEZE, effect=effect, monitored=True), NOW)
    assert not binds(replace(FREEZE, effect=effect, starts_at=NOW + timedelta(hours=1)), NOW)


def test_an_exempt_kind_passes_if_it_is_claimed_by_a_group_that_may() -> None:
    policy = replace(
        DEFAULT,
        exemptions=(
            Exemption(ChangeKind.BUG_FIX, (APPROVERS, "leads")),
            Exemption(ChangeKind.ROLLBACK, (ANYONE,)),
        ),
    )
    rollback = replace(CHANGE, kind=ChangeKind.ROLLBACK)
    assert passes(policy, CHANGE, (ON_CALL, "leads")) == ("leads",)
    assert passes(policy, CHANGE, (ON_CALL,)) == ()
    assert passes(policy, rollback, ()) == (ANYONE,)
    assert passes(policy, replace(CHANGE, kind=ChangeKind.RETRAIN), (APPROVERS,)) == ()


def test_one_taken_in_an_emergency_is_for_its_release_alone_as_well() -> None:
    broken = replace(GRANT, emergency=True)
    assert broken.opens(CHANGE, (7,), RUN, NOW)
    assert not broken.opens(replace(CHANGE, version="39"), (7,), RUN, NOW)
