"""A refusal for lack of data says that it is over once there are data again."""

from dataclasses import replace

import pytest

from bot.decide.freeze import Freeze, Origin
from bot.decide.people import BURNBAN
from bot.decide.policy import Blind
from bot.decide.scope import Reach, Scope
from tests.builders import DAY
from tests.fakes import Posted
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates
from tests.flow.reading import read
from tests.flow.test_freezes_past import head

WAITS, OVER = "ranker 40 has to wait", "ranker 40 was stopped; what stopped it is over"


@pytest.fixture
def world(world: World) -> World:
    """Releases wait while there are no data."""
    world.policy = replace(world.policy, blind=(("", Blind.HOLD),))
    world.history_of_calm()
    return world


def blind(world: World) -> None:
    """Nothing is heard for a while."""
    world.source.faults["ranker/availability"] = "timed out"
    world.polls(5)


def seeing(world: World) -> None:
    world.source.faults.clear()
    world.traffic("ranker/availability", bad=0, minutes=5)


def refusals(world: World) -> list[Posted]:
    world.deliver()
    found = [p for p in world.messenger.posted if p.key.startswith("refused:")]
    return [p for p in found if p.channel == SEARCH and not p.thread]


def test_a_refusal_for_lack_of_data_says_that_there_are_data_again(world: World) -> None:
    blind(world)
    Gates(world).ask("40")
    assert "see why there are no data" in read(head(world, WAITS))
    seeing(world)
    text = read(head(world, OVER))
    assert "start its pipeline again" in text
    assert "has to wait" not in text


def test_a_refusal_for_lack_of_data_stays_as_long_as_there_are_none(world: World) -> None:
    blind(world)
    Gates(world).ask("40")
    world.polls(10)
    head(world, WAITS)


def test_it_is_said_once_that_there_are_data_again(world: World) -> None:
    blind(world)
    Gates(world).ask("40")
    seeing(world)
    before = read(head(world, OVER))
    world.traffic("ranker/availability", bad=0, minutes=10)
    assert read(head(world, OVER)) == before
    blind(world)
    seeing(world)
    assert read(head(world, OVER)) == before


def test_releases_that_wait_for_the_same_data_share_a_message(world: World) -> None:
    blind(world)
    gate = Gates(world)
    gate.ask("40")
    world.clock.advance(60)
    gate.ask("41")
    assert len(refusals(world)) == 1


def test_the_next_lack_of_data_is_another_story(world: World) -> None:
    blind(world)
    gate = Gates(world)
    gate.ask("40")
    seeing(world)
    blind(world)
    gate.ask("41")
    assert len(refusals(world)) == 2
    head(world, OVER)
    head(world, "ranker 41 has to wait")


def test_data_that_came_back_while_nobody_polled_are_seen_as_well(world: World) -> None:
    world.clock.advance(DAY)
    Gates(world).ask("40")
    head(world, WAITS)
    now = int(world.clock.now().timestamp())
    world.source.steady("ranker/availability", now - DAY, now, 100 / 60)
    seeing(world)
    head(world, OVER)


def test_a_freeze_that_is_only_watched_is_not_what_stopped_a_release(world: World) -> None:
    blind(world)
    scope, now = Scope(Reach.SERVICE, "ranker"), world.clock.now()
    watched = Freeze(0, scope, "spent", Origin.POLICY, BURNBAN, now, monitored=True)
    world.record.write(lambda books: books.freezes.add(watched))
    Gates(world).ask("40")
    assert "ask_override" not in read(head(world, WAITS))
    seeing(world)
    head(world, OVER)
