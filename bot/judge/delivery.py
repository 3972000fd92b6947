"""How a service is delivered: the four key figures (DORA), with failure as the budget sees it.

Definitions: DORA, "Software delivery performance metrics": deployment frequency, lead time for
changes, change-failure rate, time to restore. A figure of nothing is not 0: it says why there is
none.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum
from fractions import Fraction
from statistics import median

from bot.judge.attribution import Share
from bot.judge.release import Life, Release, lives_of

LIMIT = Fraction(5, 100)
"""Share of the budget that a release may cause to be spent in its first hours."""
_DAY = 86_400


class Outcome(Enum):
    """How a release turned out."""

    FINE = "fine"
    FAILED = "failed"
    OPEN = "open"
    """Nothing to judge it by: not rolled back, and without traffic or a control."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure, or the reason why there is none."""

    value: float | None
    count: int
    """How many releases (or commits, for the lead time) it rests on."""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Delivery:
    """The four key figures of a stretch of time."""

    frequency: Figure
    """Releases a day."""
    lead: Figure
    """Median seconds from a commit to the beginning of the release that brought it."""
    failures: Figure
    """Failed ÷ judged releases, 0 … 1."""
    restore: Figure
    """Median seconds from the beginning of a failed release to its end."""


def outcome_of(release: Release, share: Share | None, limit: Fraction = LIMIT) -> Outcome:
    """Failed if it was rolled back, or if at the lower bound it caused more than `limit` of the
    budget in its first hours. `share`: what it did to the budget, if it was live in the window."""
    if release.rolled_back:
        return Outcome.FAILED
    if share is None or share.early is None:
        return Outcome.OPEN
    return Outcome.FAILED if share.early.low > limit else Outcome.FINE


def worst_of(outcomes: Sequence[Outcome]) -> Outcome:
    """One release, several objectives: failed if it failed one, fine if none and it was judged."""
    order = (Outcome.FAILED, Outcome.FINE)
    return next((one for one in order if one in outcomes), Outcome.OPEN)


def deliveries(
    releases: Sequence[Release], outcomes: Sequence[Outcome], since: int, until: int
) -> Delivery:
    """The figures of what was released from `since` on and before `until` (seconds since 1970);
    `outcomes` in the order of `releases`. A part of the traffic that went on to a whole release of
    the same version is a stage of it: it counts once."""
    # Here what takes the place of a release ends it, whatever it still serves.
    plain = [replace(one, own=None) for one in releases]
    found = {id(one): outcome for one, outcome in zip(plain, outcomes, strict=True)}
    counted = [
        (life, found[id(life.release)])
        for life in lives_of(plain, until)
        if life.since >= since and not _went_on(life.release, plain)
    ]
    return Delivery(
        _frequency(len(counted), until - since),
        _lead([life.release for life, _ in counted]),
        _failures([outcome for _, outcome in counted]),
        _restore([life for life, outcome in counted if outcome is Outcome.FAILED]),
    )


def _went_on(release: Release, releases: Sequence[Release]) -> bool:
    """Whether the version was released further after this stage."""
    if release.whole or release.rolled_back:
        return False
    return any(one.version == release.version and one.began > release.began for one in releases)


def _frequency(count: int, seconds: int) -> Figure:
    if not count:
        return Figure(None, 0, "no release is on record in this time")
    return Figure(count * _DAY / seconds, count)


def _lead(releases: Sequence[Release]) -> Figure:
    waits = [one.began - at for one in releases for at in one.commits if at <= one.began]
    if not waits:
        return Figure(None, 0, "no release of this time says when its commits were made")
    return Figure(float(median(waits)), len(waits))


def _failures(outcomes: Sequence[Outcome]) -> Figure:
    judged = [one for one in outcomes if one is not Outcome.OPEN]
    if not judged:
        return Figure(None, 0, "no release of this time could be judged")
    return Figure(judged.count(Outcome.FAILED) / len(judged), len(judged))


def _restore(failed: Sequence[Life]) -> Figure:
    if not failed:
        return Figure(None, 0, "no release of this time failed")
    took = [life.until - life.since for life in failed if life.ended]
    if not took:
        return Figure(None, 0, "what failed has not been replaced yet")
    return Figure(float(median(took)), len(took))
