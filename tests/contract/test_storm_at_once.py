"""Two processes that evaluate one channel's objectives at the same moment make one message of what
opens, and one of them says that all is over (laws 18 and 22)."""

from collections.abc import Sequence
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from bot.flow.evaluate import Evaluate
from bot.ports import Ask, Reading
from bot.record import Database
from tests.builders import DAY, MINUTE, NOON, objective
from tests.fakes import FakeSource
from tests.flow.conftest import OPS, World

pytest_plugins = ["tests.record_stores"]

MINE = tuple(objective(f"mine-{n}") for n in range(4))
THEIRS = tuple(replace(objective(f"theirs-{n}"), source="other") for n in range(4))


class Meeting(FakeSource):
    """A source whose answer comes when the other one's does."""

    def __init__(self, name: str, gate: Barrier) -> None:
        super().__init__(name)
        self.gate = gate

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """Both at once."""
        found = super().read(asks)
        self.gate.wait(20)
        return found


def at_once(world: World, sources: Sequence[FakeSource], minutes: int, bad: float) -> None:
    now = int(world.clock.now().timestamp())
    for one in world.objectives:
        world.source.steady(one.id, now, now + minutes * MINUTE, 100 / 60, bad / 60)
    for _ in range(minutes):
        world.clock.advance(MINUTE)
        polls = [
            Thread(target=Evaluate(world.record, world.clock, world.catalog, OPS).run, args=(s,))
            for s in sources
        ]
        for poll in polls:
            poll.start()
        for poll in polls:
            poll.join(30)


@pytest.fixture
def world(database: Database) -> World:
    return World(database, objectives=(*MINE, *THEIRS))


def test_what_opens_and_ends_in_two_processes_at_once_is_one_message(world: World) -> None:
    gate = Barrier(2)
    sources = [Meeting("fake", gate), Meeting("other", gate)]
    for source in sources:
        source.phases = world.source.phases
    for one in world.objectives:
        world.source.steady(one.id, NOON - 30 * DAY, NOON, 100 / 60)
    at_once(world, sources, 1, bad=0)
    at_once(world, sources, 4, bad=60)
    at_once(world, sources, 75, bad=0)
    world.deliver()
    (told,) = world.heads()
    assert told.startswith("Resolved: 8 warnings at once")
    assert len([text for text in world.replies() if "all over" in text]) == 1
    assert len(world.story("warning_opened")) == len(world.story("warning_resolved")) == 8
