"""What a release caused: its rate of bad events against what there would have been without it."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from bot.judge.division import Stratum
from bot.judge.ledger import Balances, between
from bot.judge.newcombe import newcombe
from bot.judge.release import Life

_LOOK_BACK = 86_400
"""Seconds of the predecessor's last time to compare with, or as long as the release was live if
that is more: a day has its nights in it."""


_ONE = 1.0
"""Less than one event compares nothing."""


class Control(StrEnum):
    """What a release was compared with."""

    CONCURRENT = "concurrent"
    """Other versions that served at the same time: what hits all of them is the environment."""
    BEFORE_AFTER = "before/after"
    """The last time of the version before it: what changed may be the world, and not the release.
    """
    NONE = "none"
    """There is nothing to compare with."""


@dataclass(frozen=True, slots=True)
class Caused:
    """(rate − rate of the control) · eligible ÷ bad events allowed in the budget window."""

    control: Control
    share: float
    """Of the budget (1: all of it); negative: it saved as much."""
    low: float
    high: float
    """Newcombe interval, 95 % two-sided."""
    bad: float
    eligible: float
    """Counts of the release that were compared."""
    bad0: float
    eligible0: float
    """Counts of the control. Where traffic moved from one to the other, these are the events that
    weigh as much as all pieces of time together."""


class _Arms(NamedTuple):
    bad: float
    eligible: float
    bad0: float
    eligible0: float


def caused(
    index: int,
    lives: Sequence[Life],
    strata: Sequence[Stratum],
    balances: Balances,
    allowed: float,
    until: int,
) -> Caused | None:
    """What the release at `index` of `lives` caused in the strata that end by `until`; None if it
    had no traffic, or there is nothing to compare it with. `strata` are those in which it was live,
    `lives` ascend, `allowed` (> 0) are the bad events of a whole budget.

    The control is concurrent if most of the release's events were served beside another version;
    else the version before it; else whatever was served beside it.
    """
    mine = [(one, portion) for one in strata if one.until <= until for portion in one.portions]
    own = [portion for _, portion in mine if portion.life == index]
    eligible = sum(portion.eligible for portion in own)
    if eligible < _ONE:
        return None
    beside = _beside(index, lives, [one for one in strata if one.until <= until])
    kind, arms = Control.CONCURRENT, beside
    if beside is None or 2 * beside.eligible < eligible:
        before = _before(index, lives, balances, until)
        if before is not None:
            bad = sum(portion.bad for portion in own)
            kind, arms = Control.BEFORE_AFTER, _Arms(bad, eligible, *before)
    if arms is None:
        return None
    gap, scale = newcombe(*arms), eligible / allowed
    return Caused(kind, gap.value * scale, gap.low * scale, gap.high * scale, *arms)


def _beside(index: int, lives: Sequence[Life], strata: Sequence[Stratum]) -> _Arms | None:
    """Both arms of the time in which another version was counted beside it.

    Each piece of time is compared with itself: the control's rate is the mean of its rates in the
    pieces, weighted by the release's events (direct standardisation), resting on as many events as
    have the variance of that mean. Without it a ramp during an outage would blame the release.
    """
    found = (_pair(index, lives, one) for one in strata)
    pairs = [arms for arms in found if arms and min(arms.eligible, arms.eligible0) >= _ONE]
    if not pairs:
        return None
    bad = sum(arms.bad for arms in pairs)
    eligible = sum(arms.eligible for arms in pairs)
    rate = sum(arms.eligible * arms.bad0 / arms.eligible0 for arms in pairs) / eligible
    weight = sum((arms.eligible / eligible) ** 2 / arms.eligible0 for arms in pairs)
    return _Arms(bad, eligible, rate / weight, 1 / weight)


def _pair(index: int, lives: Sequence[Life], stratum: Stratum) -> _Arms | None:
    clear = [portion for portion in stratum.portions if portion.clear]
    mine = [portion for portion in clear if portion.life == index]
    version = lives[index].release.version
    others = [portion for portion in clear if lives[portion.life].release.version != version]
    if not mine or not others:
        return None
    return _Arms(
        mine[0].bad,
        mine[0].eligible,
        sum(portion.bad for portion in others),
        sum(portion.eligible for portion in others),
    )


def _before(
    index: int, lives: Sequence[Life], balances: Balances, until: int
) -> tuple[float, float] | None:
    """Bad and eligible events of the last time of the whole release before it; None without."""
    life = lives[index]
    for other in reversed(lives[:index]):
        if other.release.whole and other.release.version != life.release.version:
            break
    else:
        return None
    end = min(other.until, life.since)
    length = max(_LOOK_BACK, min(until, life.until) - life.since)
    start = max(other.since, end - length)
    spend = other.spend(start, end) or between(balances.at(start), balances.at(end))
    return (spend.bad, spend.eligible) if spend.eligible >= _ONE else None
