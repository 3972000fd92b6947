"""How long freezes stood, from the rows of the history about them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.decide.decision import Decision, Event
from bot.decide.freeze import Effect, Origin
from bot.decide.people import Door

BEGINS = (Event.FROZEN, Event.HELD, Event.CAUTIONED, Event.WOULD_FREEZE)
ENDS = (
    Event.LIFTED,
    Event.THAWED,
    Event.WOULD_THAW,
    Event.FREEZE_EXPIRED,
    Event.FREEZE_CANCELLED,
)
FREEZES = (*BEGINS, *ENDS, Event.FREEZE_EDITED)
"""The rows that say how long freezes stood."""


@dataclass(frozen=True, slots=True)
class Stood:
    """One freeze, from its beginning until it was over; `until` None: it stands, as far as the rows
    say."""

    freeze: int | None
    """None where an old row does not say which."""
    scope: str
    origin: Origin
    effect: Effect
    monitored: bool
    since: datetime
    until: datetime | None = None
    ends: datetime | None = None
    """Its own end, as it was last set."""


@dataclass(frozen=True, slots=True)
class Frozen:
    """Freezes of one origin and effect in a stretch of time."""

    origin: Origin
    effect: Effect
    monitored: bool
    """They only said what they would have stopped."""
    freezes: int
    seconds: int
    """In which at least one of them stood."""


def stood(decisions: Iterable[Decision]) -> list[Stood]:
    """Every freeze that these rows of FREEZES, oldest first, speak of."""
    found: list[Stood] = []
    for decision in decisions:
        if decision.event in BEGINS:
            fresh = _begun(decision)
            found = [_taken_over(one, fresh) for one in found]
            found.append(fresh)
            continue
        place = _place(found, decision)
        if place is None:
            continue
        if decision.event is Event.FREEZE_EDITED:
            found[place] = replace(found[place], ends=_instant(_after(decision), "until"))
        else:
            found[place] = replace(found[place], until=decision.at)
    return found


def hours(freezes: Sequence[Stood], since: datetime, until: datetime) -> tuple[Frozen, ...]:
    """What of them fell between two instants, by origin and effect."""
    kinds = dict.fromkeys((one.origin, one.effect, one.monitored) for one in freezes)
    found = []
    for origin, effect, monitored in sorted(kinds, key=_order):
        mine = [
            f for f in freezes if (f.origin, f.effect, f.monitored) == (origin, effect, monitored)
        ]
        spans = [span for one in mine if (span := _within(one, since, until)) is not None]
        if spans:
            found.append(Frozen(origin, effect, monitored, len(spans), _union(spans)))
    return tuple(found)


def stopped(freezes: Sequence[Stood], since: datetime, until: datetime) -> int:
    """Seconds between two instants in which at least one freeze really stopped releases."""
    real = [one for one in freezes if one.effect is Effect.FREEZE and not one.monitored]
    spans = (_within(one, since, until) for one in real)
    return _union([span for span in spans if span is not None])


def _order(kind: tuple[Origin, Effect, bool]) -> tuple[int, int, bool]:
    origin, effect, monitored = kind
    return list(Origin).index(origin), -effect.rank, monitored


def _begun(decision: Decision) -> Stood:
    said = decision.evidence
    since = _instant(said, "since") or decision.at
    return Stood(
        _number(said),
        decision.scope,
        Origin(said["origin"]) if "origin" in said else _guessed(decision),
        Effect(said.get("effect", Effect.FREEZE)),
        said.get("monitored") is True,
        since,
        ends=_instant(said, "until"),
    )


def _taken_over(one: Stood, fresh: Stood) -> Stood:
    """A policy that acts from now on does what it only watched before."""
    same = (one.origin, one.scope, one.effect) == (fresh.origin, fresh.scope, fresh.effect)
    watched = one.monitored and not fresh.monitored and one.until is None
    return replace(one, until=fresh.since) if same and watched else one


def _guessed(decision: Decision) -> Origin:
    """Rows from before it was written down: a policy names the objective that it acts on."""
    if decision.evidence.get("schedule"):
        return Origin.SCHEDULE
    by_policy = decision.objective or decision.actor.door is Door.POLICY
    return Origin.POLICY if by_policy else Origin.MANUAL


def _place(found: Sequence[Stood], decision: Decision) -> int | None:
    """Where the freeze stands that a row speaks of; of one without a number, the last of that
    scope that is not over."""
    number = _number(decision.evidence)
    for place in reversed(range(len(found))):
        one = found[place]
        if one.freeze is not None and one.freeze == number:
            return place
        if one.freeze is None and (one.scope, one.until) == (decision.scope, None):
            return place
    return None


def _number(said: Mapping[str, Any]) -> int | None:
    number = said.get("freeze")
    return number if isinstance(number, int) else None


def _after(decision: Decision) -> Mapping[str, Any]:
    after = decision.evidence.get("after")
    return after if isinstance(after, Mapping) else {}


def _instant(said: Mapping[str, Any], key: str) -> datetime | None:
    text = said.get(key)
    return datetime.fromisoformat(text) if isinstance(text, str) else None


Span = tuple[datetime, datetime]


def _within(one: Stood, since: datetime, until: datetime) -> Span | None:
    ends = [end for end in (one.until, one.ends) if end is not None]
    start, end = max(one.since, since), min([until, *ends])
    return (start, end) if start < end else None


def _union(spans: Iterable[Span]) -> int:
    """Seconds that are in any of them."""
    total, reached = timedelta(), None
    for start, end in sorted(spans):
        begin = start if reached is None else max(start, reached)
        total += max(timedelta(), end - begin)
        reached = end if reached is None else max(reached, end)
    return int(total.total_seconds())
