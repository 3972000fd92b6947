"""The replayed day of a demo: how fast it goes by, and what is looked at while it does."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from bot.clock import FastClock
from bot.entrypoints.scheduler import Tick, Ticker
from bot.playground.fleet import story
from bot.playground.workspace import Workspace
from bot.wiring import demo_day
from bot.wiring.demo_told import Telling

_NOTED = 1.0
"""Seconds between two notes of how far the day has come."""


@dataclass(frozen=True)
class Replay:
    """A day, and how fast it goes by."""

    start: datetime
    end: datetime
    speed: float
    clock: FastClock

    def told(self, position: datetime) -> int | None:
        """The minute up to which jobs have told all when the day goes on at `position`; None at its
        beginning. Whoever was killed had noted more than was told."""
        minute = int((position - self.start).total_seconds() // 60)
        return minute - 2 * int(self._ahead.total_seconds() // 60 + 1) if minute else None

    def noted(self) -> datetime:
        """What to note while it runs: a moment ahead, so that after a kill no time comes twice."""
        return min(self.end, self.clock.now() + self._ahead)

    @property
    def _ahead(self) -> timedelta:
        return timedelta(seconds=2 * _NOTED * self.speed)


def looks(space: Workspace, replay: Replay, folder: Path, telling: Telling) -> list[Tick]:
    """Once a second: the line above the page, what pipelines and jobs tell of the day, and how far
    it has come."""

    def line() -> None:
        now = replay.clock.now()
        space.set_banner(story.banner(now, replay.start, replay.speed), now.timestamp())

    def note() -> None:
        demo_day.remember(folder, replay.start, replay.noted())

    return [
        Tick("banner", 1.0, line),
        Tick("told", 1.0, telling.run),
        Tick("noted", _NOTED, note),
    ]


@contextmanager
def beside(ticks: list[Tick]) -> Iterator[None]:
    """Once at the beginning, then again and again while the block runs."""
    ticker = Ticker(workers=len(ticks))
    for each in ticks:
        each.look()
    ticker.start(ticks)
    try:
        yield
    finally:
        ticker.stop()
