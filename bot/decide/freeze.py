"""A freeze: releases of a scope stop. Its state is derived from stored facts and `now`."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.decide.people import Actor
from bot.decide.scope import Scope

Ending = datetime | timedelta
"""When a freeze is to end: at an instant, or so long after it has begun."""


class Origin(StrEnum):
    """Where a freeze came from."""

    MANUAL = "manual"
    POLICY = "policy"
    SCHEDULE = "schedule"


class Effect(StrEnum):
    """What it does to releases, from mild to strict; the strictest in force decides."""

    CAUTION = "caution"
    """Each release needs one approval."""
    HOLD = "hold"
    """New releases wait; what is under way may end."""
    FREEZE = "freeze"
    """No release goes."""

    @property
    def rank(self) -> int:
        """Higher is stricter."""
        return list(Effect).index(self)


class FreezeState(StrEnum):
    """Where a freeze stands at a moment."""

    SCHEDULED = "scheduled"
    ACTIVE = "active"
    COOLING = "cooling"
    """Still active: the budget has recovered, the dwell time runs."""
    LIFTED = "lifted"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    """Taken back before it began."""


@dataclass(frozen=True, slots=True)
class Freeze:
    """The stored facts of one freeze."""

    id: int
    scope: Scope
    reason: str
    origin: Origin
    set_by: Actor
    starts_at: datetime
    ends_at: datetime | None = None
    """None: until it is lifted."""
    lifted_at: datetime | None = None
    cause: str = ""
    """For a freeze of a policy: the objectives whose recovery thaws it, as `causes_of` reads."""
    recovering_since: datetime | None = None
    schedule: str = ""
    """The schedule that it came from."""
    occurrence: datetime | None = None
    """The start that the schedule sets; a freeze that was first known later begins later. None once
    an edit of the schedule has taken it back."""
    version: int = 1
    """1 as it was set, one more with each edit."""
    effect: Effect = Effect.FREEZE
    monitored: bool = False
    """Set by a policy that only says what it would do: nothing stops."""

    @property
    def causes(self) -> tuple[str, ...]:
        """The objectives that it is there for; all must recover before it thaws."""
        return causes_of(self.cause)

    def state(self, now: datetime) -> FreezeState:
        """Where it stands; a freeze begins at its start and is over at its end."""
        if self.lifted_at is not None and self.lifted_at <= now:
            begun = self.starts_at < self.lifted_at
            return FreezeState.LIFTED if begun else FreezeState.CANCELLED
        if self.ends_at is not None and self.ends_at <= now:
            return FreezeState.EXPIRED
        if now < self.starts_at:
            return FreezeState.SCHEDULED
        return FreezeState.ACTIVE if self.recovering_since is None else FreezeState.COOLING

    def in_force(self, now: datetime) -> bool:
        """Whether it has begun and is not over."""
        return self.state(now) in (FreezeState.ACTIVE, FreezeState.COOLING)

    def stops(self, now: datetime) -> bool:
        """Whether no release goes at `now` because of it."""
        return self.in_force(now) and self.effect is Effect.FREEZE and not self.monitored

    def over(self, now: datetime) -> bool:
        """Whether it will never stop a release again."""
        return not self.in_force(now) and self.state(now) is not FreezeState.SCHEDULED


@dataclass(frozen=True, slots=True)
class FreezeVersion:
    """What a freeze was until an edit, and who edited it."""

    number: int
    reason: str
    ends_at: datetime | None
    replaced_at: datetime
    replaced_by: Actor
    why: str


def causes_of(text: str) -> tuple[str, ...]:
    """The objectives that a cause names: `ranker/latency, ranker/availability`."""
    return tuple(name for name in text.split(", ") if name)
