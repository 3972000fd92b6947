"""Every clock tells an aware time in UTC that does not run backwards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from bot.clock import FastClock, SystemClock
from bot.ports import Clock
from tests.builders import NOON, when
from tests.fakes import FakeClock

START, END = when(NOON), when(NOON + 3_600)


def begun(speed: float) -> FastClock:
    clock = FastClock(START, speed, END)
    clock.begin()
    return clock


CLOCKS: dict[str, Callable[[], Clock]] = {
    "fake": FakeClock,
    "system": SystemClock,
    "fast": lambda: begun(60),
}


@pytest.mark.parametrize("kind", CLOCKS)
def test_the_time_is_aware_in_utc_and_never_runs_backwards(kind: str) -> None:
    clock = CLOCKS[kind]()
    told = [clock.now() for _ in range(100)]
    assert all(at.utcoffset() == timedelta(0) for at in told)
    assert told == sorted(told)


def test_the_system_clock_is_that_of_the_machine() -> None:
    before = datetime.now(UTC)
    assert before <= SystemClock().now() <= datetime.now(UTC)


def test_a_replayed_day_stands_still_until_it_is_begun() -> None:
    clock = FastClock(START, 1e12, END)
    assert (clock.now(), clock.now()) == (START, START)


def test_a_replayed_day_runs_faster_than_the_machine_and_stops_at_its_end() -> None:
    slow, fast = begun(1), begun(1_000)
    while fast.now() < START + timedelta(seconds=30):
        pass
    assert slow.now() < START + timedelta(seconds=30)
    ended = begun(1e12)
    while ended.now() < END:
        pass
    assert ended.now() == END
