"""A policy freezes what people are just about to decide: neither waits for the other."""

import threading
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest

from bot.decide.approval import RequestState
from bot.decide.policy import Then, Threshold
from bot.ports import Books
from bot.record import Database
from tests.flow.conftest import QUICK, World

pytest_plugins = ["tests.record_stores"]

STEPS = (Threshold(Fraction(3, 4), Then.REQUEST_FREEZE), Threshold(Fraction(1, 4), Then.FREEZE))


@pytest.fixture
def databases(postgres_url: str) -> Iterator[tuple[Database, Database]]:
    with Database(postgres_url) as one, Database(postgres_url) as other:
        yield one, other


def asking(world: World) -> int:
    """A request of the policy waits, and a poll of the next minutes freezes; its number."""
    world.policy = replace(QUICK, thresholds=STEPS)
    world.open()
    world.history_of_calm()
    world.traffic("ranker/availability", bad=100, minutes=15)
    (request,) = world.pending()
    assert world.freezes() == []
    return request.id


@pytest.mark.postgres
def test_a_poll_that_freezes_does_not_wait_for_whoever_is_deciding_the_same(
    databases: tuple[Database, Database],
) -> None:
    here, there = databases
    world = World(here)
    number = asking(world)
    held, polled = threading.Event(), threading.Event()
    waited: list[bool] = []

    def vote(books: Books) -> None:
        """It holds the request, and then wants to write into the history."""
        assert books.requests.get_locked(number) is not None
        held.set()
        waited.append(polled.wait(20))
        books.history.hold()

    voter = threading.Thread(target=there.write, args=(vote,))
    voter.start()
    try:
        assert held.wait(10)
        world.traffic("ranker/availability", bad=100, minutes=25)
        assert len(world.freezes()) == 1, "what the policy says is done"
    finally:
        polled.set()
        voter.join(30)
    assert waited == [True], "the poll waited for the vote, with the history in its hands"
    assert [one.id for one in world.pending()] == [number], "it was in other hands"
    world.traffic("ranker/availability", bad=100, minutes=1)
    closed = here.read(lambda books: books.requests.get(number))
    assert closed is not None
    assert closed.closed is RequestState.SUPERSEDED, "the next poll finds it idle"
    assert len(world.story("request_superseded")) == 1
