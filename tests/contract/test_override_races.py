"""What people and pipelines do at the same moment about overrides, on every store."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.decide.approval import Answer, Choice, RequestState
from bot.decide.override import Grant
from bot.decide.quorum import Quorum
from bot.errors import Repeated, UserError
from bot.ports import Record
from bot.record import Database
from tests.at_once import together as at_once
from tests.deciding import LIVES, POLICY, V38, Stage, one_person, user

pytest_plugins = ["tests.record_stores"]

T = TypeVar("T")
ROUNDS = 8


def together(*works: Callable[[], T]) -> list[T | Exception]:
    """Run all at the same moment; their answers, or the errors that are answers."""

    def answer(work: Callable[[], T]) -> T | Exception:
        try:
            return work()
        except (UserError, Repeated) as error:
            return error

    return at_once(*(partial(answer, work) for work in works))


@pytest.fixture
def stage(record: Record) -> Stage:
    return Stage(record)


def rounds(stage: Stage) -> list[int]:
    """Requests for as many releases, through one freeze."""
    stage.freeze()
    return [stage.asked(replace(V38, version=str(n))).id for n in range(ROUNDS)]


def grants(stage: Stage) -> list[Grant]:
    return stage.record.read(lambda books: books.grants.of_service("ranker", 1_000))


def test_two_approvers_at_once_grant_once(stage: Stage) -> None:
    for number in rounds(stage):
        found = together(
            lambda n=number: stage.vote(n, "ada").answer,
            lambda n=number: stage.vote(n, "lead").answer,
        )
        assert Counter(found) == {Answer.COUNTED: 1, Answer.DECIDED: 1}
    assert len(grants(stage)) == ROUNDS
    assert stage.events().count("override_granted") == ROUNDS
    assert stage.sound()


def test_of_many_who_could_each_decide_one_does(record: Record) -> None:
    approvals = replace(POLICY.approvals, override=Quorum.of(1))
    stage = Stage(record, replace(POLICY, approvals=approvals))
    for number in rounds(stage):
        names = ("ada", "ben", "lead", "uma")
        found = together(*(lambda n=number, w=who: stage.vote(n, w).answer for who in names))
        assert Counter(found) == {Answer.DECIDED: 1, Answer.CLOSED: 3}
    assert len(grants(stage)) == ROUNDS


def test_a_double_click_is_one_vote(stage: Stage) -> None:
    for number in rounds(stage):
        found = together(*[lambda n=number: stage.vote(n, "ada").answer] * 3)
        assert Counter(found) == {Answer.COUNTED: 1, Answer.ALREADY_VOTED: 2}
        assert len(stage.record.read(lambda books, n=number: books.requests.votes(n))) == 1


def test_the_same_click_delivered_twice_acts_once(stage: Stage) -> None:
    for number in rounds(stage):
        click = lambda n=number: stage.vote(n, "ada", once=f"click {n}").answer  # noqa: E731
        found = together(click, click, click)
        kinds = Counter(type(one).__name__ for one in found)
        assert kinds == {"Answer": 1, "Repeated": 2}
        with pytest.raises(Repeated):
            click()


def test_approval_and_denial_at_once_are_one_decision(stage: Stage) -> None:
    for number in rounds(stage):
        stage.vote(number, "ada")
        found = together(
            lambda n=number: stage.vote(n, "lead").answer,
            lambda n=number: stage.vote(n, "ben", Choice.DENY).answer,
        )
        assert Counter(found) == {Answer.DECIDED: 1, Answer.CLOSED: 1}
        ends = stage.events()
        assert ends.count("override_granted") + ends.count("request_denied") == number


def test_a_vote_and_its_withdrawal_at_once_leave_no_half(stage: Stage) -> None:
    for number in rounds(stage):
        stage.vote(number, "ada")
        found = together(
            lambda n=number: stage.vote(n, "lead").answer,
            lambda n=number: stage.taking().vote(n, stage.actor("ada")),
        )
        granted = stage.record.read(lambda books, n=number: books.grants.of_request(n))
        assert (granted is None) is any(type(one) is str for one in found)


def test_cancelling_and_deciding_at_once_are_one_end(stage: Stage) -> None:
    for number in rounds(stage):
        stage.vote(number, "ada")
        found = together(
            lambda n=number: stage.vote(n, "lead").answer,
            lambda n=number: stage.taking().request(n, stage.actor("eve")),
        )
        granted = stage.record.read(lambda books, n=number: books.grants.of_request(n))
        assert (granted is None) is any(type(one) is str for one in found)


def test_a_click_in_the_second_of_the_expiry_comes_too_late(stage: Stage) -> None:
    stage.freeze()
    request = stage.asked()
    stage.vote(request.id, "ada")
    stage.clock.advance(LIVES)
    found = together(lambda: stage.vote(request.id, "lead").answer, stage.tidy)
    assert Answer.CLOSED in found
    assert grants(stage) == []
    stage.tidy()
    kept = stage.record.read(lambda books: books.requests.get(request.id))
    assert kept is not None
    assert kept.closed is RequestState.EXPIRED
    assert stage.events().count("request_expired") == 1


def test_a_lift_and_an_approval_at_once_leave_nothing_usable(stage: Stage) -> None:
    for version in range(ROUNDS):
        change = replace(V38, version=str(version))
        stage.freeze()
        request = stage.asked(change)
        stage.vote(request.id, "ada")
        lift = stage.unfreeze().request
        assert lift is not None
        together(
            lambda r=request.id: stage.vote(r, "lead").answer,
            lambda r=lift.id: stage.vote(r, "ben").answer,
        )
        assert stage.use(change) is None
        stage.freeze()
        assert stage.use(change) is None
        stage.settle()
        stage.tidy()
        _lift(stage, "ranker")


def test_a_freeze_and_a_use_at_once_never_pass_the_new_freeze(stage: Stage) -> None:
    for version in range(ROUNDS):
        change = replace(V38, version=str(version))
        stage.freeze(by="ada")
        stage.granted(change)
        before = len(stage.events())
        together(lambda c=change: stage.use(c), lambda: stage.freeze(by="ben"))
        assert stage.events()[before:] in (["frozen"], ["override_used", "frozen"])
        assert stage.use(change) is None
        _lift(stage, "ranker")


def test_a_revocation_and_a_use_at_once_are_one_end(stage: Stage) -> None:
    stage.freeze()
    for version in range(ROUNDS):
        change = replace(V38, version=str(version))
        request = stage.granted(change)
        together(lambda c=change: stage.use(c), lambda r=request.id: stage.revoke(r))
        made = stage.record.read(lambda books, r=request.id: books.grants.of_request(r))
        assert made is not None
        assert (made.used_at is None) is (made.revoked_at is not None)
    story = stage.events()
    assert story.count("override_used") + story.count("override_revoked") == ROUNDS


def test_whoever_left_the_group_between_render_and_click_does_not_count(stage: Stage) -> None:
    stage.freeze()
    request = stage.asked()
    stage.directory.groups["S1"].discard(user("ada"))
    assert stage.vote(request.id, "ada").answer is Answer.NOT_A_DECIDER
    stage.directory.groups["S1"].clear()
    assert stage.vote(request.id, "ben").answer is Answer.NOT_A_DECIDER
    assert grants(stage) == []


def test_nobody_approves_their_own_override_under_another_name(record: Record) -> None:
    stage = Stage(record, identities=one_person(user("eve"), user("lead"), "github:eve"))
    stage.freeze()
    request = stage.asked(by="eve")
    stage.vote(request.id, "ada")
    assert stage.vote(request.id, "lead").answer is Answer.OWN_REQUEST
    assert grants(stage) == []
    two = Stage(record, identities=one_person(user("ada"), user("lead")))
    assert two.vote(request.id, "lead").answer is Answer.ALREADY_VOTED


def test_of_two_who_settle_each_end_is_told_by_one(stage: Stage) -> None:
    stage.freeze(hours=0.1)
    for version in range(4):
        stage.granted(replace(V38, version=str(version)))
    stage.clock.advance(400)
    told = together(stage.settle, stage.settle, stage.settle)
    assert sum(one for one in told if isinstance(one, int)) == 4
    assert stage.events().count("override_superseded") == 4


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    runs=st.lists(st.sampled_from("abcd"), min_size=2, max_size=6),
    others=st.lists(st.sampled_from(["freeze", "revoke", "lift", "late"]), max_size=2),
)
def test_no_interleaving_uses_a_grant_twice(
    database: Database, runs: list[str], others: list[str]
) -> None:
    """Runs that ask at once, beside people who freeze, revoke and lift: at most one run passes, and
    what it is told does not change."""
    stage = Stage(database)
    stage.freeze("search", by="lead")
    number = len(stage.events())
    change = replace(V38, version=f"v{number}")
    request = stage.granted(change)

    def disturb(what: str) -> object:
        if what == "revoke":
            return stage.revoke(request.id)
        if what == "freeze":
            return stage.freeze("ranker", by="ben")
        if what == "late":
            return stage.settle()
        return stage.unfreeze("search", by="ben")

    works = [lambda r=run: (r, stage.use(change, r)) for run in runs]
    found = together(*works, *(lambda w=what: (None, disturb(w)) for what in others))
    answers = [one for one in found if isinstance(one, tuple) and one[0] is not None]
    passed = {run for run, grant in answers if grant is not None}
    assert len(passed) <= 1
    made = stage.record.read(lambda books: books.grants.of_request(request.id))
    assert made is not None
    assert {f"github:{run}:1" for run in passed} <= {made.used_by}
    assert not (made.used_at and made.revoked_at)
    uses = [one for one in stage.events()[number:] if one == "override_used"]
    assert len(uses) == bool(made.used_at)
    for word in ("search", "ranker"):
        _lift(stage, word)
    assert stage.sound()


def _lift(stage: Stage, word: str) -> None:
    """So that the next round begins without freezes."""
    for request in stage.record.read(lambda books: books.requests.pending(stage.clock.now())):
        stage.taking().request(request.id, request.requester)
    try:
        found = stage.unfreeze(word, by="eve").request
    except UserError:
        return  # there is none
    assert found is not None
    assert stage.vote(found.id, "lead").answer is Answer.DECIDED
