"""Many pieces of work in one transaction: all are served, each hears its own, none twice."""

import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.decide.approval import Wish
from bot.decide.gate_answer import Outcome
from bot.decide.override import Run
from bot.errors import Doubtful, RecordError, Silent
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


def test_one_that_came_alone_is_not_tried_again() -> None:
    calls: list[int] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(len(asked))
        raise RecordError("not this one")

    together: Together[int, int] = Together(work)
    with pytest.raises(RecordError):
        together.do(1)
    assert calls == [1]


def test_where_nobody_knows_whether_it_was_stored_nothing_is_done_again() -> None:
    calls: list[int] = []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(len(asked))
        raise Doubtful("gone")

    together: Together[int, int] = Together(work)
    with pytest.raises(Doubtful):
        together.do(1)
    assert calls == [1]


def held() -> tuple[Together[int, int], threading.Event, threading.Event, list[int]]:
    """Something that works only when it may: its first turn has come, it may go, what it did."""
    begun, go, done = threading.Event(), threading.Event(), []

    def work(asked: Sequence[int]) -> list[int | Exception]:
        begun.set()
        assert go.wait(10)
        done.extend(asked)
        return list(asked)

    return Together(work), begun, go, done


def test_whoever_goes_away_in_their_turn_is_served_all_the_same() -> None:
    together, begun, go, done = held()
    gone = together.begin(0)
    assert begun.wait(10)
    assert not gone.cancel()
    go.set()
    assert together.do(1) == 1
    assert (gone.result(10), done) == (0, [0, 1])


def test_whoever_goes_away_before_their_turn_is_not_served_and_nobody_else_forgotten() -> None:
    together, begun, go, done = held()
    first = together.begin(0)
    assert begun.wait(10)
    rest = [together.begin(n) for n in range(1, 4 * MOST)]
    assert all(one.cancel() for one in rest[: 2 * MOST])
    go.set()
    assert first.result(10) == 0
    assert [one.result(10) for one in rest[2 * MOST :]] == list(range(2 * MOST + 1, 4 * MOST))
    assert done == [0, *range(2 * MOST + 1, 4 * MOST)]


def test_a_door_that_stops_waiting_takes_nobodys_answer_with_it() -> None:
    together, begun, go, done = held()

    async def door() -> list[int]:
        waits = [asyncio.ensure_future(asyncio.wrap_future(together.begin(0)))]
        assert begun.wait(10)
        waits += [asyncio.ensure_future(asyncio.wrap_future(together.begin(n))) for n in (1, 2)]
        await asyncio.sleep(0)
        for one in waits[:2]:
            one.cancel()
        await asyncio.sleep(0)
        for one in waits[:2]:
            with pytest.raises(asyncio.CancelledError):
                await one
        go.set()
        return [await waits[2], await asyncio.wrap_future(together.begin(3))]

    assert asyncio.run(door()) == [2, 3]
    assert done == [0, 2, 3]


@pytest.mark.parametrize(
    "fault", [ValueError("a bug"), SystemExit(1), Silent("hangs"), Doubtful("gone in the commit")]
)
def test_whatever_comes_up_is_told_to_all_of_them_once_and_the_next_are_served(
    fault: BaseException,
) -> None:
    calls: list[int] = []
    begun, go = threading.Event(), threading.Event()

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(len(asked))
        begun.set()
        assert go.wait(10)
        if 13 in asked:
            raise fault
        return list(asked)

    together: Together[int, int] = Together(work)
    first = together.begin(0)
    assert begun.wait(10)
    others = [together.begin(n) for n in range(10, 20)]
    go.set()
    assert first.result(10) == 0
    assert [one.exception(10) for one in others] == [fault] * 10
    assert together.do(20) == 20
    assert calls == [1, 10, 1]


@pytest.mark.parametrize("too", [-1, 1])
def test_results_that_fit_nobody_are_told_as_a_fault_and_the_next_are_served(too: int) -> None:
    def work(asked: Sequence[int]) -> list[int | Exception]:
        return [0] * (len(asked) + (too if 1 in asked else 0))

    together: Together[int, int] = Together(work)
    with pytest.raises(AssertionError, match="for 1 pieces"):
        together.begin(1).result(10)
    assert together.begin(2).result(10) == 0


def test_a_database_that_goes_away_meanwhile_is_not_asked_for_each_that_is_left() -> None:
    calls: list[list[int]] = []
    begun, go = threading.Event(), threading.Event()

    def work(asked: Sequence[int]) -> list[int | Exception]:
        calls.append(list(asked))
        begun.set()
        assert go.wait(10)
        if len(asked) > 1:
            raise RecordError("one of them is not taken")
        if asked == [2]:
            raise Silent("gone")
        return list(asked)

    together: Together[int, int] = Together(work)
    first = together.begin(0)
    assert begun.wait(10)
    others = [together.begin(n) for n in range(1, 6)]
    go.set()
    assert (first.result(10), others[0].result(10)) == (0, 1)
    assert [type(one.exception(10)) for one in others[1:]] == [Silent] * 4
    assert calls == [[0], [1, 2, 3, 4, 5], [1], [2]]


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
