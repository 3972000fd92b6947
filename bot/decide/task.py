"""Retraining as a task: what opens one, when it is brought to mind, what closes it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from bot.judge.indicator import Labelled, Scored
from bot.judge.objective import Objective
from bot.judge.verdict import Kind

OPENS, CLOSES = 9, 17
"""Hours of the day, Monday to Friday, on the clock of whoever is reminded: nobody is woken by a
task."""
_BURNS = (Kind.BURNING, Kind.EXHAUSTED)


@dataclass(frozen=True, slots=True)
class Task:
    """A retraining that the budget of one objective asks for: the stored facts."""

    id: int
    objective: str
    service: str
    opened_at: datetime
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """What the feed said last, and how the budget stood. JSON."""
    owner: str = ""
    """Slack id of whoever has it, from the specs or by their own word; empty: nobody."""
    owner_name: str = ""
    taken_at: datetime | None = None
    """When somebody said that it is theirs; None: it is only assigned."""
    recovering_since: datetime | None = None
    reminded_at: datetime | None = None
    request: int = 0
    """The newest request to start the pipeline; 0: there was none."""
    closed_at: datetime | None = None


class Turn(Enum):
    """What a look at a budget does to its task."""

    STAY = "stay"
    OPEN = "open"
    RECOVER = "recover"
    """It begins to recover."""
    RELAPSE = "relapse"
    CLOSE = "close"


def retrains(objective: Objective) -> bool:
    """Whether its burning budget is a reason to train anew: it tells of right answers, of a score,
    or of drift, and not of a server."""
    return isinstance(objective.indicator, Labelled | Scored)


def turn(task: Task | None, kind: Kind, now: datetime, dwell: int) -> Turn:
    """One look. A task closes `dwell` seconds after the budget was first seen healthy, at a look
    that finds it so, if no look in between found it burning. What is unknown neither opens nor
    closes, and is no relapse (law 11)."""
    if kind in _BURNS:
        if task is None:
            return Turn.OPEN
        return Turn.STAY if task.recovering_since is None else Turn.RELAPSE
    if task is None or kind is Kind.UNKNOWN:
        return Turn.STAY
    if task.recovering_since is None:
        return Turn.RECOVER
    waited = (now - task.recovering_since).total_seconds()
    return Turn.CLOSE if waited >= dwell else Turn.STAY


def dwell_of(objective: Objective, dwell: int) -> int:
    """Seconds that it must stay healthy: those of the policy, and a whole slice at least."""
    return max(dwell, objective.step)


def remindable(task: Task, now: datetime, zone: str) -> bool:
    """Whether its owner is to be reminded now: in working hours of the IANA zone, once a day, and
    not on the day on which they last heard of it."""
    here = now.astimezone(ZoneInfo(zone))
    if here.weekday() > 4 or not OPENS <= here.hour < CLOSES:
        return False
    told = (task.opened_at, task.taken_at, task.reminded_at)
    heard = max(at for at in told if at is not None)
    return heard.astimezone(ZoneInfo(zone)).date() < here.date()
