"""Two replicas at one gate: one database, no answer that contradicts another."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from threading import Event
from typing import Any

import pytest

from bot.decide.approval import Wish
from bot.decide.change import Change
from bot.decide.gate_answer import Outcome, Question
from bot.decide.override import Grant, Run
from bot.flow.gate.decide import Asking
from bot.ports import Books
from bot.record import Database
from tests.e2e.mortal import Fate, MortalRecord
from tests.flow.conftest import World
from tests.flow.gates import CI, Gates
from tests.record_samples import freeze, request

pytest_plugins = ["tests.record_stores"]


@pytest.fixture
def replicas(database_url: str) -> Iterator[tuple[Gates, Gates]]:
    with Database(database_url) as one, Database(database_url) as other:
        yield Gates(World(one)), Gates(World(other))


def at_once(gates: tuple[Gates, Gates], asked: list[Asking]) -> list[Outcome]:
    with ThreadPoolExecutor(16) as pool:
        flows = [gates[n % 2].flow for n in range(len(asked))]
        return list(
            pool.map(lambda pair: pair[0].run(pair[1], CI).outcome, zip(flows, asked, strict=True))
        )


def test_one_override_lets_one_run_through_whichever_replica_is_asked(
    replicas: tuple[Gates, Gates],
) -> None:
    world = replicas[0].world
    change = Change("ranker", "38")

    def work(books: Books) -> Grant:
        frozen = books.freezes.add(freeze())
        wish = replace(request(), wish=Wish.OVERRIDE, change=change, freezes=(frozen.id,))
        asked, now = books.requests.add(wish), world.clock.now()
        grant = Grant(0, asked.id, change, (frozen.id,), now, now + timedelta(hours=1))
        return books.grants.add(grant)

    world.record.write(work)
    asked = [Asking(change, Run("github", str(n // 2))) for n in range(40)]
    found = at_once(replicas, asked)
    assert found.count(Outcome.WARN) == 2
    assert found.count(Outcome.DENY) == 38
    winners = {n // 2 for n, outcome in enumerate(found) if outcome is Outcome.WARN}
    assert len(winners) == 1
    assert len(world.story("override_used")) == 1


def test_the_same_question_at_two_replicas_is_one_decision(replicas: tuple[Gates, Gates]) -> None:
    asked = [Asking(Change("ranker", "38"), Run("github", "1"))] * 20
    assert set(at_once(replicas, asked)) == {Outcome.WARN}
    world = replicas[0].world
    assert len(world.story("release_allowed")) == 1
    (kept,) = world.record.read(
        lambda books: list(books.answers.find([_key("ranker", "38")]).values())
    )
    assert kept.count == 20


def test_after_a_freeze_is_committed_no_replica_lets_anything_go(
    replicas: tuple[Gates, Gates],
) -> None:
    one, other = replicas
    assert other.flow.run(Asking(Change("ranker", "1")), CI).outcome.goes
    one.world.ask(Wish.FREEZE)
    asked = [Asking(Change("ranker", str(n))) for n in range(20)]
    assert set(at_once(replicas, asked)) == {Outcome.DENY}
    assert one.record.read(lambda books: books.history.verify()).broken is None


def _key(service: str, version: str) -> str:
    return Question(
        Change(service, version), Run("github", "1", named_by=CI.word), trusted=False
    ).key


class Pause(Fate):
    """Whoever writes waits for a moment right after a look at the freezes, once."""

    def __init__(self) -> None:
        super().__init__("")
        self.looked, self.over = Event(), Event()

    def reach(self, moment: str, operation: str) -> None:
        looking = (moment, operation) == ("inside", "freezes.standing")
        if looking and not self.looked.is_set():
            self.looked.set()
            self.over.wait(1)


def test_no_freeze_comes_between_the_look_at_freezes_and_the_answer(database_url: str) -> None:
    pause = Pause()
    with Database(database_url) as one, Database(database_url) as other:
        spied: Any = MortalRecord(one, pause)
        gates, world = Gates(World(spied)), World(other)
        with ThreadPoolExecutor(2) as pool:
            asked = pool.submit(gates.ask)
            assert pause.looked.wait(20)
            frozen = pool.submit(world.ask, Wish.FREEZE)
            frozen.add_done_callback(lambda _: pause.over.set())
            assert asked.result(20).outcome.goes
            assert frozen.result(20).freeze is not None
        (allowed,) = world.story("release_allowed")
        assert [row.seq > allowed.seq for row in world.story("frozen")] == [True]
        assert world.record.read(lambda books: books.history.verify()).broken is None
