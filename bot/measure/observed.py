"""Counts from what feeds have said: pushed by somebody, or fetched from where it lies."""

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import BurnbanError
from bot.judge.feed import slices
from bot.judge.indicator import Counted, Labelled, Scored
from bot.judge.observation import Observation
from bot.ports import Ask, Reading

Told = Callable[[str, int, int], Sequence[Observation]]
"""What a feed has said of the time since < end, start < until (seconds since 1970)."""


class ObservedSource:
    """Satisfies Source. What nothing was said of is unobserved, neither good nor bad; it is counted
    once something is said."""

    def __init__(self, name: str, told: Told, *, step: int = 3_600, delay: int = 0) -> None:
        """`step`, `delay`: seconds of a slice, and until what is said of it may be there."""
        self.name = name
        self._told = told
        self._step = step
        self._delay = delay

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """One Reading per Ask, in order."""
        return [self._answer(ask) for ask in asks]

    def check(self) -> str:
        """Nothing is asked: whoever knows something comes by himself."""
        return f"{self.name}: waits for what feeds say"

    def newest(self, now: datetime) -> int:
        """The last slice that is over."""
        return int(now.timestamp() - self._delay) // self._step * self._step

    def close(self) -> None:
        """Nothing is open."""

    def _answer(self, ask: Ask) -> Reading:
        objective, indicator, stretch = ask.objective, ask.objective.indicator, ask.stretch
        if not isinstance(indicator, Labelled | Counted | Scored):
            fault = f"{self.name} holds what feeds say and answers no queries"
            return Reading(objective.id, fault=fault)
        since = 0 if isinstance(indicator, Scored) else stretch.since
        try:
            rows = self._told(indicator.feed, since, stretch.until)
        except BurnbanError as error:
            return Reading(objective.id, fault=str(error))
        return Reading(objective.id, slices(indicator, rows, stretch))
