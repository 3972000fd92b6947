"""Scheduled freezes: what a schedule says, and which stored freezes follow from it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Scope

HORIZON = timedelta(days=60)
"""So long ahead freezes are stored: Burnban may be down for weeks, and none is missed."""
LONGEST = timedelta(days=90)
"""Of one freeze: what is to hold for longer is set by people, until they lift it."""
NOTICE = timedelta(days=1)
"""So long before a freeze begins its channels are told, unless the schedule says otherwise."""


@dataclass(frozen=True, slots=True)
class Dates:
    """One start, or the starts of a recurrence, by the clock on the wall of a zone. A freeze lasts
    for `wall` by that clock, and then for `exact` of elapsed time."""

    start: datetime
    """Local, without an offset."""
    zone: str
    """IANA name."""
    wall: timedelta = timedelta()
    exact: timedelta = timedelta()
    rule: str = ""
    """RRULE as in RFC 5545, without UNTIL; empty: this start only."""
    last: datetime | None = None
    """The rule has no start after this one, local."""
    also: tuple[datetime, ...] = ()
    """Further starts, local."""
    except_starts: frozenset[datetime] = frozenset()
    """Starts that are left out, local."""
    except_days: frozenset[date] = frozenset()
    """Local days whose starts are left out."""
    reason: str = ""
    """Instead of that of the schedule."""


@dataclass(frozen=True, slots=True)
class PublicHolidays:
    """The public holidays of a place, whole local days; those next to each other are one freeze."""

    country: str
    """ISO 3166 code."""
    zone: str
    subdivision: str = ""
    before: int = 0
    """Days that are frozen before each."""
    after: int = 0
    except_days: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Schedule:
    """A FreezeSchedule as read."""

    name: str
    title: str
    scopes: tuple[Scope, ...]
    reason: str
    notice: timedelta = NOTICE
    dates: tuple[Dates, ...] = ()
    holidays: tuple[PublicHolidays, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One stretch of time that a schedule freezes; UTC."""

    start: datetime
    end: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Changes:
    """What is to be done so that the stored freezes are those of the schedules."""

    add: tuple[Freeze, ...]
    withdraw: tuple[Freeze, ...]


def setter(schedule: str) -> Actor:
    """Who set the freezes of a schedule."""
    return Actor(f"schedule:{schedule}", f"schedule {schedule}", Door.POLICY)


def freezes_of(
    schedule: Schedule, occurrences: Iterable[Occurrence], now: datetime
) -> list[Freeze]:
    """The freezes that a schedule asks for, one for each scope and occurrence that is not over. One
    that should have begun already begins now: what was released before was released rightly."""
    return [
        Freeze(
            0,
            scope,
            occurrence.reason,
            Origin.SCHEDULE,
            setter(schedule.name),
            max(occurrence.start, now),
            occurrence.end,
            schedule=schedule.name,
            occurrence=occurrence.start,
        )
        for occurrence in occurrences
        for scope in schedule.scopes
        if now < occurrence.end
    ]


def reconcile(wanted: Iterable[Freeze], standing: Iterable[Freeze], now: datetime) -> Changes:
    """Hold the freezes that the schedules ask for against the stored ones. What has begun stays as
    it is (an edit of a file never lifts), and so does what people have edited, as long as its start
    is still asked for."""
    asked = {_key(freeze): freeze for freeze in wanted}
    kept = set()
    withdrawn = []
    for freeze in standing:
        if freeze.occurrence is None:
            continue
        if freeze.starts_at <= now or _as_asked(freeze, asked.get(_key(freeze))):
            kept.add(_key(freeze))
        else:
            withdrawn.append(freeze)
    return Changes(
        tuple(freeze for key, freeze in asked.items() if key not in kept), tuple(withdrawn)
    )


def fold(freezes: Iterable[Freeze], now: datetime) -> list[tuple[Freeze, int]]:
    """Of what a schedule has in store for a scope only the next, with how many follow it; all
    others as they are, before these."""
    alone = []
    stores: dict[tuple[str, Scope], list[Freeze]] = {}
    for freeze in freezes:
        if freeze.origin is Origin.SCHEDULE and now < freeze.starts_at:
            stores.setdefault((freeze.schedule, freeze.scope), []).append(freeze)
        else:
            alone.append((freeze, 0))
    nexts = [(min(store, key=_begin), len(store) - 1) for store in stores.values()]
    return [*alone, *sorted(nexts, key=lambda pair: _begin(pair[0]))]


def _begin(freeze: Freeze) -> tuple[datetime, int]:
    return freeze.starts_at, freeze.id


def _key(freeze: Freeze) -> tuple[str, Scope, datetime | None]:
    return freeze.schedule, freeze.scope, freeze.occurrence


def _as_asked(stored: Freeze, asked: Freeze | None) -> bool:
    if asked is None:
        return False
    same = (stored.ends_at, stored.reason) == (asked.ends_at, asked.reason)
    return same or stored.version > 1
