"""What a decision is filed under, and whether a row is."""

from typing import Any

from bot.decide.decision import Decision, read_back

FILED = ("at", "event", "actor", "scope", "objective")


def columns_of(decision: Decision) -> dict[str, Any]:
    """The parts of a decision that it can be found by."""
    return {
        "at": decision.at,
        "event": str(decision.event),
        "actor": decision.actor.id,
        "scope": decision.scope,
        "objective": decision.objective,
    }


def is_filed_right(body: str, found: tuple[Any, ...]) -> bool:
    """Whether a row is found under what it says; `found`: its columns as FILED names them."""
    try:
        columns = columns_of(read_back(body))
    except ValueError:
        return False
    return tuple(columns[name] for name in FILED) == found
