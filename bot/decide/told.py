"""Which decisions those outside are told of, and under which topic. Pure."""

from collections.abc import Mapping
from typing import Any

from bot.decide.approval import Wish
from bot.decide.decision import Chained, Event
from bot.decide.outside import Hook, Topic

TOPICS: Mapping[Topic, tuple[Event, ...]] = {
    Topic.FREEZE: (
        Event.FROZEN,
        Event.CAUTIONED,
        Event.HELD,
        Event.FREEZE_SCHEDULED,
        Event.FREEZE_EDITED,
        Event.FREEZE_DISPUTED,
    ),
    Topic.THAW: (Event.LIFTED, Event.THAWED, Event.FREEZE_EXPIRED, Event.FREEZE_CANCELLED),
    Topic.OVERRIDE: (
        Event.OVERRIDE_REQUESTED,
        Event.OVERRIDE_GRANTED,
        Event.OVERRIDE_USED,
        Event.OVERRIDE_EXPIRED,
        Event.OVERRIDE_SUPERSEDED,
        Event.OVERRIDE_REVOKED,
        Event.GLASS_BROKEN,
        Event.GLASS_REFUSED,
        Event.REVIEW_OVERDUE,
        Event.REVIEW_DONE,
    ),
    Topic.WARNING: (
        Event.WARNING_OPENED,
        Event.WARNING_ROSE,
        Event.WARNING_RESOLVED,
        Event.WARNING_ACKNOWLEDGED,
        Event.THRESHOLD_PASSED,
        Event.WENT_BLIND,
        Event.SEES_AGAIN,
        Event.OUTAGE_BEGAN,
        Event.OUTAGE_ENDED,
        Event.RETRAIN_OPENED,
        Event.RETRAIN_CLOSED,
    ),
    Topic.RELEASE: (
        Event.RELEASE_ALLOWED,
        Event.RELEASE_STOPPED,
        Event.RELEASE_UNASKED,
        Event.RELEASE_UNGATED,
        Event.RELEASE_NOTED,
        Event.RESTORED,
        Event.ROLLBACK_ADVISED,
        Event.ROLLBACK_ENDED,
    ),
    Topic.ROLLBACK: (Event.ROLLBACK_GRANTED,),
    Topic.RETRAIN: (Event.RETRAIN_GRANTED,),
}
_TOPIC_OF = {event: topic for topic, events in TOPICS.items() for event in events}

ENDS = (
    Event.REQUEST_DENIED,
    Event.REQUEST_EXPIRED,
    Event.REQUEST_SUPERSEDED,
    Event.REQUEST_CANCELLED,
)
"""How a request of any kind ends without being granted: told of those for overrides, whose
beginning was told."""


def events_of(hook: Hook) -> tuple[Event, ...]:
    """What an address may be told of, in the order of the topics; see `concerns`."""
    found = tuple(event for topic in Topic if topic in hook.topics for event in TOPICS[topic])
    return (*found, *ENDS) if Topic.OVERRIDE in hook.topics else found


def concerns(row: Chained) -> bool:
    """Whether a decision of these events has a topic: the end of a request for something else has
    none."""
    decision = row.decision
    return decision.event not in ENDS or decision.evidence.get("wish") == Wish.OVERRIDE


def body_of(row: Chained) -> dict[str, Any]:
    """What goes out of a decision that has a topic. `id` is the same at every attempt; a receiver
    that has it already has nothing to do."""
    decision = row.decision
    return {
        "id": f"burnban-{row.seq}",
        "type": f"{_TOPIC_OF.get(decision.event, Topic.OVERRIDE)}.{decision.event}",
        "timestamp": decision.at.isoformat(),
        "data": {
            "seq": row.seq,
            "hash": row.hash,
            "event": str(decision.event),
            "scope": decision.scope,
            "objective": decision.objective,
            "reason": decision.reason,
            "actor": {"id": decision.actor.id, "name": decision.actor.name},
            "policy": decision.policy,
            "evidence": decision.evidence,
        },
    }
