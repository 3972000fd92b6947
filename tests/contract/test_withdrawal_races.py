"""Two replicas poll two causes of one request: neither loses what the other has to say."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import RequestState
from bot.decide.episode import Standing
from bot.decide.policy import Thaw, Then, Threshold
from bot.flow.evaluate import Evaluate
from bot.ports import Books, Record
from bot.record import Database
from tests.builders import MINUTE, objective
from tests.fakes import FakeSource
from tests.flow.conftest import QUICK, World

pytest_plugins = ["tests.record_stores"]

HERE, THERE = "ranker/availability", "ranker/latency"
HALF = replace(
    QUICK,
    thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
    thaw=Thaw(left=Fraction(60, 100), dwell=600),
)


@pytest.fixture
def databases(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    with Database(postgres_url) as one, Database(postgres_url) as other:
        yield one, other


def two_sources(world: World) -> FakeSource:
    """Two objectives of one service, each from a source of its own, with one request for both."""
    world.objectives = (objective(), replace(objective(name="latency"), source="other"))
    world.policy = HALF
    other = FakeSource("other")
    other.phases = world.source.phases
    world.open()
    world.history_of_calm()
    poll(world, other)
    go_on(world, 3, 1_000.0, bad=1_000.0)
    for _ in range(3):
        world.clock.advance(MINUTE)
        world.evaluate()
        poll(world, other)
    assert [one.causes for one in world.pending()] == [(HERE, THERE)]
    return other


def poll(world: World, source: FakeSource) -> None:
    Evaluate(world.record, world.clock, world.catalog, world.ops).run(source)


def go_on(world: World, minutes: int, eligible: float, bad: float = 0.0) -> None:
    now = int(world.clock.now().timestamp())
    for name in (HERE, THERE):
        world.source.steady(name, now, now + minutes * MINUTE, eligible / 60, bad / 60)


def standing(record: Record, name: str) -> Standing:
    return record.read(lambda books: books.standings.get([name])[name])


@pytest.mark.postgres
def test_a_request_waits_whose_other_cause_is_in_the_hands_of_another_poll(
    databases: tuple[Database, Database],
) -> None:
    here, there = databases
    world = World(here)
    other = two_sources(world)
    go_on(world, 12, 400_000.0)
    for _ in range(12):
        world.clock.advance(MINUTE)
        poll(world, other)
    assert len(world.pending()) == 1, "of one cause nobody knows that it has recovered"
    held, done = threading.Event(), threading.Event()

    def at_it(books: Books) -> None:
        seen = books.standings.hold([THERE])[THERE]
        held.set()
        assert done.wait(30)
        books.standings.put([replace(seen, blind_polls=2)])

    poller = threading.Thread(target=there.write, args=(at_it,))
    poller.start()
    try:
        assert held.wait(10)
        world.evaluate()
        assert len(world.pending()) == 1
    finally:
        done.set()
        poller.join(30)
    go_on(world, 1, 400_000.0)
    world.clock.advance(MINUTE)
    world.evaluate()
    closed = here.read(lambda books: books.requests.get(1))
    assert closed is not None
    assert closed.closed is RequestState.CANCELLED
    assert standing(here, THERE).blind_polls == 2, "what the other poll has said stands"
