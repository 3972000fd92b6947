"""Many pieces of work in one transaction: all are served, each hears its own, none twice."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.decide.approval import Wish
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.errors import Doubtful, RecordError
from bot.flow.gate.together import MOST, Together
from tests.flow.conftest import World
from tests.flow.gates import Gates


def test_who_comes_while_others_are_served_is_served_with_all_who_wait() -> None:
    batches: list[int] = []
    first, go = threading.Event(), threading.Event()

    def work(asked: Sequence[int]) -> list[int | Exception]:
        batches.append(len(asked))
        if len(batches) == 1:
            first.set()
            assert go.wait(10)
        return [2 * one for one in asked]

    together: Together[int, int] = Together(work)
    with ThreadPoolExecutor(21) as pool:
        leader = pool.submit(together.do, 0)
        assert first.wait(10)
        others = [pool.submit(together.do, n) for n in range(1, 21)]
        while len(together._waiting) < 20:
            threading.Event().wait(0.001)
        go.set()
        assert [leader.result(10), *(one.result(10) for one in others)] == list(range(0, 42, 2))
    assert batches == [1, 20]


def test_no_batch_is_larger_than_most_and_all_are_served() -> None:
    sizes: list[int] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        sizes.append(len(asked))
        return list(asked)

    together: Together[int, int] = Together(work)
    with ThreadPoolExecutor(64) as pool:
        found = list(pool.map(together.do, range(1_000)))
    assert found == list(range(1_000))
    assert max(sizes) <= MOST


def test_each_hears_its_own_error() -> None:
    def work(asked: Sequence[int]) -> list[int | Exception]:
        return [ValueError(str(one)) if one % 2 else one for one in asked]

    together: Together[int, int] = Together(work)
    assert together.do(2) == 2
    with pytest.raises(ValueError, match="3"):
        together.do(3)


def test_one_that_the_database_does_not_take_spoils_nobody_elses() -> None:
    def work(asked: Sequence[int]) -> list[int | Exception]:
        if 13 in asked:
            raise RecordError("not this one")
        return list(asked)

    together: Together[int, int] = Together(work)
    with ThreadPoolExecutor(16) as pool:
        done = [pool.submit(together.do, n) for n in range(16)]
    assert [one.result() for n, one in enumerate(done) if n != 13] == [
        n for n in range(16) if n != 13
    ]
    with pytest.raises(RecordError):
        done[13].result()


def test_where_nobody_knows_whether_it_was_stored_nothing_is_done_again() -> None:
    calls: list[int] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(len(asked))
        raise Doubtful("gone")

    together: Together[int, int] = Together(work)
    with pytest.raises(Doubtful):
        together.do(1)
    assert calls == [1]


def test_whoever_goes_away_changes_nothing_for_the_others() -> None:
    go, done = threading.Event(), []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        assert go.wait(10)
        done.extend(asked)
        return list(asked)

    together: Together[int, int] = Together(work)
    first, gone, last = (together.begin(n) for n in range(3))
    assert not gone.cancel()
    go.set()
    assert [first.result(10), gone.result(10), last.result(10)] == [0, 1, 2]
    assert done == [0, 1, 2]


def test_a_door_that_stops_waiting_leaves_the_decision_on_record() -> None:
    go = threading.Event()

    def work(asked: Sequence[int]) -> list[int | Exception]:
        assert go.wait(10)
        return list(asked)

    together: Together[int, int] = Together(work)

    async def door() -> list[int]:
        waits = [asyncio.ensure_future(asyncio.wrap_future(together.begin(n))) for n in range(2)]
        await asyncio.sleep(0)
        waits[0].cancel()
        go.set()
        with pytest.raises(asyncio.CancelledError):
            await waits[0]
        return [await waits[1], await asyncio.wrap_future(together.begin(2))]

    assert asyncio.run(door()) == [1, 2]


def test_one_override_lets_one_of_many_runs_at_once_through(world: World) -> None:
    world.history_of_calm()
    gate = Gates(world)
    freeze = world.ask(Wish.FREEZE).freeze
    assert freeze is not None
    gate.grant(freeze.id)
    with ThreadPoolExecutor(16) as pool:
        runs = [Run("github", str(n)) for n in range(32)]
        found = list(pool.map(lambda run: gate.ask(run=run).outcome, runs))
    assert found.count(Outcome.WARN) == 1
    assert found.count(Outcome.DENY) == 31
    assert len(world.story("override_used")) == 1
    assert len({row.seq for row in world.story()}) == len(world.story())
