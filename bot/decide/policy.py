"""The policy: what each verdict leads to, who approves, and how a freeze thaws."""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from bot.judge.burn import BurnAlert, Severity


class Then(StrEnum):
    """What follows, from quiet to loud."""

    WARN = "warn"
    REQUEST_FREEZE = "request-freeze"
    """Ask the approvers: a message with Approve and Deny."""
    FREEZE = "freeze"
    """Freeze at once; people lift it."""

    @property
    def rank(self) -> int:
        """Higher is louder."""
        return list(Then).index(self)


@dataclass(frozen=True, slots=True)
class Threshold:
    """Once no more than `left` of the budget is left (0 … 1) for certain, `then` follows, once."""

    left: Fraction
    then: Then


@dataclass(frozen=True, slots=True)
class Thaw:
    """An automatic freeze lifts when more than `left` is left and the burn is below `burn_below`,
    both for `dwell` seconds without a break."""

    left: Fraction = Fraction(10, 100)
    burn_below: Fraction = Fraction(1)
    dwell: int = 3_600


@dataclass(frozen=True, slots=True)
class Approvals:
    """How many people it takes, and how many seconds a request lives."""

    freeze: int = 1
    unfreeze: int = 1
    expires: int = 14_400


@dataclass(frozen=True, slots=True)
class Policy:
    """One budget policy."""

    name: str
    version: str
    """Hash of the text it was read from: stored with every decision made under it."""
    thresholds: tuple[Threshold, ...] = (
        Threshold(Fraction(25, 100), Then.WARN),
        Threshold(Fraction(0), Then.REQUEST_FREEZE),
    )
    alerts: tuple[BurnAlert, ...] | None = None
    """None: Google's, fitted to each objective."""
    on_page: Then = Then.WARN
    on_ticket: Then = Then.WARN
    thaw: Thaw = Thaw()
    approvals: Approvals = Approvals()
    resolve_after: int = 600
    """Seconds without a firing alert after which an episode is over."""

    def on(self, severity: Severity) -> Then:
        """What a burn alert of that severity leads to."""
        return self.on_page if severity is Severity.PAGE else self.on_ticket


DEFAULT = Policy("default", "builtin-1")
"""Warn, then ask people; never freeze by itself."""
