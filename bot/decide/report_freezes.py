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
    known = _Known()
    for decision in decisions:
        if decision.event in BEGINS:
            known.begin(_begun(decision))
        elif decision.event is Event.FREEZE_EDITED:
            known.edit(decision)
        else:
            known.end(decision)
    return known.found


class _Known:
    """The freezes met so far, and where those are that a later row may speak of."""

    def __init__(self) -> None:
        self.found: list[Stood] = []
        self._numbered: dict[int, int] = {}
        self._nameless: dict[str, list[int]] = {}
        """By scope, those that are not over and whose rows do not say which they are."""
        self._watched: dict[tuple[Origin, str, Effect], list[int]] = {}

    def begin(self, fresh: Stood) -> None:
        """One more. A policy that acts from now on does what it only watched before."""
        kind, place = (fresh.origin, fresh.scope, fresh.effect), len(self.found)
        if fresh.monitored:
            self._watched.setdefault(kind, []).append(place)
        else:
            for one in self._watched.pop(kind, ()):
                if self.found[one].until is None:
                    self.found[one] = replace(self.found[one], until=fresh.since)
        self.found.append(fresh)
        if fresh.freeze is None:
            self._nameless.setdefault(fresh.scope, []).append(place)
        else:
            self._numbered[fresh.freeze] = place

    def edit(self, decision: Decision) -> None:
        """The freeze that a row speaks of has another end of its own."""
        place = self._place(decision)
        if place is not None:
            ends = _instant(_after(decision), "until")
            self.found[place] = replace(self.found[place], ends=ends)

    def end(self, decision: Decision) -> None:
        """It is over."""
        place = self._place(decision)
        if place is not None:
            self.found[place] = replace(self.found[place], until=decision.at)
            if self.found[place].freeze is None:
                self._nameless[decision.scope].remove(place)

    def _place(self, decision: Decision) -> int | None:
        """Of one without a number, the last of that scope that is not over."""
        nameless = self._nameless.get(decision.scope)
        last = nameless[-1] if nameless else None
        number = _number(decision.evidence)
        return last if number is None else self._numbered.get(number, last)


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


def _guessed(decision: Decision) -> Origin:
    """Rows from before it was written down: a policy names the objective that it acts on."""
    if decision.evidence.get("schedule"):
        return Origin.SCHEDULE
    by_policy = decision.objective or decision.actor.door is Door.POLICY
    return Origin.POLICY if by_policy else Origin.MANUAL


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
