"""Catching up with a source that answers, or does not."""

from collections import deque
from collections.abc import Sequence
from datetime import datetime

from bot.flow.poll.catchup import Catchup, measure
from bot.judge.thinning import Stretch
from bot.ports import Account, Ask, Reading
from tests.builders import NOON, objective

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
