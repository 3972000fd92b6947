"""What is stored of schedules and of the freezes that come from them."""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from bot.decide.freeze import Freeze


@dataclass(frozen=True, slots=True)
class Tenure:
    """Which specs the stored freezes of schedules follow, and when somebody last said so."""

    version: str
    renewed_at: datetime


class Told(Enum):
    """What the channels of a freeze have heard of it."""

    NOTHING = auto()
    COMING = auto()
    BEGUN = auto()


@dataclass(frozen=True, slots=True)
class Coming:
    """A freeze of a schedule whose beginning has not been told; `noticed`: its coming has."""

    freeze: Freeze
    noticed: bool


class Schedules(Protocol):
    """The freezes that schedules ask for. Those of one schedule, scope and start are one."""

    def add(self, freeze: Freeze) -> Freeze | None:
        """Store it; None if this occurrence is stored already, also if people have lifted it."""
        ...

    def withdraw(self, freeze: int, now: datetime) -> bool:
        """An edit of its schedule takes it back: it is cancelled, and the same occurrence may be
        stored anew. False if it has begun, or is over."""
        ...

    def coming(self, now: datetime, until: datetime) -> list[Coming]:
        """Those that begin by `until` or have begun, are not over, and whose beginning is untold.
        In a writing transaction those in other hands are left out."""
        ...

    def noticed(self, freeze: int) -> None:
        """Its coming has been told."""
        ...

    def announced(self, freeze: int) -> None:
        """Its beginning has been told."""
        ...

    def told(self, freeze: int) -> Told:
        """Of any freeze: what people set begins, and is told, at once."""
        ...

    def tenure(self) -> Tenure | None:
        """None before the first schedule was looked at."""
        ...

    def hold(self, version: str, now: datetime) -> None:
        """From now on the stored freezes follow these specs. Locked until the transaction ends:
        whoever reconciles does so alone."""
        ...
