"""Whoever may ask can invent as many releases as they like: no channel is filled with them."""

from datetime import timedelta

import pytest

from bot.decide.approval import Wish
from bot.flow.gate.refuse import ONE_BY_ONE
from tests.builders import DAY
from tests.flow.conftest import SEARCH, World
from tests.flow.gates import Gates


@pytest.fixture
def gate(world: World) -> Gates:
    world.history_of_calm()
    world.ask(Wish.FREEZE)
    world.deliver()
    return Gates(world)


def ask(gate: Gates, first: int, last: int) -> None:
    for number in range(first, last + 1):
        gate.ask(f"v{number}")
    gate.world.deliver()


def told(gate: Gates) -> tuple[list[str], list[str]]:
    """Of stopped releases: what stands in the channel itself, and what in threads."""
    heads = [text for text in gate.world.heads(SEARCH) if "may not be released" in text]
    return heads, [text for text in gate.world.replies(SEARCH) if "ranker" in text]


def test_the_first_is_told_in_the_channel_and_the_next_ones_in_its_thread(gate: Gates) -> None:
    ask(gate, 1, ONE_BY_ONE)
    heads, replies = told(gate)
    assert ["ranker v1 " in text for text in heads] == [True]
    assert [f"ranker v{number} " in text for number, text in enumerate(replies, 2)] == [True] * 4


def test_of_many_only_the_number_is_told_now_and_then(gate: Gates) -> None:
    ask(gate, 1, 100)
    heads, replies = told(gate)
    assert len(heads) == 1
    counted = replies[ONE_BY_ONE - 1 :]
    assert [text.split()[0] for text in counted] == ["10", "20", "50", "100"]
    assert "the last is v100" in counted[-1]
    assert len(gate.world.story("release_stopped")) == 100


def test_the_same_release_counts_once_however_often_it_asks(gate: Gates) -> None:
    for _ in range(20):
        gate.ask("v1")
    ask(gate, 2, 2)
    heads, replies = told(gate)
    assert (len(heads), len(replies)) == (1, 1)


def test_another_freeze_is_another_message(gate: Gates) -> None:
    ask(gate, 1, 30)
    gate.world.record.write(lambda books: books.freezes.lift(1, gate.world.clock.now()))
    gate.world.clock.advance(60)
    gate.world.ask(Wish.FREEZE, reason="another one")
    ask(gate, 31, 31)
    heads, _ = told(gate)
    assert len(heads) == 2
    assert "ranker v31 " in heads[1]


def test_what_a_freeze_stops_after_months_of_silence_is_told_too(gate: Gates) -> None:
    ask(gate, 1, 2)
    world = gate.world
    world.clock.advance(90 * DAY)
    now = world.clock.now()
    world.record.write(
        lambda books: books.answers.forget(now - timedelta(days=30), now - timedelta(days=800))
    )
    ask(gate, 3, 3)
    assert "ranker v3 " in told(gate)[1][-1]
