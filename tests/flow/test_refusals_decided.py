"""A refusal points to an override as long as that waits, and then says what became of it."""

import pytest

from bot.decide.approval import Request
from tests.flow.conftest import World
from tests.flow.gates import Gates
from tests.flow.overriding import (
    OWN,
    RUN,
    V38,
    asked,
    deny,
    frozen,
    lifted,
    revoke,
    settle,
    taking,
    use,
    who,
)
from tests.flow.reading import read
from tests.flow.test_freezes_past import head

STOPPED = "ranker 38 may not be released now"


@pytest.fixture
def waiting(world: World) -> Request:
    """38 is stopped by a freeze, and the refusal points to the override that waits."""
    world.history_of_calm()
    frozen(world)
    request = asked(world)
    Gates(world).ask("38")
    assert f"override {request.id} for it waits" in refusal(world)
    return request


def refusal(world: World) -> str:
    return read(head(world, STOPPED))


def points_no_more(world: World, request: Request, words: str) -> None:
    """It says what became of the override, and how to ask for another."""
    text = refusal(world)
    assert f"override {request.id} for it {words}" in text
    assert "waits for an approval" not in text
    assert "ask for another one" in text
    assert "ask_override" in text


def test_a_refusal_says_that_its_override_was_denied(world: World, waiting: Request) -> None:
    deny(world, waiting)
    points_no_more(world, waiting, "was denied")


def test_a_refusal_says_that_its_override_was_taken_back(world: World, waiting: Request) -> None:
    taking(world).request(waiting.id, who("eve"))
    points_no_more(world, waiting, "was taken back")


def test_a_refusal_says_that_nobody_decided_about_its_override(
    world: World, waiting: Request
) -> None:
    world.clock.advance(OWN)
    world.tidy()
    points_no_more(world, waiting, "has expired")


def test_a_refusal_says_that_its_override_is_approved_and_until_when(
    world: World, waiting: Request
) -> None:
    world.vote(waiting, "UADA")
    text = refusal(world)
    assert f"override {waiting.id} for it is approved: start its pipeline again" in text
    assert "waits for an approval" not in text
    assert "ask_override" not in text


def test_a_refusal_says_that_its_override_was_revoked(world: World, waiting: Request) -> None:
    world.vote(waiting, "UADA")
    revoke(world, waiting.id)
    points_no_more(world, waiting, "was revoked")


def test_a_refusal_says_that_its_override_was_not_used_in_time(
    world: World, waiting: Request
) -> None:
    world.vote(waiting, "UADA")
    world.clock.advance(OWN)
    settle(world)
    points_no_more(world, waiting, "has expired")


def test_a_refusal_of_a_release_that_went_stays_as_it_is(world: World, waiting: Request) -> None:
    world.vote(waiting, "UADA")
    assert use(world, V38, waiting.freezes, RUN) is not None
    words = f"ranker 38 was stopped, and went by override {waiting.id}"
    head(world, words)
    deny(world, asked(world))
    head(world, words)


def test_a_refusal_whose_freeze_is_over_stays_as_it_is(world: World, waiting: Request) -> None:
    world.vote(waiting, "UADA")
    lifted(world)
    settle(world)
    text = read(head(world, "ranker 38 was stopped; what stopped it is over"))
    assert f"override {waiting.id}" not in text


def test_a_refusal_that_points_to_no_override_stays_as_it_is(world: World) -> None:
    world.history_of_calm()
    frozen(world)
    Gates(world).ask("38")
    before = refusal(world)
    deny(world, asked(world))
    assert refusal(world) == before
