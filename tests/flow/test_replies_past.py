"""What was told in a thread, and in the channel, of a freeze is corrected once it does not hold."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.decide.approval import Wish
from bot.decide.people import Actor, Door
from bot.flow.ask.request import AskFor
from bot.flow.freeze.edit import EditFreeze, Revision
from tests.flow.conftest import SEARCH
from tests.flow.overriding import lifted
from tests.flow.reading import read
from tests.flow.scheduled import Scheduled, once, schedule, scheduled_world


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Scheduled]:
    """No schedules, unless a test adds them."""
    with scheduled_world(tmp_path) as made:
        yield made


def extend(world: Scheduled, hours: float, number: int = 1) -> None:
    ask = AskFor(world.record, world.clock, world.catalog, world.directory, world.ops)
    end = world.clock.now() + timedelta(hours=hours)
    revision = Revision(number, f"until {hours} o'clock, then", end)
    EditFreeze(ask).run(revision, Actor("UADA", "ada", Door.SLACK))


def aloud(world: Scheduled) -> list[str]:
    """What the channel shows from threads, as it reads now, oldest first."""
    world.deliver()
    return [read(p) for p in world.messenger.posted if p.channel == SEARCH and p.broadcast]


def test_an_edit_of_a_freeze_that_is_over_asks_nobody_to_hold_back(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    extend(world, 4)
    (edited,) = aloud(world)
    assert "please do not release" in edited
    assert "ask_override" in edited
    lifted(world)
    edited, _ = aloud(world)
    assert "Freeze 1 of service ranker is over since" in edited
    assert "please do not release" not in edited
    assert "ask_override" not in edited


def test_an_edit_of_a_freeze_that_ran_out_says_so(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    extend(world, 4)
    aloud(world)
    world.clock.advance(4 * 3_600)
    world.tidy()
    edited, _ = aloud(world)
    assert "is over since" in edited
    assert "ask_override" not in edited


def test_an_edit_that_was_edited_again_points_to_the_newest(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    extend(world, 4)
    extend(world, 6)
    first, second = aloud(world)
    assert "once more since" in first
    assert "please do not release" not in first
    assert "ask_override" not in first
    assert "please do not release" in second
    lifted(world)
    first, second, _ = aloud(world)
    assert "is over since" in first
    assert "is over since" in second


def test_what_is_told_of_another_freeze_stays(world: Scheduled) -> None:
    world.ask(Wish.FREEZE, "UADA", hours=2)
    world.ask(Wish.FREEZE, "UADA", "search", hours=2)
    extend(world, 4)
    extend(world, 4, number=2)
    lifted(world)
    first, second, _ = aloud(world)
    assert "is over since" in first
    assert "please do not release" in second


def begun(world: Scheduled) -> None:
    """A scheduled freeze that was told beforehand has begun."""
    world.edit(schedule(once(3)))
    world.notice()
    world.deliver()
    world.clock.advance(3 * 3_600)
    world.notice()


def test_the_notice_of_a_scheduled_freeze_says_that_it_has_begun(world: Scheduled) -> None:
    world.edit(schedule(once(3)))
    world.notice()
    world.deliver()
    assert world.heads()[0].startswith("Releases of service ranker will be frozen from")
    world.clock.advance(3 * 3_600)
    world.notice()
    (told,) = aloud(world)
    assert "are frozen" in told
    (head,) = [p for p in world.messenger.posted if p.channel == SEARCH and not p.thread]
    assert head.message.text.startswith("Releases of service ranker are frozen until")
    assert "go on until then" not in read(head)


def test_the_beginning_of_a_scheduled_freeze_says_when_that_is_over(world: Scheduled) -> None:
    begun(world)
    assert "ask_override" in aloud(world)[0]
    world.clock.advance(8 * 3_600)
    world.tidy()
    told = aloud(world)[0]
    assert "is over since" in told
    assert "ask_override" not in told
    assert "please do not release" not in told


def test_the_beginning_of_a_scheduled_freeze_follows_its_edits(world: Scheduled) -> None:
    begun(world)
    before = aloud(world)[0]
    extend(world, 12)
    told = aloud(world)[0]
    assert "please do not release" in told
    assert told != before, "it names the new end"
