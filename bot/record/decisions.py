"""A decision's canonical text, read back."""

import json
from datetime import datetime
from typing import Any

from bot.decide.decision import Decision, Event
from bot.decide.people import Actor, Door


def decision_of(body: str) -> Decision:
    """What `canonical` wrote, with sequences as lists and keys as texts, as JSON has them."""
    said = json.loads(body)
    who, name, door, *identity = said["actor"]
    return Decision(
        Event(said["event"]),
        datetime.fromisoformat(said["at"]),
        Actor(who, name, Door(door), *identity),
        said["scope"],
        said["reason"],
        said["evidence"],
        said["policy"],
        said["objective"],
    )


def columns_of(decision: Decision) -> dict[str, Any]:
    """The parts of a decision that it can be found by."""
    return {
        "at": decision.at,
        "event": str(decision.event),
        "actor": decision.actor.id,
        "scope": decision.scope,
        "objective": decision.objective,
    }
