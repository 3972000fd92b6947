"""The small world with schedules in its specs."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from bot.calendar import Almanac
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.decide.schedule import Dates, Schedule
from bot.decide.scope import Reach, Scope
from bot.flow.freeze.notices import Notices
from bot.flow.freeze.schedule import KeepSchedules
from bot.record import Database
from tests.builders import NOON, when
from tests.flow.conftest import OPS, World
from tests.fresh import fresh_sqlite

RANKER = Scope(Reach.SERVICE, "ranker")
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def at(hours: float) -> datetime:
    """Local time (UTC) so long after the Monday noon on which the world begins."""
    return (when(NOON) + hours * HOUR).replace(tzinfo=None)


def once(hours: float, lasts: float = 8, reason: str = "") -> Dates:
    """One date."""
    return Dates(at(hours), "UTC", exact=lasts * HOUR, reason=reason)


def nightly(hours: float = 8, lasts: float = 8) -> Dates:
    """From eight in the evening."""
    return Dates(at(hours), "UTC", exact=lasts * HOUR, rule="FREQ=DAILY")


def schedule(*dates: Dates, name: str = "nights", **more: object) -> Schedule:
    """Of the ranker."""
    plain = Schedule(name, name, (RANKER,), "few are awake", dates=dates)
    return replace(plain, **more)  # type: ignore[arg-type] # fields of Schedule


@dataclass
class Scheduled(World):
    """A world whose specs hold schedules."""

    schedules: tuple[Schedule, ...] = ()
    version: str = "v1"
    keepers: dict[str, KeepSchedules] = field(default_factory=dict)

    def catalog(self) -> Catalog:
        """The specs now in force."""
        known = {one.name: one for one in self.schedules}
        return replace(super().catalog(), schedules=known, version=self.version)

    def keep(self, replica: str = "w1") -> int:
        """A tick of a replica that reads the specs now in force."""
        if replica not in self.keepers:
            self.keepers[replica] = self.replica()
        return self.keepers[replica].run()

    def replica(self, catalog: Catalog | None = None) -> KeepSchedules:
        """Another process; with `catalog`, one that keeps to these specs."""
        specs = self.catalog if catalog is None else lambda: catalog
        return KeepSchedules(self.record, self.clock, specs, Almanac(), OPS)

    def edit(self, *schedules: Schedule) -> int:
        """Change the specs, and tick."""
        self.schedules = schedules
        self.version += "+"
        return self.keep()

    def notice(self) -> int:
        """Tell what time has brought about."""
        return Notices(self.record, self.clock, self.catalog, OPS).run()

    def standing(self) -> list[Freeze]:
        """All that are not over."""
        return self.record.read(lambda b: b.freezes.standing(self.clock.now()))

    def begins(self) -> list[float]:
        """Hours from the beginning of the world until each of them."""
        return [(f.starts_at - when(NOON)) / HOUR for f in self.standing()]


@contextmanager
def scheduled_world(folder: Path, *schedules: Schedule) -> Iterator[Scheduled]:
    """A fresh one on SQLite."""
    with Database(fresh_sqlite(folder / "burnban.db")) as database:
        yield Scheduled(database, schedules=schedules)
