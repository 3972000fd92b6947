"""What all places have in common: one deadline for all feeds, and faults in words."""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from bot.errors import BurnbanError, SourceError, of_our_own
from bot.judge.observation import Observation
from bot.measure.places.patience import Patient
from bot.measure.places.row import Unfit
from bot.ports import Fetched

log = logging.getLogger(__name__)

T = TypeVar("T")
TIMEOUT = 20.0
"""Seconds for all feeds of one fetch."""
_GRACE = 2.0
"""Seconds by which we wait longer than the other side was told to take."""


@dataclass
class Asking:
    """How one place is asked."""

    name: str
    monotonic: Callable[[], float]
    timeout: float = TIMEOUT
    """Seconds, all in all."""
    _patient: Patient = field(init=False)

    def __post_init__(self) -> None:
        self._patient = Patient(self.name)

    def each(
        self,
        feeds: Sequence[str],
        known: Collection[str],
        read: Callable[[str, float], tuple[Observation, ...]],
    ) -> list[Fetched]:
        """One answer per feed, in order. `read` is given the feed and the deadline."""
        deadline = self.monotonic() + self.timeout
        return [self._one(feed, known, read, deadline) for feed in feeds]

    def once(self, work: Callable[[float], T]) -> T:
        """What `work`, given the deadline, comes to. Raises SourceError, with our name."""
        deadline = self.monotonic() + self.timeout
        try:
            return self._within(lambda: work(deadline), deadline)
        except SourceError as error:
            raise SourceError(f"{self.name} {error}") from None

    def _one(
        self,
        feed: str,
        known: Collection[str],
        read: Callable[[str, float], tuple[Observation, ...]],
        deadline: float,
    ) -> Fetched:
        if feed not in known:
            return Fetched(feed, fault=f"{self.name} has no feed {feed}: add it to its feeds")
        try:
            return Fetched(feed, self._within(lambda: read(feed, deadline), deadline))
        except Unfit as error:
            return Fetched(feed, fault=f"{self.name} gave what is no observation: {error}")
        except SourceError as error:
            return Fetched(feed, fault=f"{self.name} {error}")
        except BurnbanError:
            raise
        except Exception as error:
            log.exception("%s: what %s says of it could not be read", feed, self.name)
            return Fetched(feed, fault=f"{feed} could not be read: {of_our_own(error)}")

    def _within(self, work: Callable[[], T], deadline: float) -> T:
        left = deadline - self.monotonic()
        if left <= 0:
            raise SourceError("had no time left for this")
        return self._patient.run(work, left + _GRACE)
