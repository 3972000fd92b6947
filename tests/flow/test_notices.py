"""What time alone brings about with freezes is told once: that they come, begin, still stand."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Wish
from bot.decide.scope import EVERYTHING
from tests.builders import NOON, when
from tests.flow.conftest import OPS, SEARCH
from tests.flow.reading import read
from tests.flow.scheduled import DAY, HOUR, Scheduled, nightly, once, schedule, scheduled_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Scheduled]:
    """Every night from 20:00 for eight hours."""
    with scheduled_world(tmp_path, schedule(nightly())) as made:
        yield made


def test_a_freeze_is_told_the_day_before_when_it_begins_and_when_it_ends(
    world: Scheduled,
) -> None:
    world.edit(schedule(once(30, 8, "audit")))
    world.clock.advance(6 * 3_600 - 1)
    assert world.notice() == 0
    world.clock.advance(1)
    assert world.notice() == 1
    assert world.notice() == 0
    world.deliver()
    assert "will be frozen" in world.heads()[0]
    world.clock.time = when(NOON) + 30 * HOUR
    assert world.notice() == 1
    assert world.notice() == 0
    world.deliver()
    assert "are frozen" in world.replies()[0]
    assert "as scheduled" in world.replies()[0]
    world.clock.advance(8 * 3_600)
    assert world.tidy() == 1
    world.deliver()
    assert "has run out" in world.replies()[1]
    assert len(world.heads()) == 1
    assert [str(r.decision.event) for r in world.story("frozen", "freeze_expired")] == [
        "frozen",
        "freeze_expired",
    ]


def test_the_beginning_is_told_in_the_thread_and_in_the_channel(world: Scheduled) -> None:
    world.edit(schedule(once(3)))
    world.notice()
    world.clock.advance(3 * 3_600)
    world.notice()
    world.deliver()
    head, begun = (p for p in world.messenger.posted if p.channel == SEARCH)
    assert (begun.thread, begun.broadcast) == (head.ts, True)
    assert "`/unfreeze 1 &lt;reason&gt;`" in read(begun)


def test_a_schedule_may_announce_nothing_beforehand(world: Scheduled) -> None:
    world.edit(schedule(once(3), notice=timedelta()))
    assert world.notice() == 0
    world.clock.advance(3 * 3_600)
    assert world.notice() == 1
    world.deliver()
    assert "as scheduled" in world.heads()[0]


def test_a_beginning_that_nobody_saw_is_told_late_and_one_that_is_over_is_not(
    world: Scheduled,
) -> None:
    world.edit(schedule(once(3, 2), once(30, 2), notice=timedelta()))
    world.clock.advance(31 * 3_600)
    assert world.notice() == 1
    world.deliver()
    assert len(world.heads()) == 1


def test_a_freeze_that_was_told_to_come_and_will_not_is_told_to_be_off(world: Scheduled) -> None:
    world.edit(schedule(once(3), once(40)))
    world.notice()
    world.edit()
    world.deliver()
    (said,) = world.replies()
    assert "is called off" in said
    assert len(world.heads()) == 1, "of the other one nobody knew"


def test_a_freeze_of_everything_is_told_to_every_team_and_the_operators(
    world: Scheduled,
) -> None:
    world.edit(replace(schedule(once(3)), scopes=(EVERYTHING,)))
    world.notice()
    world.deliver()
    assert len(world.heads(SEARCH)) == len(world.heads(OPS)) == 1


# What must not be forgotten.


def test_who_set_a_freeze_until_it_is_lifted_is_reminded_every_day(world: Scheduled) -> None:
    world.schedules = ()
    world.ask(Wish.FREEZE, "UADA")
    world.clock.advance(DAY.total_seconds() - 1)
    assert world.notice() == 0
    world.clock.advance(1)
    assert [world.notice(), world.notice()] == [1, 0]
    world.deliver()
    (reminder,) = [p for p in world.messenger.posted if p.thread]
    assert "<@UADA>" in reminder.message.text
    assert "for 1 day now" in reminder.message.text
    assert not reminder.broadcast
    world.clock.time = when(NOON) + 2 * DAY
    world.notice()
    world.deliver()
    assert "for 2 days now" in world.replies()[-1]


def test_days_without_a_tick_bring_one_reminder(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA")
    world.clock.advance(5 * 86_400)
    assert [world.notice(), world.notice()] == [1, 0]


def test_a_freeze_with_an_end_or_that_was_lifted_needs_no_reminder(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", word="recs", hours=100)
    world.ask(Wish.FREEZE, "UADA")
    request = world.ask(Wish.UNFREEZE, "UADA").request
    world.vote(request, "UBEN")
    world.clock.advance(3 * 86_400)
    assert world.notice() == 0
