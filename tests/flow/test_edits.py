"""Edits of a freeze: the old version is kept, shortening takes the approvals of lifting, extending
those of freezing."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Answer, Choice, Wish
from bot.decide.freeze import Ending, Freeze
from bot.decide.people import Actor, Door
from bot.decide.policy import Approvals
from bot.decide.quorum import Quorum
from bot.errors import UserError
from bot.flow.ask.request import AskFor, Outcome, Plea
from bot.flow.freeze.edit import EditFreeze, Revision
from tests.builders import NOON, when
from tests.flow.conftest import SEARCH
from tests.flow.reading import read
from tests.flow.scheduled import HOUR, Scheduled, once, schedule, scheduled_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Scheduled]:
    """No schedules, unless a test adds them."""
    with scheduled_world(tmp_path) as made:
        yield made


def edit(
    world: Scheduled,
    until: Ending | None = None,
    who: str = "UADA",
    number: int = 1,
    why: str = "the fix takes longer",
    door: Door = Door.SLACK,
    *,
    reason_only: bool = False,
) -> Outcome:
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    revision = Revision(number, why, until, reason_only)
    return EditFreeze(ask).run(revision, Actor(who, who[1:].lower(), door))


def after(hours: float) -> datetime:
    return when(NOON) + hours * HOUR


def only(world: Scheduled) -> Freeze:
    (freeze,) = world.standing()
    return freeze


def test_a_decider_extends_a_freeze_at_once(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    outcome = edit(world, after(4), who="UBEN")
    assert (only(world).ends_at, only(world).version) == (after(4), 2)
    assert "Freeze 1 of service ranker has another end now: it holds longer" in outcome.sentence
    (row,) = world.story("freeze_edited")
    assert row.decision.actor.id == "UBEN"
    assert row.decision.reason == "the fix takes longer"
    assert row.decision.evidence["before"]["until"] == after(2).isoformat()
    assert row.decision.evidence["after"]["until"] == after(4).isoformat()


def test_the_old_version_is_kept_with_who_replaced_it_and_why(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    edit(world, after(4), who="UBEN")
    edit(world, None, why="nobody knows how long")
    assert only(world).ends_at is None
    first, second = world.record.read(lambda b: b.freezes.versions(1))
    assert (first.number, first.ends_at, first.replaced_by.id) == (1, after(2), "UBEN")
    assert (second.number, second.ends_at, second.why) == (2, after(4), "nobody knows how long")


def test_a_length_counts_from_the_edit(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.clock.advance(3_600)
    edit(world, timedelta(hours=3))
    assert only(world).ends_at == after(4)


def test_shortening_takes_somebody_else_also_for_a_decider(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    request = edit(world, after(2), why="all is well").request
    assert request is not None
    assert only(world).ends_at == after(8)
    assert world.vote(request, "UADA").answer is Answer.OWN_REQUEST
    world.vote(request, "UBEN")
    assert (only(world).ends_at, only(world).version) == (after(2), 2)
    (row,) = world.story("freeze_edited")
    assert row.decision.actor.id == "UBEN"
    assert row.decision.evidence["requested_by"] == "UADA"
    (kept,) = world.record.read(lambda b: b.freezes.versions(1))
    assert kept.replaced_by.id == "UADA"


def test_an_end_for_a_freeze_without_one_shortens_it(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA")
    assert edit(world, after(2)).request is not None


def test_shortening_takes_as_many_as_lifting_does(world: Scheduled) -> None:
    world.policy = replace(world.policy, approvals=Approvals(unfreeze=Quorum.of(2)))
    world.ask(Wish.FREEZE, "UADA", hours=8)
    request = edit(world, after(2), who="UEVE").request
    world.vote(request, "UADA")
    assert only(world).ends_at == after(8)
    world.vote(request, "UBEN")
    assert only(world).ends_at == after(2)


def test_who_does_not_decide_asks_for_an_extension_too(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    request = edit(world, after(4), who="UEVE").request
    assert request is not None
    assert request.wish is Wish.EXTEND
    world.vote(request, "UADA")
    assert only(world).ends_at == after(4)


def test_extending_takes_as_many_as_freezing_does(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.policy = replace(world.policy, approvals=Approvals(freeze=Quorum.of(2)))
    assert edit(world, after(4)).request is not None
    assert only(world).ends_at == after(2)


def test_the_terminal_extends_alone_and_shortens_not(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    edit(world, after(4), who="terminal:root", door=Door.TERMINAL)
    assert only(world).ends_at == after(4)
    assert edit(world, after(3), who="terminal:root", door=Door.TERMINAL).request is not None


def test_a_denied_edit_changes_nothing(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    world.vote(edit(world, after(2)).request, "UBEN", Choice.DENY)
    assert (only(world).ends_at, only(world).version) == (after(8), 1)


def test_the_reason_is_changed_by_whoever_set_it_or_an_approver(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    edit(world, why="version 38 loses clicks", who="UBEN", reason_only=True)
    freeze = only(world)
    assert (freeze.reason, freeze.ends_at) == ("version 38 loses clicks", after(8))
    with pytest.raises(UserError, match="Only whoever set a freeze, or an approver"):
        edit(world, why="no", who="UEVE", reason_only=True)


def test_whoever_asked_for_a_freeze_words_its_reason(world: Scheduled) -> None:
    world.vote(world.ask(Wish.FREEZE, "UEVE", hours=8).request, "UADA")
    edit(world, why="version 38 loses clicks", who="UEVE", reason_only=True)
    assert only(world).reason == "version 38 loses clicks"


@pytest.mark.parametrize(
    ("number", "until", "says"),
    [
        (9, after(4), "There is no freeze 9."),
        (1, after(-1), "in the past"),
        (1, after(2), "ends just then already"),
        (2, after(20), "Freeze 2 begins only after that."),
    ],
)
def test_an_edit_that_cannot_be_is_refused(
    world: Scheduled, number: int, until: datetime, says: str
) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.edit(schedule(once(30)))
    with pytest.raises(UserError) as caught:
        edit(world, until, number=number)
    assert says in caught.value.sentence
    assert caught.value.example
    assert world.story("freeze_edited", "edit_requested") == []


def test_what_is_over_is_not_edited(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.clock.advance(7_200)
    with pytest.raises(UserError, match="Freeze 1 is expired already"):
        edit(world, after(4))


def test_outsiders_edit_nothing(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    guest = replace(world.directory.people["UEVE"], guest=True)
    world.directory.people["UEVE"] = guest
    with pytest.raises(UserError, match="guests cannot decide"):
        edit(world, after(4), who="UEVE")


def test_one_edit_of_a_kind_is_asked_at_a_time(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    edit(world, after(2))
    with pytest.raises(UserError, match="That is asked already") as decider:
        edit(world, after(3), who="UBEN")
    assert decider.value.example == "approve or deny the open request"
    with pytest.raises(UserError, match="asked already, by you since") as own:
        edit(world, after(3))
    assert "approve" not in own.value.example
    with pytest.raises(UserError, match="asked already, by ada since") as shell:
        edit(world, after(3), who="terminal:ops", door=Door.TERMINAL)
    assert "approve" not in shell.value.example, "votes are given in Slack"
    assert edit(world, after(9), who="UEVE").request is not None


def test_an_edit_that_another_one_has_overtaken_is_superseded(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    request = edit(world, after(4), who="UEVE").request
    edit(world, after(6))
    ruling = world.vote(request, "UBEN")
    assert (ruling.answer, str(ruling.state)) == (Answer.CLOSED, "superseded")
    assert only(world).ends_at == after(6)
    assert world.tidy() == 1
    assert len(world.story("request_superseded")) == 1


def test_an_edit_of_what_was_lifted_is_superseded(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    request = edit(world, after(2)).request
    world.vote(world.ask(Wish.UNFREEZE, "UADA").request, "UBEN")
    assert world.vote(request, "UBEN").answer is Answer.CLOSED
    assert world.story("freeze_edited") == []


def test_a_request_to_edit_lives_no_longer_than_it_can_serve(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=3)
    shorter = edit(world, after(1)).request
    longer = edit(world, after(9), who="UEVE").request
    assert shorter is not None
    assert longer is not None
    assert (shorter.expires_at, longer.expires_at) == (after(1), after(3))


def test_an_edit_is_told_in_place_and_in_the_channel(world: Scheduled) -> None:
    request = world.ask(Wish.FREEZE, "UEVE", hours=2).request
    world.vote(request, "UADA")
    world.deliver()
    edit(world, after(4), who="UBEN")
    world.deliver()
    head = next(p for p in world.messenger.posted if p.key.startswith("freeze:1") and not p.thread)
    assert f"<!date^{int(after(4).timestamp())}^" in head.message.text
    assert "approved by <@UADA>" in read(head), "who approved the freeze still stands there"
    reply = next(p for p in world.messenger.posted if p.thread == head.ts)
    assert reply.broadcast
    assert "was edited* by <@UBEN>" in read(reply)
    assert f"<!date^{int(after(2).timestamp())}^" in read(reply)
    assert "the fix takes longer" in read(reply)


def test_a_request_to_edit_says_what_it_would_do(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=8)
    world.deliver()
    edit(world, after(2), why="all is well")
    world.deliver()
    said = world.messenger.posted[-1]
    assert said.channel == SEARCH
    assert "Shorten the freeze of service ranker?" in read(said)
    assert f"<!date^{int(after(8).timestamp())}^" in read(said)
    assert f"<!date^{int(after(2).timestamp())}^" in read(said)


# Freezes that are still to come.


def test_people_edit_a_freeze_that_comes_and_the_schedule_keeps_their_edit(
    world: Scheduled,
) -> None:
    world.edit(schedule(once(30)))
    world.vote(edit(world, after(32)).request, "UBEN")
    assert only(world).ends_at == after(32)
    world.version = "v9"
    assert world.keep() == 0
    assert only(world).ends_at == after(32)
    world.notice()
    world.deliver()
    assert world.heads()[1:] == [], "nobody had heard of it yet, but for the request"


def test_a_freeze_that_comes_is_called_off_by_number_with_the_approvals_of_lifting(
    world: Scheduled,
) -> None:
    world.edit(schedule(once(20)))
    world.notice()
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    scope = only(world).scope
    outcome = ask.run(
        Plea(Wish.UNFREEZE, scope, "no audit", freeze=1), Actor("UADA", "ada", Door.SLACK)
    )
    assert len(world.standing()) == 1
    world.vote(outcome.request, "UBEN")
    assert world.standing() == []
    assert len(world.story("freeze_cancelled")) == 1
    assert world.story("lifted") == []
    world.deliver()
    assert any("is called off: no audit" in said for said in world.replies())


def test_by_its_scope_nothing_is_lifted_that_only_comes(world: Scheduled) -> None:
    world.edit(schedule(once(20)))
    with pytest.raises(UserError, match="freeze 1 is still to come") as caught:
        world.ask(Wish.UNFREEZE, "UADA")
    assert caught.value.example == "/unfreeze 1 <reason>"
