"""Overrides by what a trade-off said of their release when they were asked for."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.decision import Decision, Event

RULINGS = ("accept", "hold", "reject")


@dataclass(frozen=True, slots=True)
class Advised:
    """Overrides of one advice."""

    ruling: str
    asked: int
    granted: int


def advised(decisions: Iterable[Decision], since: datetime, until: datetime) -> tuple[Advised, ...]:
    """Those asked for, and granted, from `since` on and before `until`; only what was measured had
    an advice."""
    asked: Counter[str] = Counter()
    granted: Counter[str] = Counter()
    for one in decisions:
        ruling = str(one.evidence.get("advice") or "")
        if since <= one.at < until and ruling:
            asked[ruling] += one.event is Event.OVERRIDE_REQUESTED
            granted[ruling] += one.event is Event.OVERRIDE_GRANTED
    return tuple(
        Advised(name, asked[name], granted[name])
        for name in RULINGS
        if asked[name] or granted[name]
    )
