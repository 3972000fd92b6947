"""What is worth saying: one message per episode; a rise speaks again, the rest stays silent."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import IntEnum, StrEnum
from fractions import Fraction

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
"""A threshold may speak again once this much more than it is left: no chatter at the edge."""
_BLINDING = (Code.SOURCE_FAULT, Code.NO_DATA, Code.STALE, Code.LOW_COVERAGE)


@dataclass(frozen=True, slots=True)
class Standing:
    """What has been said about an objective so far: the memory between two polls."""

    objective: str
    kind: Kind | None = None
    level: Level = Level.QUIET
    """The greatest level of the open episode; QUIET when none is open."""
    opened_at: datetime | None = None
    quiet_since: datetime | None = None
    passed: frozenset[Fraction] = frozenset()
    blind_polls: int = 0
    told_blind: bool = False
    fault: str = ""
    """Why the newest poll brought nothing; empty when it did."""


@dataclass(frozen=True, slots=True)
class Item:
    """One piece of news."""

    news: News
    level: Level = Level.QUIET
    threshold: Threshold | None = None
    then: Then | None = None
    """What the policy wants done about it."""


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
    """The next standing, and what is new since the last one. Unknown changes nothing but the
    count of blind polls (law 11)."""
    if verdict.kind is Kind.UNKNOWN:
        return _blind(replace(standing, kind=verdict.kind), verdict)
    news: list[Item] = []
    if standing.told_blind:
        news.append(Item(News.SEES_AGAIN))
    standing = replace(standing, kind=verdict.kind, blind_polls=0, told_blind=False)
    standing, items = _episode(standing, level_of(verdict), policy, now)
    news.extend(items)
    standing, items = _thresholds(standing, verdict, policy)
    news.extend(items)
    return standing, tuple(news)


def _blind(standing: Standing, verdict: Verdict) -> tuple[Standing, tuple[Item, ...]]:
    if not any(reason.code in _BLINDING for reason in verdict.reasons):
        return standing, ()
    standing = replace(standing, blind_polls=standing.blind_polls + 1)
    if standing.told_blind or standing.blind_polls < BLIND_AFTER:
        return standing, ()
    return replace(standing, told_blind=True), (Item(News.WENT_BLIND),)


def _episode(
    standing: Standing, level: Level, policy: Policy, now: datetime
) -> tuple[Standing, list[Item]]:
    if standing.opened_at is None:
        if level is Level.QUIET:
            return standing, []
        opened = replace(standing, level=level, opened_at=now, quiet_since=None)
        return opened, [Item(News.OPENED, level, then=_then(level, policy))]
    if level is Level.QUIET:
        return _calming(standing, policy, now)
    standing = replace(standing, quiet_since=None)
    if level > standing.level:
        risen = replace(standing, level=level)
        return risen, [Item(News.ROSE, level, then=_then(level, policy))]
    return standing, [Item(News.CHANGED, level)]


def _calming(standing: Standing, policy: Policy, now: datetime) -> tuple[Standing, list[Item]]:
    since = standing.quiet_since or now
    if (now - since).total_seconds() < policy.resolve_after:
        return replace(standing, quiet_since=since), [Item(News.CHANGED)]
    over = replace(standing, level=Level.QUIET, opened_at=None, quiet_since=None)
    return over, [Item(News.RESOLVED, standing.level)]


def _then(level: Level, policy: Policy) -> Then:
    """What a burn alert leads to; exhaustion is the business of the thresholds."""
    if level is Level.EXHAUSTED:
        return Then.WARN
    return policy.on(Severity.PAGE if level is Level.PAGE else Severity.TICKET)


def _thresholds(
    standing: Standing, verdict: Verdict, policy: Policy
) -> tuple[Standing, list[Item]]:
    left = verdict.left
    if left is None:
        return standing, []
    news: list[Item] = []
    passed = {mark for mark in standing.passed if left <= mark + REARM}
    for threshold in sorted(policy.thresholds, key=lambda t: t.left, reverse=True):
        reached = left <= threshold.left
        if threshold.left <= 0:  # gone means proven gone, not merely so on a few events
            reached = reached and verdict.kind is Kind.EXHAUSTED
        if reached and threshold.left not in passed:
            passed.add(threshold.left)
            news.append(Item(News.PASSED, threshold=threshold, then=threshold.then))
    return replace(standing, passed=frozenset(passed)), news
