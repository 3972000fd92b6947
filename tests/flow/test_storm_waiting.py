"""A message of many requests is short, names what it does not show, and says what a click does."""

import pytest

from bot.decide.approval import Choice
from bot.errors import UserError
from bot.flow.docket import FIRST, SHOWN
from bot.flow.show.waiting import PAGE, ShowWaiting
from tests.builders import objective
from tests.flow.conftest import World
from tests.flow.storming import FLEET, blocks, calm, everybody, storm

MANY = 40
WIDE = tuple(objective(f"model-{n:02d}") for n in range(MANY))


def listing(world: World) -> ShowWaiting:
    return ShowWaiting(world.record, world.clock, world.catalog)


@pytest.fixture
def storming(world: World) -> World:
    """Forty requests of one team, in one message."""
    calm(world, WIDE)
    storm(world, [one.service for one in WIDE])
    return world


def test_of_very_many_it_shows_the_first_ones_and_names_the_others(storming: World) -> None:
    said = blocks(storming)
    assert said.count("'overflow'") == FIRST
    assert f"and {MANY - FIRST} more: model-05, model-06" in said
    assert "model-39. *One by one* lists all 40" in said


def test_as_many_as_it_has_room_for_are_all_shown(storming: World) -> None:
    everybody(storming, "UADA", Choice.DENY, upto=MANY - SHOWN)
    said = blocks(storming)
    assert said.count("'overflow'") == SHOWN
    assert "One by one" not in said


def test_a_page_skips_none_however_many_are_decided_meanwhile(storming: World) -> None:
    first = listing(storming).page(1)
    assert [row["request"] for row in first["rows"]] == list(range(1, PAGE + 1))
    assert (first["first"], first["last"], first["waiting"]) == (1, PAGE, MANY)
    for request in storming.pending()[:10]:
        storming.vote(request, "UADA", Choice.DENY)
    second = listing(storming).page(1, after=first["next"])
    assert [row["request"] for row in second["rows"]] == list(range(PAGE + 1, 2 * PAGE + 1))
    assert (second["first"], second["waiting"]) == (6, 30)
    back = listing(storming).page(1, before=second["previous"])
    assert [row["request"] for row in back["rows"]] == list(range(11, PAGE + 1))


def test_a_page_after_the_last_that_waits_shows_the_last_ones(storming: World) -> None:
    rows = listing(storming).page(1, after=MANY)["rows"]
    assert rows[-1]["request"] == MANY
    rows = listing(storming).page(1, before=1)["rows"]
    assert rows[-1]["request"] == MANY


def test_a_page_of_what_is_over_or_never_was_says_so(storming: World) -> None:
    everybody(storming, "UADA", Choice.DENY)
    for docket in (1, 999):
        with pytest.raises(UserError, match="None of them waits any more"):
            listing(storming).page(docket)


def test_rows_of_a_page_say_how_the_vote_stands(world: World) -> None:
    calm(world)
    storm(world, [one.service for one in FLEET[:4]])
    (row, *_) = listing(world).page(1)["rows"]
    assert (row["service"], row["needed"], row["approvals"]) == ("model-00", 1, [])
