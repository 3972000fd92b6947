"""What is worth saying: one message per episode; a rise speaks again, the rest stays silent."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from fractions import Fraction
from typing import Any

from bot.decide.policy import Policy, Then, Threshold
from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, Verdict


class Level(IntEnum):
    """How bad it is; only a rise is news."""

    QUIET = 0
    TICKET = 1
    PAGE = 2
    EXHAUSTED = 3


class News(StrEnum):
    """What changed."""

    OPENED = "opened"
    ROSE = "rose"
    """It got worse, or burns again while the budget is spent."""
    CHANGED = "changed"
    """Only the figures: the message is edited, nobody is told."""
    RESOLVED = "resolved"
    PASSED = "passed"
    """A threshold of budget left was reached."""
    WENT_BLIND = "went_blind"
    SEES_AGAIN = "sees_again"


BLIND_AFTER = 3
"""Polls without a usable answer before somebody is told."""
REARM = Fraction(5, 100)
"""A threshold may speak again, and a spent budget counts as recovered, once this much more is left:
no chatter at the edge."""
BLINDING = (Code.SOURCE_FAULT, Code.NO_DATA, Code.STALE, Code.LOW_COVERAGE)
"""Reasons for which nothing can be said of the present."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been said about an objective so far: the memory between two polls."""

    objective: str
    kind: Kind | None = None
    level: Level = Level.QUIET
    """The greatest level of the open episode; QUIET when none is open."""
    opened_at: datetime | None = None
    quiet_since: datetime | None = None
    """Since when nothing has been wrong; the episode ends some time after."""
    passed: frozenset[Fraction] = frozenset()
    blind_polls: int = 0
    told_blind: bool = False
    fault: str = ""
    """Why the newest poll brought nothing; empty when it did."""
    calm_since: datetime | None = None
    """In an episode of a spent budget: since when no page alert has fired."""
    noted: Kind | None = None
    """The verdict that the history told of last."""
    outage: int = 0
    """The outage of its source that cut it off: the number of the history row that tells of it. 0:
    none, or it is over and told."""
    burnt: frozenset[tuple[Fraction, Severity]] = frozenset()
    """Thresholds passed while an alert that they want fired."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news."""

    news: News
    level: Level = Level.QUIET
    threshold: Threshold | None = None
    then: Then | None = None
    """What the policy wants done about it."""
    beside: tuple[Then, ...] = ()
    """What the milder steps want that were taken with it."""


def wants(news: Iterable[Item]) -> tuple[Then, ...]:
    """All that the policy wants done about these pieces of news."""
    return tuple(then for item in news for then in (item.then, *item.beside) if then is not None)


def level_of(verdict: Verdict) -> Level:
    """The level that a verdict stands for."""
    if verdict.kind is Kind.EXHAUSTED:
        return Level.EXHAUSTED
    if verdict.kind is Kind.BURNING:
        return Level.PAGE if verdict.severity is Severity.PAGE else Level.TICKET
    return Level.QUIET


def advance(
    standing: Standing, verdict: Verdict, policy: Policy, now: datetime
) -> tuple[Standing, tuple[Item, ...]]:
    """The next standing, and what is new since the last one. Unknown opens, raises and ends nothing
    (law 11); it only counts the polls that saw nothing. What an outage of the source hides is not
    noted as a verdict of the objective's own."""
    blind = any(reason.code in BLINDING for reason in verdict.reasons)
    noted = standing.noted if blind and standing.outage else verdict.kind
    before, standing = standing, _with(standing, kind=verdict.kind, noted=noted)
    if blind:
        return _blind(standing)
    news = [Item(News.SEES_AGAIN)] if before.told_blind else []
    standing = _with(standing, blind_polls=0, told_blind=False)
    if verdict.kind is Kind.UNKNOWN:
        return standing, tuple(news)
    standing, told = _episode(standing, verdict, policy, now)
    standing, passed = _thresholds(standing, verdict, policy)
    return standing, (*news, *told, *passed)


def _with(standing: Standing, **changed: Any) -> Standing:
    """The same object if nothing changes: most looks change nothing, and a replay has millions."""
    if all(getattr(standing, name) == value for name, value in changed.items()):
        return standing
    return replace(standing, **changed)


def _blind(standing: Standing) -> tuple[Standing, tuple[Item, ...]]:
    standing = replace(standing, blind_polls=standing.blind_polls + 1)
    if standing.told_blind or standing.blind_polls < BLIND_AFTER:
        return standing, ()
    return replace(standing, told_blind=True), (Item(News.WENT_BLIND),)


def _episode(
    standing: Standing, verdict: Verdict, policy: Policy, now: datetime
) -> tuple[Standing, tuple[Item, ...]]:
    level = level_of(verdict)
    if standing.opened_at is None:
        if level is Level.QUIET:
            return standing, ()
        fresh = replace(
            standing, level=level, opened_at=now, quiet_since=None, calm_since=_calm(verdict, now)
        )
        return fresh, (Item(News.OPENED, level, then=_then(level, policy)),)
    if level is Level.QUIET:
        return _calming(standing, verdict, policy, now)
    standing = replace(standing, quiet_since=None)
    if level > standing.level:
        risen = replace(standing, level=level, calm_since=_calm(verdict, now))
        return risen, (Item(News.ROSE, level, then=_then(level, policy)),)
    if level is Level.EXHAUSTED:
        return _spent(standing, verdict, policy, now)
    return standing, (Item(News.CHANGED, level),)


def _calming(
    standing: Standing, verdict: Verdict, policy: Policy, now: datetime
) -> tuple[Standing, tuple[Item, ...]]:
    """An episode is over after a time of quiet; one of a spent budget not before some of it is
    back: it would open again at the edge."""
    edge = standing.level is Level.EXHAUSTED and verdict.left is not None and verdict.left <= REARM
    if edge:
        return replace(standing, quiet_since=None), (Item(News.CHANGED),)
    since = standing.quiet_since or now
    if (now - since).total_seconds() < policy.resolve_after:
        return replace(standing, quiet_since=since), (Item(News.CHANGED),)
    over = replace(standing, level=Level.QUIET, opened_at=None, quiet_since=None, calm_since=None)
    return over, (Item(News.RESOLVED, standing.level),)


def _spent(
    standing: Standing, verdict: Verdict, policy: Policy, now: datetime
) -> tuple[Standing, tuple[Item, ...]]:
    """A budget may stay spent for weeks; a page-worthy burn that begins after a calm in them is
    news again."""
    since = standing.calm_since
    if _calm(verdict, now) is not None:
        return replace(standing, calm_since=since or now), (Item(News.CHANGED, Level.EXHAUSTED),)
    rested = since is not None and (now - since).total_seconds() >= policy.resolve_after
    item = (
        Item(News.ROSE, Level.EXHAUSTED, then=policy.on(Severity.PAGE))
        if rested
        else Item(News.CHANGED, Level.EXHAUSTED)
    )
    return replace(standing, calm_since=None), (item,)


def _calm(verdict: Verdict, now: datetime) -> datetime | None:
    """`now` if no page alert fires."""
    pages = any(found.alert.severity is Severity.PAGE for found in verdict.firing)
    return None if pages else now


def _then(level: Level, policy: Policy) -> Then:
    """What a burn alert leads to; exhaustion is the business of the thresholds."""
    if level is Level.EXHAUSTED:
        return Then.WARN
    return policy.on(Severity.PAGE if level is Level.PAGE else Severity.TICKET)


def still_asks(standing: Standing, policy: Policy) -> bool:
    """Whether what made a policy ask for a freeze, or set one, is still so: an episode of a level
    that leads to it is open, or a threshold that leads to it has not been left behind."""
    severity = Severity.PAGE if standing.level >= Level.PAGE else Severity.TICKET
    burns = standing.opened_at is not None and policy.on(severity).freezes
    return burns or low(standing, policy)


def low(standing: Standing, policy: Policy) -> bool:
    """Whether a threshold that leads to a freeze has not been left behind."""
    return any(
        threshold.then.freezes and _is_passed(threshold, standing.passed, standing.burnt)
        for threshold in policy.thresholds
    )


def calmed(standing: Standing, verdict: Verdict) -> Standing:
    """Once what was asked for is withdrawn, in an episode that goes on: whatever rises above the
    present level is news again, and is asked about anew."""
    return _with(standing, level=min(standing.level, level_of(verdict)))


def _is_passed(
    threshold: Threshold,
    passed: Collection[Fraction],
    burnt: Collection[tuple[Fraction, Severity]],
) -> bool:
    if threshold.alert is None:
        return threshold.left in passed
    return (threshold.left, threshold.alert) in burnt


def rearmed(standing: Standing, left: Fraction | None) -> Standing:
    """Once what a policy set has thawed, every threshold that is left behind may be passed anew:
    else the next fall could be met by nothing."""
    if left is None:
        return standing
    passed = frozenset(mark for mark in standing.passed if left <= mark)
    burnt = frozenset(pair for pair in standing.burnt if left <= pair[0])
    return replace(standing, passed=passed, burnt=burnt)


def _thresholds(
    standing: Standing, verdict: Verdict, policy: Policy
) -> tuple[Standing, tuple[Item, ...]]:
    """Of several thresholds passed in one poll the lowest speaks, and what all of them want is
    done. Those that want an alert as well are armed again by the end of the episode too."""
    left = verdict.left
    if left is None:
        return standing, ()
    below = [threshold for threshold in policy.thresholds if left <= threshold.left]
    if not (below or standing.passed or standing.burnt):
        return standing, ()
    passed = {mark for mark in standing.passed if left <= mark + REARM}
    open_still = standing.opened_at is not None
    burnt = {pair for pair in standing.burnt if open_still and left <= pair[0] + REARM}
    fires = {found.alert.severity for found in verdict.firing}
    fresh = [
        threshold
        for threshold in below
        if not _is_passed(threshold, passed, burnt)
        and (threshold.alert is None or threshold.alert in fires)
        and verdict.has_spent(1 - threshold.left)
    ]
    passed |= {t.left for t in fresh if t.alert is None}
    burnt |= {(t.left, t.alert) for t in fresh if t.alert is not None}
    standing = _with(standing, passed=frozenset(passed), burnt=frozenset(burnt))
    if not fresh:
        return standing, ()
    lowest = min(fresh, key=lambda t: t.left)
    loudest, *milder = sorted({t.then for t in fresh}, key=lambda then: -then.rank)
    beside = tuple(then for then in milder if then is not Then.WARN)
    return standing, (Item(News.PASSED, threshold=lowest, then=loudest, beside=beside),)
