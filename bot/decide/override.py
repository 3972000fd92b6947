"""Overrides: one release let through the freezes that it names, once, until it expires (law 14)."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.decide.approval import Request, RequestState
from bot.decide.change import Change
from bot.decide.freeze import Freeze
from bot.decide.policy import ANYONE, Policy


class OverrideState(StrEnum):
    """Where an override stands."""

    PENDING = "pending"
    APPROVED = "approved"
    """Granted, not yet used."""
    USED = "used"
    DENIED = "denied"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    """Not approved in time, or not used in time."""
    REVOKED = "revoked"
    SUPERSEDED = "superseded"
    """The freezes that it names are over: there is nothing to let through."""


@dataclass(frozen=True, slots=True)
class Run:
    """What asked the gate: one run of one pipeline. The same run may ask again."""

    system: str
    id: str
    attempt: int = 1
    named_by: str = ""
    """Whose word it is that this run asks: what it did, nobody repeats by naming it as well."""

    @property
    def mark(self) -> str:
        """As an override keeps who has used it: `github:77:1 by token:ranker-ci`."""
        return f"{self} by {self.named_by}" if self.named_by else str(self)

    def __str__(self) -> str:
        return f"{self.system}:{self.id}:{self.attempt}"

    @classmethod
    def of_release(cls, change: Change) -> "Run":
        """Where nobody says which run asks: the release itself, by all that names it; of another
        commit it is another one."""
        named = (change.version, change.commit, change.digest)
        return cls(_RELEASE, " ".join(name for name in named if name))

    @property
    def nameless(self) -> bool:
        """Whether it is the release itself: nothing tells one time from the next."""
        return self.system == _RELEASE


_RELEASE = "release"


@dataclass(frozen=True, slots=True)
class Grant:
    """An approved override: the stored facts."""

    id: int
    request: int
    change: Change
    freezes: tuple[int, ...]
    """These, and no later one."""
    granted_at: datetime
    use_by: datetime
    emergency: bool = False
    """Break-glass: taken without an approval, to be reviewed."""
    used_at: datetime | None = None
    used_by: str = ""
    """The run that used it, and whose word that was: its `mark`."""
    revoked_at: datetime | None = None

    def state(self, now: datetime, over: datetime | None = None) -> OverrideState:
        """Where it stands; a use stays a use. `over`: since when none of its freezes holds (see
        `over_since`); what ended it first, did."""
        if self.used_at is not None:
            return OverrideState.USED
        if self.revoked_at is not None:
            return OverrideState.REVOKED
        if over is not None and over <= now and over < self.use_by:
            return OverrideState.SUPERSEDED
        return OverrideState.EXPIRED if self.use_by <= now else OverrideState.APPROVED

    def opens(self, change: Change, freezes: Collection[int], run: Run, now: datetime) -> bool:
        """Whether it lets this release through these freezes now: every one of them is named, the
        release is the one that was granted, and nobody but this very run has used it. A run that
        has a name goes on as long as it takes; a release without one, until the override expires.
        """
        if not self.change.pins(change) or not set(freezes) <= set(self.freezes):
            return False
        state = self.state(now)
        if state is OverrideState.USED:
            return self.used_in(run) and not (run.nameless and self.use_by <= now)
        return state is OverrideState.APPROVED

    def used_in(self, run: Run) -> bool:
        """Whether this very run has used it, by the word of the same owner: the run's name is no
        secret, and whoever else says it is another one."""
        return self.used_at is not None and self.used_by == run.mark


_OF_REQUEST = {
    RequestState.PENDING: OverrideState.PENDING,
    RequestState.APPROVED: OverrideState.APPROVED,
    RequestState.DENIED: OverrideState.DENIED,
    RequestState.EXPIRED: OverrideState.EXPIRED,
    RequestState.SUPERSEDED: OverrideState.SUPERSEDED,
    RequestState.CANCELLED: OverrideState.CANCELLED,
}


def override_state(
    request: Request, grant: Grant | None, now: datetime, over: datetime | None = None
) -> OverrideState:
    """Where an override stands, from its request and, once approved, its grant."""
    return grant.state(now, over) if grant is not None else _OF_REQUEST[request.state(now)]


def over_since(freezes: Iterable[Freeze], now: datetime) -> datetime | None:
    """Since when none of these freezes stops anything or will; None while one of them may. Freezes
    that are over stay over: one that is set again is another freeze."""
    ends = [_end(freeze, now) for freeze in freezes]
    known = [end for end in ends if end is not None]
    return max(known, default=None) if len(known) == len(ends) else None


def _end(freeze: Freeze, now: datetime) -> datetime | None:
    ends = (freeze.lifted_at, freeze.ends_at)
    return min((end for end in ends if end is not None and end <= now), default=None)


def binds(freeze: Freeze, now: datetime) -> bool:
    """Whether a release of its scope needs an override of this freeze now, whatever its effect. One
    that a policy only watches with stops nothing."""
    return freeze.in_force(now) and not freeze.monitored


def passes(policy: Policy, change: Change, groups: Collection[str]) -> tuple[str, ...]:
    """The groups by which somebody in `groups` may claim that this kind of change passes without an
    approval; nothing if they may not, or the policy exempts no such kind."""
    exemption = policy.exemption(change.kind)
    claimed_by = exemption.claimed_by if exemption is not None else ()
    return tuple(group for group in claimed_by if group == ANYONE or group in groups)


@dataclass(frozen=True, slots=True)
class Review:
    """What must be looked at after a break-glass: the stored facts."""

    id: int
    grant: int
    scope: str
    opened_at: datetime
    due_at: datetime
    owner: str
    """Who must see to it: a user id, or the name of a group."""
    reviewed_at: datetime | None = None
    reviewed_by: str = ""
    finding: str = ""

    def overdue(self, now: datetime) -> bool:
        """Nobody has reviewed it in time; due is due at the instant."""
        return self.reviewed_at is None and self.due_at <= now
