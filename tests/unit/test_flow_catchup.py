"""Catching up with a source that answers, or does not."""

from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.flow.poll.catchup import Catchup, measure, next_due
from bot.judge.thinning import Stretch
from bot.ports import Account, Ask, Reading
from tests.builders import DAY, HOUR, NOON, objective, when
from tests.fakes import FakeSource

START = NOON // 3_600 * 3_600


class Answering:
    """A source that has answers up to `until`."""

    name = "fake"

    def __init__(self, until: int) -> None:
        self.until = until

    def read(self, asks: Sequence[Ask]) -> Sequence[Reading]:
        return [
            Reading(ask.objective.id, fault=None if ask.stretch.until <= self.until else "is down")
            for ask in asks
        ]

    def check(self) -> str:
        return "a fake"

    def newest(self, now: datetime) -> int:
        return int(now.timestamp())

    def close(self) -> None: ...


def told(until: int) -> tuple[list[tuple[int, int]], list[str]]:
    """What was said of the progress of two accounts with three stretches each, and the faults."""
    said: list[tuple[int, int]] = []
    work = [
        Catchup(
            objective(name=name),
            Account(n, f"ranker/{name}", None, None, None),
            START,
            None,
            deque(Stretch(START + k * 60, START + (k + 1) * 60, 60) for k in range(3)),
            [],
        )
        for n, name in enumerate(("availability", "latency"))
    ]
    done = measure(Answering(until), work, lambda *at: said.append(at))
    return said, [one.fault for one in done]


def test_stretches_that_were_read_count_as_read() -> None:
    assert told(START + 180) == ([(2, 6), (4, 6), (6, 6)], ["", ""])


def test_stretches_that_nobody_answered_do_not() -> None:
    assert told(START) == ([(0, 6)], ["is down", "is down"])
    assert told(START + 60) == ([(2, 6), (2, 6)], ["is down", "is down"])


def test_an_account_that_waits_for_labels_is_read_only_up_to_so_long_ago() -> None:
    late = replace(objective(step=HOUR), label_delay=2 * DAY)
    account = Account(1, late.id, START - 3 * DAY, START - 3 * DAY, START - 3 * DAY)
    work = Catchup.of(late, account, START)
    assert work.todo[-1].until == START - 2 * DAY
    assert Catchup.of(late, replace(account, read_until=START - 2 * DAY), START).steady


def test_what_was_read_is_remembered_stretch_by_stretch() -> None:
    work = Catchup.of(objective(), Account(1, "x", START, START, START), START + 120)
    stretch = work.todo[0]
    work.take(Reading("x"))
    assert work.done().stretches == (stretch,)


def test_each_stretch_is_asked_for_with_what_was_seen_before_it() -> None:
    """A series that is there from the first slice of a later stretch is no newcomer, for the
    account had counted before; and what was seen before a silence is not forgotten in it."""
    one, long_ago = objective(), START - 6 * DAY
    source = FakeSource()
    source.steady(one.id, long_ago, START - 5 * DAY, 1.0)
    source.steady(one.id, START - 2 * HOUR, START, 1.0)
    account = Account(1, one.id, long_ago - DAY, long_ago, long_ago - HOUR)
    measure(source, [Catchup.of(one, account, START)], lambda *_: None)
    (coarse, seen), *finer = [(ask.stretch, ask.seen) for ask in source.asks]
    assert (coarse.since, seen) == (long_ago, long_ago - HOUR)
    assert coarse.until > START - 5 * DAY
    assert len(finer) >= 2
    assert {seen for _, seen in finer} == {START - 5 * DAY}


@pytest.mark.parametrize("delay", [0, 5, HOUR, HOUR + 60, 7 * DAY])
def test_the_next_slice_is_due_when_it_is_complete_and_its_labels_had_their_time(
    delay: int,
) -> None:
    source = Answering(0)
    for second in (0, 1, 59, 1_800, 3_599):
        now = when(START + second)
        due = next_due(source, now, HOUR, delay)
        before = (source.newest(now) - delay) // HOUR
        assert (source.newest(due) - delay) // HOUR > before
        assert (source.newest(due - timedelta(seconds=1)) - delay) // HOUR == before
