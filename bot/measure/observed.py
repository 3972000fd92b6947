"""Counts from what feeds have said: pushed by somebody, or fetched from where it lies."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from bot.errors import BurnbanError, of_our_own
from bot.judge.feed import slices
from bot.judge.indicator import Counted, Labelled, Scored
from bot.judge.observation import Observation
from bot.judge.version import said_of
from bot.ports import Ask, Place, Reading, Source

log = logging.getLogger(__name__)

Told = Callable[[str, int, int], Sequence[Observation]]
"""What a feed has said of the time since < end, start < until (seconds since 1970)."""


class ObservedSource:
    """Satisfies Source. What nothing was said of is unobserved, neither good nor bad; it is counted
    once something is said."""

    def __init__(
        self,
        name: str,
        told: Told,
        *,
        step: int = 3_600,
        delay: int = 0,
        place: Place | None = None,
    ) -> None:
        """`step`, `delay`: seconds of a slice, and until what is said of it may be there; `place`:
        where its feeds are fetched from, if nobody pushes them."""
        self.name = name
        self._told = told
        self._step = step
        self._delay = delay
        self.place = place

    def read(self, asks: Sequence[Ask]) -> list[Reading]:
        """One Reading per Ask, in order."""
        return [self._answer(ask) for ask in asks]

    def check(self) -> str:
        """Who pushes comes by themselves; a place is asked. Raises SourceError."""
        return self.place.check() if self.place else f"{self.name}: waits for what is pushed"

    def newest(self, now: datetime) -> int:
        """The last slice that is over."""
        return int(now.timestamp() - self._delay) // self._step * self._step

    def close(self) -> None:
        """Close the place, if there is one."""
        if self.place is not None:
            self.place.close()

    def _answer(self, ask: Ask) -> Reading:
        objective, indicator, stretch = ask.objective, ask.objective.indicator, ask.stretch
        if not isinstance(indicator, Labelled | Counted | Scored):
            fault = f"{self.name} holds what feeds say and answers no queries"
            return Reading(objective.id, fault=fault)
        since = 0 if isinstance(indicator, Scored) else stretch.since
        try:
            rows = self._told(indicator.feed, since, stretch.until)
            return Reading(objective.id, slices(indicator, said_of(objective, rows), stretch))
        except BurnbanError as error:
            return Reading(objective.id, fault=str(error))
        except Exception as error:
            log.exception("%s: what the feed says could not be counted", objective.id)
            fault = f"{indicator.feed} could not be counted: {of_our_own(error)}"
            return Reading(objective.id, fault=fault)


def place_of(source: Source) -> Place | None:
    """Where the feeds of a source are fetched from; None if nothing is to be fetched."""
    return source.place if isinstance(source, ObservedSource) else None
