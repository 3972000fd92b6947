"""Many requests that are made, or end, at once are looked at once, and told in one go."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from fractions import Fraction
from typing import Any

from sqlalchemy import Engine, event

from bot.decide.policy import Thaw, Then, Threshold
from tests.flow.conftest import QUICK, World
from tests.flow.storming import FLEET, calm, go_on, names

HALF = replace(
    QUICK,
    thresholds=(Threshold(Fraction(1, 2), Then.REQUEST_FREEZE),),
    thaw=Thaw(left=Fraction(60, 100), dwell=600),
)


@contextmanager
def looks(words: str = "requests.docket =") -> Iterator[list[str]]:
    """The statements with these words; by themselves: that look for all requests of a message."""
    found: list[str] = []

    def hear(_c: object, _u: object, statement: str, *_: Any) -> None:
        found.extend([statement] if words in statement else [])

    event.listen(Engine, "before_cursor_execute", hear)
    try:
        yield found
    finally:
        event.remove(Engine, "before_cursor_execute", hear)


def many(world: World) -> None:
    world.policy = HALF
    calm(world)
    go_on(world, 3, names(12), share=1.0, busy=1_000)
    assert len(world.pending()) == len(FLEET)


def test_many_requests_made_at_once_are_looked_at_a_few_times(world: World) -> None:
    """Each looked at all: four hundred held the history for longer than a gate waits for it."""
    with looks("requests.closed IS NULL AND requests.expires_at >") as found:
        many(world)
    assert 0 < len(found) < len(FLEET)


def test_many_requests_withdrawn_at_once_are_told_in_one_go(world: World) -> None:
    many(world)
    with looks() as found:
        go_on(world, 12, names(12), share=0.0, busy=400_000)
    assert world.pending() == []
    assert len(world.story("request_cancelled")) == len(FLEET)
    assert len(found) == 1
    world.deliver()
    (told,) = [text for text in world.heads() if "model-00" in text and "freeze" in text]
    assert "12 requests to freeze releases" in told


def test_many_requests_that_expire_at_once_are_told_in_one_go(world: World) -> None:
    many(world)
    world.clock.time = max(one.expires_at for one in world.pending())
    world.policy = QUICK
    with looks() as found:
        world.tidy()
    assert len(world.story("request_expired")) == len(FLEET)
    assert len(found) <= 2
