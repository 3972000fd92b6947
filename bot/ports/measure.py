"""Where counts come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, runtime_checkable

from bot.judge.ledger import Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch


@dataclass(frozen=True, slots=True)
class Ask:
    """Slices wanted of one objective, oldest first."""

    objective: Objective
    stretch: Stretch
    seen: int | None
    """End of the newest observed slice of the account. Counting continues from there: a series
    that was alive before `seen` is no newcomer. None: the account is empty, the first sample of
    every series is a baseline."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one Ask: a slice for every step of its stretch, or the reason why not."""

    objective: str
    slices: tuple[Slice, ...] = ()
    fault: str | None = None


class Source(Protocol):
    """Where counts come from."""

    name: str

    def read(self, asks: Sequence[Ask]) -> Sequence[Reading]:
        """One Reading per Ask, in order, within the source's own total deadline. Never raises for
        a source that is down: every Reading then carries the fault."""
        ...

    def check(self) -> str:
        """One line on how the source is doing (its version, say). Raises SourceError."""
        ...

    def newest(self, now: datetime) -> int:
        """End of the newest slice worth asking for: samples need a moment to arrive."""
        ...

    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Served:
    """A version as the metrics of an objective show it."""

    version: str
    since: int
    """End of the first minute in which it was there, of those that were looked at."""
    until: int
    """Of the last one."""
    events: float
    """About how many it served in that time: good enough for its part of the traffic."""


@runtime_checkable
class TellsVersions(Protocol):
    """A source that can say which versions there are."""

    def versions(self, objective: Objective, since: int, until: int) -> Sequence[Served]:
        """Those seen in that time by the objective's `version_label`. Raises SourceError."""
        ...
