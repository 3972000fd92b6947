"""A database that hangs: whoever was known lately is let in, and nobody waits for it long."""

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.decide.gate import HOLDS
from bot.errors import Undecidable, Unidentified
from bot.flow.gate import known_tokens
from bot.flow.gate.callers import Callers
from bot.flow.gate.known_tokens import KEEP
from tests.flow.conftest import World
from tests.flow.gates import Gates, Switch
from tests.flow.test_callers import callers, made


class Stuck(Switch):
    """Nobody gets an answer until `goes`."""

    looks = 0

    def read(self, work):  # type: ignore[no-untyped-def]
        """As the record, once it may."""
        self.looks += 1
        self.hung.set()
        assert self.goes.wait(20)
        return super().read(work)


@pytest.fixture
def gate(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[Gates]:
    monkeypatch.setattr(known_tokens, "BRIEFLY", 0.05)
    monkeypatch.setattr(known_tokens, "LONG", 0.1)
    gate = Gates(world)
    gate.record = Stuck(world.record)
    yield gate
    gate.record.goes.set()


def known(gate: Gates, word: str) -> tuple[Callers, Stuck]:
    """Whoever bears this word was here a while ago; now nobody answers."""
    found, record = callers(gate), gate.record
    assert isinstance(record, Stuck)
    found.who(word)
    gate.world.clock.advance(KEEP)
    assert found.remembered(word) is None
    record.goes.clear()
    return found, record


def test_while_the_database_hangs_a_token_known_lately_counts_and_is_not_looked_up_each_time(
    gate: Gates,
) -> None:
    word, _ = made(gate)
    found, record = known(gate, word)
    before = record.looks
    one = found.who(word)
    assert [found.who(word), found.remembered(word)] == [one, one]
    assert record.looks == before + 1
    gate.world.clock.advance(KEEP)
    assert found.remembered(word) is None
    assert found.who(word) == one


def test_it_counts_no_longer_than_an_answer_of_the_gate_holds(gate: Gates) -> None:
    word, _ = made(gate)
    found, _ = known(gate, word)
    gate.world.clock.advance(HOLDS.total_seconds() - KEEP - 1)
    assert found.who(word)
    gate.world.clock.advance(1)
    assert found.remembered(word) is None
    with pytest.raises(Undecidable, match="nobody knows this token"):
        found.who(word)


def test_a_token_that_nobody_knew_is_told_to_ask_again(gate: Gates) -> None:
    word, _ = made(gate)
    other, _ = made(gate)
    found, _ = known(gate, word)
    found.who(word)
    with pytest.raises(Undecidable, match="nobody knows this token"):
        found.who(other)
    assert found.remembered(other) is None


def test_once_it_answers_again_a_revoked_token_is_found_out(
    gate: Gates, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, number = made(gate)
    found, record = known(gate, word)
    assert found.who(word)
    world = gate.world
    world.record.write(lambda books: books.tokens.revoke(number, world.clock.now()))
    record.goes.set()
    world.clock.advance(KEEP)
    assert found.remembered(word) is None
    monkeypatch.setattr(known_tokens, "BRIEFLY", 10)
    with pytest.raises(Unidentified, match="revoked"):
        found.who(word)


def test_who_is_looked_up_at_once_is_looked_up_together(
    gate: Gates, monkeypatch: pytest.MonkeyPatch
) -> None:
    word, _ = made(gate)
    others = [made(gate, f"ci-{n}")[0] for n in range(20)]
    found, record = known(gate, word)
    monkeypatch.setattr(known_tokens, "LONG", 10)
    before = record.looks
    record.hung.clear()
    with ThreadPoolExecutor(21) as pool:
        first = pool.submit(found.who, others[0])
        assert record.hung.wait(10)
        rest = [pool.submit(found.who, one) for one in others[1:]]
        while len(found._tokens._looks._waiting) < len(rest):
            threading.Event().wait(0.001)
        record.goes.set()
        names = {one.result(10).actor.name for one in (first, *rest)}
    assert names == {f"ci-{n}" for n in range(20)}
    assert record.looks == before + 2


def test_a_use_that_cannot_be_noted_now_keeps_nobody_out(
    gate: Gates, caplog: pytest.LogCaptureFixture
) -> None:
    word, _ = made(gate)
    switch = Switch(gate.world.record)
    gate.record = switch
    switch.goes.clear()
    assert callers(gate).who(word)
    switch.goes.set()
    assert "the use of token 1 was not noted: the database has not answered" in caplog.text
