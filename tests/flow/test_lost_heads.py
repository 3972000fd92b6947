"""Messages that people deleted, and what is forgotten of those that were delivered."""

from datetime import timedelta
from typing import Any

import pytest

from bot.decide.approval import Choice
from bot.errors import Refused, Unclear
from bot.flow.tell.sweep import EDITS_KEPT
from bot.ports import Act, Outgoing
from tests.builders import MINUTE
from tests.flow.conftest import SEARCH, World
from tests.flow.refusing import Door, asked, burn, pass_by, take_away, warning


@pytest.fixture
def door(world: World) -> Door:
    door = Door()
    world.messenger = door
    return door


# --- heads that are gone ----------------------------------------------------------------------


def test_a_deleted_request_stands_anew_with_its_next_change(world: World, door: Door) -> None:
    request = asked(world)
    pass_by(world, 3)
    take_away(world)
    world.vote(request, "UADA", Choice.DENY)
    pass_by(world, 3)
    assert len(world.heads()) == 1
    assert "is denied" in world.heads()[0]


def test_a_deleted_warning_stands_anew_and_is_edited_in_place_from_then_on(
    world: World, door: Door
) -> None:
    world.history_of_calm()
    burn(world, 8)
    take_away(world)
    burn(world, 10)
    anew = warning(door)
    assert "action_id" in str(anew.message.blocks)
    assert anew.said
    topic = anew.key.split(":edit")[0]
    facts: dict[str, Any] = {"title": "t", "text": "", "faults": []}
    reply = Outgoing("r", SEARCH, topic, Act.REPLY, "ops_notice", facts)
    world.record.write(lambda b: b.outbox.put(reply, world.clock.now()))
    pass_by(world, 3)
    assert [p.thread for p in door.posted if p.key == "r"] == [anew.ts]


@pytest.mark.parametrize("code", ["cant_update_message", "edit_window_closed"])
def test_what_may_no_longer_be_edited_is_posted_anew(world: World, door: Door, code: str) -> None:
    request = asked(world)
    pass_by(world, 3)
    door.fail = [Refused(code)]
    world.vote(request, "UADA", Choice.DENY)
    pass_by(world, 3)
    assert len(world.heads()) == 2
    assert "is denied" in world.heads()[1]


def test_mere_figures_are_not_posted_anew_where_edits_have_a_window(
    world: World, door: Door
) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=8)
    pass_by(world, 4)
    heads = len(world.heads())
    assert heads
    for _ in range(5):
        world.traffic("ranker/availability", bad=80, minutes=1)
        door.fail = [Refused("edit_window_closed")]
        pass_by(world, 12)
        door.fail = []
    assert len(world.heads()) == heads


def test_a_reply_whose_head_was_deleted_is_said_in_the_channel(world: World, door: Door) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=8)
    pass_by(world, 4)
    pass_by(world, 15)
    topic = warning(door).key.rsplit(":", 1)[0]
    reply = Outgoing(
        "r", SEARCH, topic, Act.REPLY, "ops_notice", {"title": "t", "text": "", "faults": []}
    )
    world.record.write(lambda b: b.outbox.put(reply, world.clock.now()))
    door.fail = [Refused("thread_not_found")]
    pass_by(world, 3)
    alone = [p for p in door.posted if p.key == "r"]
    assert [(p.channel, p.thread) for p in alone] == [(SEARCH, None)]


def test_a_deleted_reply_is_not_posted_anew_to_be_corrected(world: World, door: Door) -> None:
    topic, facts = "freeze:1:#search", {"title": "t", "text": "", "faults": []}
    head = Outgoing(topic, SEARCH, topic, Act.POST, "ops_notice", facts)
    reply = Outgoing("r", SEARCH, topic, Act.REPLY, "ops_notice", facts, broadcast=True)
    world.record.write(lambda b: b.outbox.put_all([head, reply], world.clock.now()))
    pass_by(world, 3)
    (posted,) = [p for p in door.posted if p.key == "r"]
    door.delete(posted.channel, posted.ts)
    door.fail = [Refused("message_not_found")]

    def correct(text: str) -> None:
        (known,) = world.record.read(lambda b: b.outbox.aloud([topic]))
        said = {**facts, "text": text}
        world.record.write(lambda b: b.outbox.correct(known, said, world.clock.now()))
        pass_by(world, 3)

    correct("it is over")
    assert door.fail == [], "it was tried"
    assert [p.key for p in door.posted] == [topic]
    assert world.record.read(lambda b: b.outbox.backlog(world.clock.now())) == (0, 0.0)


# --- what was delivered -----------------------------------------------------------------------


def test_the_sweeper_forgets_edits_and_keeps_what_is_to_be_sent(world: World, door: Door) -> None:
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=8)
    for _ in range(10):
        world.traffic("ranker/availability", bad=80, minutes=1)
        pass_by(world, 12)
    assert door.calls.count("edit") > 3
    world.clock.advance(EDITS_KEPT.total_seconds() + MINUTE)
    world.sweep()
    later = world.clock.now() + timedelta(days=1)
    assert world.record.write(lambda b: b.outbox.forget(later, later - timedelta(days=99))) == 0


def test_the_sweeper_asks_a_silent_channel_once(world: World, door: Door) -> None:
    for name in ("a", "b", "c"):
        facts: dict[str, Any] = {"title": name, "text": "", "faults": []}
        one = Outgoing(name, SEARCH, name, Act.POST, "ops_notice", facts)
        world.record.write(lambda b, o=one: b.outbox.put(o, world.clock.now()))  # type: ignore[misc]
    door.fail = [Unclear("lost")] * 3
    pass_by(world, 60)
    assert len(world.heads()) == 3
    finds = door.calls.count("find")
    door.fail = [Refused("missing_scope")]
    world.sweep()
    assert door.calls.count("find") == finds + 1
