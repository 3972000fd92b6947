"""What was frozen, let through and decided in a stretch of time, from the rows of the history."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil

from bot.decide.decision import Decision, Event
from bot.decide.report_freezes import FREEZES, Frozen, hours, stood, stopped
from bot.decide.report_models import (
    ADVICE,
    NO_RETRAININGS,
    NO_ROLLBACKS,
    TASKS,
    Retrainings,
    Rollbacks,
    retrainings,
    rollbacks,
)

REQUESTS = (
    Event.FREEZE_REQUESTED,
    Event.UNFREEZE_REQUESTED,
    Event.EDIT_REQUESTED,
    Event.FREEZE_DISPUTED,
    Event.OVERRIDE_REQUESTED,
    Event.ADJUSTMENT_REQUESTED,
    Event.ROLLBACK_ADVISED,
    Event.RETRAIN_REQUESTED,
)
DECIDED = (
    Event.FROZEN,
    Event.LIFTED,
    Event.FREEZE_CANCELLED,
    Event.FREEZE_EDITED,
    Event.OVERRIDE_GRANTED,
    Event.BUDGET_ADJUSTED,
    Event.ADJUSTMENT_REVERSED,
    Event.ROLLBACK_GRANTED,
    Event.RETRAIN_GRANTED,
    Event.REQUEST_DENIED,
)
OVERRIDES = (
    Event.OVERRIDE_REQUESTED,
    Event.OVERRIDE_GRANTED,
    Event.GLASS_BROKEN,
    Event.OVERRIDE_USED,
)
ALWAYS = (*FREEZES, *TASKS, Event.REVIEW_OVERDUE, Event.REVIEW_DONE)
"""Rows that count however old they are: what they began may still go on."""
LATELY = tuple(
    dict.fromkeys(
        (
            *REQUESTS,
            *DECIDED,
            *OVERRIDES,
            *ADVICE,
            Event.REQUEST_EXPIRED,
            Event.VERDICT_CHANGED,
        )
    )
)
"""Rows of which those of the stretch, and of some time before it, say enough."""


@dataclass(frozen=True, slots=True)
class Overrides:
    """Overrides of one team for one kind of change."""

    team: str
    kind: str
    asked: int
    granted: int
    used: int
    emergencies: int
    """Let through by break-glass."""


@dataclass(frozen=True, slots=True)
class Latency:
    """Seconds from a request to its decision by people."""

    decided: int
    median: int | None
    p90: int | None
    """Nearest rank."""


@dataclass(frozen=True, slots=True)
class Report:
    """The figures of a stretch of time."""

    frozen: tuple[Frozen, ...] = ()
    stopped: int = 0
    """Seconds in which at least one freeze stopped releases."""
    overrides: tuple[Overrides, ...] = ()
    latency: Latency = Latency(0, None, None)
    expired: int = 0
    """Requests that nobody decided in time."""
    overdue: int = 0
    """Reviews that were not done when they were due, of those that fell due in the stretch."""
    unreviewed: int = 0
    """Overdue reviews that were still not done at its end."""
    exhausted: tuple[tuple[str, int], ...] = ()
    """Objectives whose budget was gone, and how often; once if it was gone all the time."""
    adjusted: int = 0
    reversed: int = 0
    """Adjustments of budgets, and how many were undone."""
    rollbacks: Rollbacks = NO_ROLLBACKS
    retrainings: Retrainings = NO_RETRAININGS


@dataclass
class _Tally:
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    granted: Counter[tuple[str, str]] = field(default_factory=Counter)
    used: Counter[tuple[str, str]] = field(default_factory=Counter)
    emergencies: Counter[tuple[str, str]] = field(default_factory=Counter)


def report(
    decisions: Iterable[Decision],
    since: datetime,
    until: datetime,
    now: datetime,
    team_of: Callable[[str], str],
) -> Report:
    """The figures from `since` on and before `until`. `decisions`: oldest first, those of ALWAYS
    from the beginning on, those of LATELY of the stretch and of some time before it; what was
    decided at `until` or later is left out. What stands is counted until `now`. `team_of`: the team
    of a service, for rows that do not say it."""
    known = [one for one in decisions if one.at < until]
    lately = [one for one in known if one.at >= since]
    freezes = stood(one for one in known if one.event in FREEZES)
    count = Counter(one.event for one in lately)
    due, undone = _reviews(known, since)
    last = min(until, now)
    return Report(
        hours(freezes, since, last),
        stopped(freezes, since, last),
        _overrides(lately, team_of),
        _latency(known, since),
        count[Event.REQUEST_EXPIRED],
        due,
        undone,
        _exhausted(known, since),
        count[Event.BUDGET_ADJUSTED],
        count[Event.ADJUSTMENT_REVERSED],
        rollbacks(known, since),
        retrainings(known, since),
    )


def _overrides(lately: Sequence[Decision], team_of: Callable[[str], str]) -> tuple[Overrides, ...]:
    tally = _Tally()
    counters = {
        Event.OVERRIDE_REQUESTED: tally.asked,
        Event.OVERRIDE_GRANTED: tally.granted,
        Event.OVERRIDE_USED: tally.used,
        Event.GLASS_BROKEN: tally.emergencies,
    }
    for decision in lately:
        if decision.event in counters:
            said = decision.evidence
            team = said.get("team") or team_of(str(said.get("service", "")))
            counters[decision.event][str(team), str(said.get("kind", ""))] += 1
    keys = {key for counter in counters.values() for key in counter}
    return tuple(
        Overrides(
            *key, tally.asked[key], tally.granted[key], tally.used[key], tally.emergencies[key]
        )
        for key in sorted(keys)
    )


def _latency(known: Sequence[Decision], since: datetime) -> Latency:
    asked: dict[int, datetime] = {}
    took: dict[int, tuple[datetime, float]] = {}
    for decision in known:
        number = decision.evidence.get("request")
        if not isinstance(number, int):
            continue
        if decision.event in REQUESTS:
            asked.setdefault(number, decision.at)
        elif _by_people(decision) and number not in took:
            begun = _asked_at(decision) or asked.get(number)
            if begun is not None:
                took[number] = decision.at, (decision.at - begun).total_seconds()
    seconds = sorted(length for at, length in took.values() if at >= since)
    return Latency(len(seconds), rank(seconds, 50), rank(seconds, 90))


def _by_people(decision: Decision) -> bool:
    if decision.event is Event.REQUEST_DENIED:
        return True
    return decision.event in DECIDED and bool(decision.evidence.get("votes"))


def _asked_at(decision: Decision) -> datetime | None:
    said = decision.evidence.get("requested_at")
    return datetime.fromisoformat(said) if isinstance(said, str) else None


def rank(ascending: Sequence[float], percent: int) -> int | None:
    """The percentile by nearest rank; None of nothing."""
    if not ascending:
        return None
    return int(ascending[max(1, ceil(percent * len(ascending) / 100)) - 1])


def _reviews(known: Sequence[Decision], since: datetime) -> tuple[int, int]:
    """How many fell overdue from `since` on, and how many overdue ones are not done."""
    first: dict[object, datetime] = {}
    done: set[object] = set()
    for decision in known:
        review = decision.evidence.get("review")
        if decision.event is Event.REVIEW_OVERDUE:
            first.setdefault(review, decision.at)  # it is said again every day
        elif decision.event is Event.REVIEW_DONE:
            done.add(review)
    return sum(at >= since for at in first.values()), len(first.keys() - done)


def _exhausted(known: Sequence[Decision], since: datetime) -> tuple[tuple[str, int], ...]:
    """Objectives whose budget was gone at `since` (that is once), or went later, and how often.
    What is unknown in between ends nothing."""
    gone: set[str] = set()
    times: Counter[str] = Counter()
    for decision in (one for one in known if one.event is Event.VERDICT_CHANGED):
        name, kind = decision.objective, decision.evidence.get("verdict")
        if kind == "exhausted":
            times[name] += name not in gone
            gone.add(name)
        elif kind != "unknown":
            gone.discard(name)
            if decision.at < since:
                times[name] = 0
    return tuple(sorted((name, n) for name, n in times.items() if n))
