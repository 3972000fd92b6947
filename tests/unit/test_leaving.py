"""Nobody waits for a source, or a place of feeds, once the process is to end."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

import pytest

from bot.errors import SourceError
from bot.judge.thinning import Stretch
from bot.ports import Ask, Fetched, Reading, Served, TellsVersions
from bot.wiring.leaving import Leave, Left
from tests.builders import MINUTE, NOON, objective, when
from tests.fakes import FakeSource

T = TypeVar("T")
ASKS = [Ask(objective(), Stretch(NOON - MINUTE, NOON, MINUTE), None)]


class Hanging:
    """Takes every question, and answers none until it is let go: a source and a place."""

    name = "metrics"

    def __init__(self) -> None:
        self.asked = threading.Event()
        self.over = threading.Event()

    def read(self, _asks: Sequence[Ask]) -> list[Reading]:
        return self._hang()

    def versions(self, *_: object) -> list[Served]:
        return self._hang()

    def fetch(self, *_: object) -> list[Fetched]:
        return self._hang()

    def check(self) -> str:
        return "metrics: ok"

    def newest(self, _now: object) -> int:
        return NOON

    def close(self) -> None:
        self.over.set()

    def _hang(self) -> list[T]:
        self.asked.set()
        self.over.wait(30)
        return []


@pytest.fixture
def hanging() -> Iterator[Hanging]:
    made = Hanging()
    yield made
    made.close()


def ways(leave: Leave, hanging: Hanging) -> list[Callable[[], object]]:
    """All that is waited for."""
    source = leave.source(hanging)
    assert isinstance(source, TellsVersions)
    place = leave.places({"metrics": hanging})["metrics"]
    return [
        lambda: source.read(ASKS),
        lambda: source.versions(objective(), 0, NOON),
        lambda: place.fetch(["labels"], 0, NOON),
    ]


@pytest.mark.parametrize("way", range(3), ids=["read", "versions", "fetch"])
def test_who_waits_for_an_answer_goes_as_soon_as_leave_is_taken(way: int, hanging: Hanging) -> None:
    leave, told = Leave(), list[str]()

    def ask() -> None:
        with pytest.raises(Left) as error:
            ways(leave, hanging)[way]()
        told.append(str(error.value))

    asker = threading.Thread(target=ask)
    asker.start()
    assert hanging.asked.wait(10)
    assert told == [], "until then an answer is waited for"
    leave.take()
    asker.join(10)
    assert told == ["metrics has not answered yet, and Burnban ends"]


@pytest.mark.parametrize("way", range(3), ids=["read", "versions", "fetch"])
def test_once_leave_is_taken_nothing_more_is_asked(way: int, hanging: Hanging) -> None:
    leave = Leave()
    leave.take()
    leave.take()
    with pytest.raises(Left, match="metrics is not asked: Burnban ends"):
        ways(leave, hanging)[way]()
    assert not hanging.asked.is_set()


def test_until_then_a_source_answers_as_itself() -> None:
    source = FakeSource("fake")
    source.steady(objective().id, NOON - 60 * MINUTE, NOON, 10.0, 1.0)
    same = Leave().source(source)
    assert not isinstance(same, TellsVersions), "this one cannot tell them"
    assert same.read(ASKS) == source.read(ASKS)
    assert (same.name, same.check()) == ("fake", "fake: ok")
    assert same.newest(when(NOON)) == source.newest(when(NOON))
    same.close()
    assert source.closed


def test_what_a_source_raises_reaches_whoever_asked() -> None:
    class Broken(FakeSource):
        def read(self, _asks: Sequence[Ask]) -> list[Reading]:
            raise SourceError("metrics is broken")

    with pytest.raises(SourceError, match="metrics is broken"):
        Leave().source(Broken()).read([replace(ASKS[0], seen=NOON)])
