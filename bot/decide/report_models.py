"""What was advised about models in a stretch of time, and what came of it, from the rows of the
history."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.decision import Decision, Event

TASKS = (Event.RETRAIN_OPENED, Event.RETRAIN_CLOSED)
"""They count however old they are: what they began may still go on."""
ADVICE = (
    Event.ROLLBACK_ADVISED,
    Event.ROLLBACK_GRANTED,
    Event.ROLLBACK_ENDED,
    Event.RETRAIN_TAKEN,
    Event.RETRAIN_REQUESTED,
    Event.RETRAIN_GRANTED,
)


@dataclass(frozen=True, slots=True)
class Rollbacks:
    """Releases that were advised against."""

    advised: int = 0
    granted: int = 0
    """By people, or by the policy itself."""
    gone: int = 0
    """Of all that ended after an advice: rolled back, by whomever."""
    stayed: int = 0
    """And those that another release took over from, or that simply ended."""


@dataclass(frozen=True, slots=True)
class Retrainings:
    """Tasks to retrain."""

    opened: int = 0
    taken: int = 0
    pipelines: int = 0
    """Started once people had agreed."""
    closed: int = 0
    open: int = 0
    """Still open at the end of the stretch."""


def rollbacks(known: Sequence[Decision], since: datetime) -> Rollbacks:
    """Of the rows from `since` on."""
    lately = [one for one in known if one.at >= since]
    count = Counter(one.event for one in lately)
    ends = [one.evidence.get("end") for one in lately if one.event is Event.ROLLBACK_ENDED]
    back = ends.count("rolled_back")
    return Rollbacks(
        count[Event.ROLLBACK_ADVISED], count[Event.ROLLBACK_GRANTED], back, len(ends) - back
    )


def retrainings(known: Sequence[Decision], since: datetime) -> Retrainings:
    """Of the rows from `since` on; what is open counts however old it is."""
    lately = [one for one in known if one.at >= since]
    count = Counter(one.event for one in lately)
    taken = {one.evidence.get("task") for one in lately if one.event is Event.RETRAIN_TAKEN}
    return Retrainings(
        count[Event.RETRAIN_OPENED],
        len(taken),
        count[Event.RETRAIN_GRANTED],
        count[Event.RETRAIN_CLOSED],
        len(_tasks(known, Event.RETRAIN_OPENED) - _tasks(known, Event.RETRAIN_CLOSED)),
    )


def _tasks(known: Sequence[Decision], event: Event) -> set[object]:
    return {one.evidence.get("task") for one in known if one.event is event}


NO_ROLLBACKS, NO_RETRAININGS = Rollbacks(), Retrainings()
