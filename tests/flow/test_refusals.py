"""What Slack refuses is not lost: it waits, or reaches the operators (law 17)."""

import logging

import pytest

from bot.decide.approval import Choice, Wish
from bot.errors import Refused
from bot.ports import Act, Outgoing
from tests.flow.conftest import OPS, SEARCH, World
from tests.flow.refusing import EVERYWHERE, Door, asked, pass_by

CHANNEL = ["channel_not_found", "not_in_channel", "is_archived", "missing_scope", "a_new_code"]
TOKEN = ["invalid_auth", "token_revoked", "account_inactive"]
OUTAGE = 600


@pytest.fixture
def door(world: World) -> Door:
    door = Door()
    world.messenger = door
    return door


# --- faults of the channel or the workspace ---------------------------------------------------


@pytest.mark.parametrize("code", CHANNEL + TOKEN)
def test_what_was_refused_stands_once_the_fault_is_mended(
    world: World, door: Door, code: str
) -> None:
    door.refusals[EVERYWHERE if code in TOKEN else SEARCH] = code
    asked(world)
    pass_by(world, OUTAGE)
    assert world.heads() == []
    door.refusals.clear()
    pass_by(world, 600)
    assert len(world.heads()) == 1
    assert world.record.read(lambda b: b.outbox.backlog(world.clock.now()))[0] == 0


def test_a_burn_that_began_while_the_token_was_revoked_is_warned_of(
    world: World, door: Door
) -> None:
    world.history_of_calm()
    door.refusals[EVERYWHERE] = "token_revoked"
    world.traffic("ranker/availability", bad=60, minutes=10)
    pass_by(world, 60)
    assert door.posted == []
    door.refusals.clear()
    pass_by(world, 600)
    episode = world.episode()
    assert episode is not None
    keys = [p.key for p in door.posted if p.channel == SEARCH and not p.thread]
    assert keys.count(f"episode:{episode.id}:open") == 1


def test_a_refused_message_is_asked_about_ever_more_slowly(world: World, door: Door) -> None:
    door.refusals[SEARCH] = "not_in_channel"
    asked(world)
    pass_by(world, 60)
    assert len(door.refused) == 3  # after 0, 15, 30 s
    pass_by(world, 3_600)
    assert 8 <= len(door.refused) <= 14


def test_after_a_day_a_message_that_nobody_takes_is_given_up(world: World, door: Door) -> None:
    door.refusals[SEARCH] = "is_archived"
    asked(world)
    flow = world.delivery()
    for _ in range(24 * 6 + 2):
        flow.run()
        world.clock.advance(600)
    unsent, _ = world.record.read(lambda b: b.outbox.backlog(world.clock.now()))
    assert unsent == 0
    tried = len(door.refused)
    world.clock.advance(3_600)
    flow.run()
    assert len(door.refused) == tried


@pytest.mark.parametrize("code", CHANNEL)
def test_the_operators_are_told_once_a_day_and_see_what_was_to_be_said(
    world: World, door: Door, code: str
) -> None:
    door.refusals[SEARCH] = code
    first, second = asked(world), world.ask(Wish.FREEZE, "UEVE", "recs").request
    assert second is not None
    pass_by(world, OUTAGE)
    assert len(world.heads(OPS)) == 1
    assert SEARCH in world.heads(OPS)[0]
    copies = " ".join(world.replies(OPS))
    assert len(world.replies(OPS)) == 2
    assert "ranker" in copies
    assert "recs" in copies
    assert first.id != second.id
    world.clock.advance(86_400 - OUTAGE - 60)
    pass_by(world, 3)
    assert len(world.heads(OPS)) == 2


def test_while_slack_knows_nobody_the_operators_get_one_notice_and_no_copies(
    world: World, door: Door
) -> None:
    door.refusals[EVERYWHERE] = "invalid_auth"
    asked(world)
    world.ask(Wish.FREEZE, "UEVE", "recs")
    pass_by(world, OUTAGE)
    door.refusals.clear()
    pass_by(world, 600)
    assert (len(world.heads(OPS)), world.replies(OPS)) == (1, [])
    assert len(world.heads()) == 2


def test_a_dead_operators_channel_does_not_complain_to_itself(world: World, door: Door) -> None:
    door.refusals.update({SEARCH: "channel_not_found", OPS: "channel_not_found"})
    asked(world)
    pass_by(world, OUTAGE)
    del door.refusals[OPS]
    pass_by(world, 600)
    assert len(world.heads(OPS)) == 1
    assert SEARCH in world.heads(OPS)[0]


def test_a_fault_is_named_once_in_the_log(
    world: World, door: Door, caplog: pytest.LogCaptureFixture
) -> None:
    door.refusals[SEARCH] = "not_in_channel"
    asked(world)
    world.ask(Wish.FREEZE, "UEVE", "recs")
    with caplog.at_level(logging.WARNING):
        pass_by(world, OUTAGE)
    named = [r.getMessage() for r in caplog.records if "not_in_channel" in r.getMessage()]
    assert len(named) == 1
    assert "/invite" in named[0]


def test_a_request_decided_while_its_channel_was_closed_is_posted_as_decided(
    world: World, door: Door
) -> None:
    door.refusals[SEARCH] = "not_in_channel"
    request = asked(world)
    pass_by(world, 60)
    world.vote(request, "UADA", Choice.DENY)
    door.refusals.clear()
    pass_by(world, 600)
    assert len(world.heads()) == 1
    assert "is denied" in world.heads()[0]
    assert door.calls.count("edit") == 0


def test_other_channels_do_not_wait_for_a_closed_one(world: World, door: Door) -> None:
    door.refusals[SEARCH] = "is_archived"
    asked(world)
    other = Outgoing(
        "x", "#x", "x", Act.POST, "ops_notice", {"title": "", "text": "", "faults": []}
    )
    world.record.write(lambda b: b.outbox.put(other, world.clock.now()))
    pass_by(world, 3)
    assert len(world.heads("#x")) == 1


def test_nobody_waits_for_parked_messages(world: World, door: Door) -> None:
    door.refusals[SEARCH] = "is_archived"
    door.refusals[OPS] = "is_archived"
    asked(world)
    flow = world.delivery()
    flow.run()
    world.clock.advance(2)
    flow.run()
    assert flow.until_empty() == 0


def test_a_lost_answer_before_a_refusal_is_still_looked_up(world: World, door: Door) -> None:
    door.lose_next_answer()
    asked(world)
    pass_by(world, 1)
    assert len(world.heads()) == 1
    door.fail = [Refused("missing_scope")]  # of the look into the channel
    pass_by(world, 120)
    assert len(world.heads()) == 1
    assert door.calls.count("post") - 2 == len(world.heads(OPS) + world.replies(OPS)) - 1


# --- faults of the message --------------------------------------------------------------------


@pytest.mark.parametrize("code", ["invalid_blocks", "msg_too_long"])
def test_a_message_that_slack_does_not_take_is_not_tried_again(
    world: World, door: Door, code: str
) -> None:
    door.refusals[SEARCH] = code
    asked(world)
    pass_by(world, OUTAGE)
    assert door.refused == [SEARCH]
    assert len(world.heads(OPS)) == 1
    lost = next(p for p in door.posted if p.channel == OPS)
    assert "because" in str(lost.message.blocks)
