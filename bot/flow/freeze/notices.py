"""What time alone brings about with freezes: their coming, their beginning, and that they still
stand. That they begin, everybody computes when asked; here it is only told."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze
from bot.decide.schedule import NOTICE
from bot.flow.facts import freeze_evidence
from bot.flow.freeze.tell import bring_to_mind, foretell, tell_begin
from bot.flow.poll.unwatched import kept
from bot.ports import Books, Clock, Coming, Record

REMIND = timedelta(days=1)
"""So often whoever set a freeze until it is lifted is reminded of it, and a channel of one that has
lost its cause."""


@dataclass(frozen=True)
class Notices:
    """The flow of the ticker. Every replica may run it: rows in other hands are left out."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def run(self) -> int:
        """How much was told."""
        now, catalog = self.clock.now(), self.catalog()
        if not self.record.read(lambda books: _anything(books, catalog, now)):
            return 0
        return self.record.write(lambda books: self._tell(books, catalog, now))

    def _tell(self, books: Books, catalog: Catalog, now: datetime) -> int:
        books.history.hold()  # before any freeze, as all do who decide about freezes
        due, forgotten = _due(books, catalog, now), _forgotten(books, catalog, now)
        for coming in due:
            if coming.freeze.starts_at <= now:
                self._begin(books, catalog, coming, now)
            else:
                foretell(books, catalog, self.ops_channel, coming.freeze, now)
                books.schedules.noticed(coming.freeze.id)
        for freeze in forgotten:
            bring_to_mind(books, catalog, self.ops_channel, freeze, now)
            books.freezes.reminded(freeze.id, now)
        return len(due) + len(forgotten)

    def _begin(self, books: Books, catalog: Catalog, coming: Coming, now: datetime) -> None:
        freeze = coming.freeze
        evidence = freeze_evidence(freeze) | {"schedule": freeze.schedule}
        scope = str(freeze.scope)
        books.history.append(
            Decision(Event.FROZEN, now, freeze.set_by, scope, freeze.reason, evidence)
        )
        tell_begin(books, catalog, self.ops_channel, freeze, now, noticed=coming.noticed)
        books.schedules.announced(freeze.id)


def _anything(books: Books, catalog: Catalog, now: datetime) -> bool:
    return bool(_due(books, catalog, now) or _forgotten(books, catalog, now))


def _forgotten(books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
    """Freezes that only people can end."""
    stuck = [freeze.id for freeze in kept(books, catalog, now)]
    return books.freezes.forgotten(now - REMIND, stuck)


def _due(books: Books, catalog: Catalog, now: datetime) -> list[Coming]:
    longest = max((one.notice for one in catalog.schedules.values()), default=NOTICE)
    found = books.schedules.coming(now, now + longest)
    return [one for one in found if _is_due(one, catalog, now)]


def _is_due(coming: Coming, catalog: Catalog, now: datetime) -> bool:
    freeze = coming.freeze
    return freeze.starts_at <= now or (
        not coming.noticed and freeze.starts_at - _notice(catalog, freeze) <= now
    )


def _notice(catalog: Catalog, freeze: Freeze) -> timedelta:
    schedule = catalog.schedules.get(freeze.schedule)
    return NOTICE if schedule is None else schedule.notice
