"""Freezes of schedules are stored long before they begin, and taken back while they have not."""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from itertools import groupby

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.schedule import (
    HORIZON,
    Changes,
    Occurrence,
    Schedule,
    freezes_of,
    reconcile,
    setter,
)
from bot.flow.freeze.tell import tell_cancelled
from bot.ports import Books, Calendar, Clock, Record, Told

log = logging.getLogger(__name__)

RENEW = timedelta(minutes=1)
"""So often a replica says that its specs are the ones that hold."""
VACANT = timedelta(minutes=5)
"""Once nobody has said so for so long, replicas with other specs take over. While an old and a new
replica run side by side, the one that began last decides: two that correct each other in turns
would cancel and schedule the same freezes again and again."""

_CHANGED = "the schedule has changed"
_YEAR = timedelta(days=366)

Wanted = list[tuple[Schedule, list[Occurrence]]]


class _Due(Enum):
    NOTHING = auto()
    RENEWAL = auto()
    RECONCILING = auto()


@dataclass
class _Seen:
    """What this process did last."""

    claimed: str | None = None
    """The specs that it has taken into force."""
    hour: datetime | None = None
    """When it looked last, in whole hours."""


@dataclass(frozen=True)
class KeepSchedules:
    """The flow of the ticker. A late tick loses nothing: rows stand for 60 days ahead."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    calendar: Calendar
    ops_channel: str
    _seen: _Seen = field(default_factory=_Seen)

    def run(self) -> int:
        """How many freezes were scheduled or cancelled."""
        now, catalog = self.clock.now(), self.catalog()
        hour = now.replace(minute=0, second=0, microsecond=0)
        match self._due(catalog, now, hour):
            case _Due.NOTHING:
                return 0
            case _Due.RENEWAL:
                self.record.write(lambda books: books.schedules.hold(catalog.version, now))
                return 0
            case _Due.RECONCILING:
                done = self._reconcile(catalog, now)
                self._seen.claimed, self._seen.hour = catalog.version, hour
                return done

    def _due(self, catalog: Catalog, now: datetime, hour: datetime) -> _Due:
        """A replica whose specs came into force just now reconciles, and so does one that finds the
        place vacant; the one that holds it does so once an hour."""
        if self._seen.claimed != catalog.version:
            return _Due.RECONCILING
        tenure = self.record.read(lambda books: books.schedules.tenure())
        if tenure is None:
            return _Due.RECONCILING if catalog.schedules else _Due.NOTHING
        if tenure.version != catalog.version:
            vacant = tenure.renewed_at <= now - VACANT
            return _Due.RECONCILING if vacant else _Due.NOTHING
        if self._seen.hour != hour:
            return _Due.RECONCILING
        return _Due.RENEWAL if tenure.renewed_at <= now - RENEW else _Due.NOTHING

    def _reconcile(self, catalog: Catalog, now: datetime) -> int:
        if self._seen.claimed != catalog.version:
            for name in spent(catalog, self.calendar, now):
                log.warning("FreezeSchedule %s: nothing of it falls into the coming year", name)
        wanted = [
            (schedule, list(self.calendar.occurrences(schedule, now, now + HORIZON)))
            for schedule in catalog.schedules.values()
        ]
        return self.record.write(lambda books: self._keep(books, catalog, wanted))

    def _keep(self, books: Books, catalog: Catalog, wanted: Wanted) -> int:
        # Nobody lifts, edits or reconciles meanwhile. The time is read after the wait.
        books.history.hold()
        now = self.clock.now()
        stored = [f for f in books.freezes.standing(now) if f.origin is Origin.SCHEDULE]
        if not (wanted or stored or books.schedules.tenure()):
            return 0
        books.schedules.hold(catalog.version, now)
        asked = [f for schedule, found in wanted for f in freezes_of(schedule, found, now)]
        changes = reconcile(asked, stored, now)
        return self._withdraw(books, catalog, changes, now) + self._add(
            books, catalog, changes, now
        )

    def _add(self, books: Books, catalog: Catalog, changes: Changes, now: datetime) -> int:
        added = [one for freeze in changes.add if (one := books.schedules.add(freeze)) is not None]
        for batch in _batches(added):
            what = "1 freeze is scheduled" if len(batch) == 1 else f"{len(batch)} are scheduled"
            _note(books, Event.FREEZE_SCHEDULED, batch, what, catalog.version, now)
        return len(added)

    def _withdraw(self, books: Books, catalog: Catalog, changes: Changes, now: datetime) -> int:
        gone = [one for one in changes.withdraw if books.schedules.withdraw(one.id, now)]
        for batch in _batches(gone):
            _note(books, Event.FREEZE_CANCELLED, batch, _CHANGED, catalog.version, now)
        for freeze in gone:
            if books.schedules.told(freeze.id) is not Told.NOTHING:
                by = freeze.set_by
                tell_cancelled(books, catalog, self.ops_channel, freeze, by, _CHANGED, now)
        return len(gone)


def spent(catalog: Catalog, calendar: Calendar, now: datetime) -> list[str]:
    """The schedules that freeze nothing in the coming year: all their dates are over, or they were
    meant for other years. A file that was right must not become wrong by the passing of time, so
    this is told and not refused."""
    return [
        name
        for name, one in catalog.schedules.items()
        if not calendar.occurrences(one, now, now + _YEAR)
    ]


def _batches(freezes: Iterable[Freeze]) -> list[list[Freeze]]:
    """Those of one schedule and scope together."""

    def key(freeze: Freeze) -> tuple[str, str]:
        return freeze.schedule, str(freeze.scope)

    return [list(batch) for _, batch in groupby(sorted(freezes, key=key), key)]


def _note(
    books: Books, event: Event, batch: list[Freeze], what: str, specs: str, now: datetime
) -> None:
    """One row for all freezes of one schedule and scope that a look added or took back. `specs`:
    the version that it follows."""
    one = batch[0]
    evidence = {
        "schedule": one.schedule,
        "freezes": [freeze.id for freeze in batch],
        "starts": [freeze.starts_at.isoformat() for freeze in batch],
        "ends": [freeze.ends_at.isoformat() if freeze.ends_at else None for freeze in batch],
    }
    reason = f"{what}: {one.reason}"
    by = setter(one.schedule)
    books.history.append(Decision(event, now, by, str(one.scope), reason, evidence, specs))
