"""Replicas that reconcile, tell, lift and edit at the same time, on both real databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bot.calendar import Almanac
from bot.decide.catalog import Catalog, Team
from bot.decide.decision import Event
from bot.decide.freeze import Freeze, FreezeState, Origin
from bot.decide.people import Actor, Door, Group
from bot.decide.schedule import Dates, Schedule
from bot.decide.scope import Reach, Scope
from bot.decide.service import Service
from bot.errors import UserError
from bot.flow.ask.request import AskFor
from bot.flow.freeze.edit import EditFreeze, Revision
from bot.flow.freeze.notices import Notices
from bot.flow.freeze.schedule import KeepSchedules
from bot.ports import HistoryFilter
from bot.record import Database
from tests.builders import actor
from tests.fakes import FakeClock, FakeDirectory
from tests.record_samples import NOW, later

pytest_plugins = ["tests.record_stores"]

HOUR = timedelta(hours=1)
NIGHTS = Schedule(
    "nights",
    "nights",
    (Scope(Reach.SERVICE, "ranker"),),
    "few are awake",
    dates=(
        Dates((NOW + HOUR).replace(tzinfo=None), "UTC", exact=HOUR, rule="FREQ=DAILY"),
    ),
)  # fmt: skip
AT_ONCE = 6


def catalog(*schedules: Schedule, version: str = "v1") -> Catalog:
    team = Team("search", "Search", "#search", Group(users=("UADA",)), Group(users=("UBEN",)))
    return Catalog(
        services={"ranker": Service("ranker", "", "search")},
        teams={"search": team},
        schedules={one.name: one for one in schedules},
        version=version,
    )


def keeper(database: Database, clock: FakeClock, specs: Catalog) -> KeepSchedules:
    return KeepSchedules(database, clock, lambda: specs, Almanac(), "#ops")


def together(*works: Callable[[], object]) -> list[object]:
    """All at the same moment; what each came to, or its error."""
    gate = Barrier(len(works))
    found: list[object] = [None] * len(works)

    def run(n: int, work: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            found[n] = work()
        except UserError as error:
            found[n] = error

    threads = [Thread(target=run, args=(n, work)) for n, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()
    return found


def events(database: Database, event: Event) -> int:
    wanted = HistoryFilter(events=(event,), limit=500)
    return len(database.read(lambda books: books.history.find(wanted)))


def standing(database: Database, clock: FakeClock) -> list[Freeze]:
    return database.read(lambda books: books.freezes.standing(clock.now()))


def test_replicas_that_start_at_once_store_each_freeze_once(database: Database) -> None:
    clock = FakeClock(NOW)
    keepers = [keeper(database, clock, catalog(NIGHTS)) for _ in range(AT_ONCE)]
    done = together(*(one.run for one in keepers))
    assert sum(n for n in done if isinstance(n, int)) == 60
    assert len(standing(database, clock)) == 60
    assert events(database, Event.FREEZE_SCHEDULED) == 1


def test_replicas_that_see_an_edit_at_once_cancel_each_freeze_once(database: Database) -> None:
    clock = FakeClock(NOW)
    keeper(database, clock, catalog(NIGHTS)).run()
    edited = catalog(version="v2")
    done = together(*(keeper(database, clock, edited).run for _ in range(AT_ONCE)))
    assert sum(n for n in done if isinstance(n, int)) == 60
    assert standing(database, clock) == []
    assert events(database, Event.FREEZE_CANCELLED) == 1


def test_replicas_that_tell_at_once_tell_each_beginning_once(database: Database) -> None:
    clock = FakeClock(NOW)
    specs = catalog(NIGHTS)
    keeper(database, clock, specs).run()
    clock.advance(3_600)
    tellers = [Notices(database, clock, lambda: specs, "#ops") for _ in range(AT_ONCE)]
    together(*(one.run for one in tellers))
    assert events(database, Event.FROZEN) == 1
    waiting = database.read(lambda books: books.outbox.backlog(clock.now()))[0]
    assert waiting == 2, "that it has begun, and the notice of the next"


def test_a_freeze_that_begins_while_its_schedule_is_edited_is_cancelled_or_begins_never_both(
    database: Database,
) -> None:
    clock = FakeClock(NOW)
    specs = catalog(NIGHTS)
    keeper(database, clock, specs).run()
    clock.advance(3_600)
    together(
        keeper(database, clock, catalog(version="v2")).run,
        Notices(database, clock, lambda: specs, "#ops").run,
    )
    (held,) = standing(database, clock)
    assert held.state(clock.now()) is FreezeState.ACTIVE
    assert events(database, Event.FROZEN) == 1


def test_of_edits_at_once_one_takes_effect_after_the_other_and_every_version_is_kept(
    database: Database,
) -> None:
    clock, directory = FakeClock(NOW), FakeDirectory()
    specs = catalog()
    ask = AskFor(database, clock, lambda: specs, directory, "#ops")
    root = Actor("terminal:root", "root", Door.TERMINAL)
    one = replace(_held(), ends_at=later(3_600))
    number = database.write(lambda books: books.freezes.add(one)).id

    def extend(hours: int) -> Callable[[], object]:
        revision = Revision(number, f"{hours} hours", NOW + hours * HOUR)
        return lambda: EditFreeze(ask).run(revision, root)

    done = together(*(extend(hours) for hours in range(2, 2 + AT_ONCE)))
    freeze = database.read(lambda books: books.freezes.get(number))
    versions = database.read(lambda books: books.freezes.versions(number))
    carried = [one for one in done if not isinstance(one, UserError)]
    assert freeze is not None
    assert freeze.version == 1 + len(versions)
    assert [v.number for v in versions] == list(range(1, 1 + len(versions)))
    ends = [v.ends_at for v in versions] + [freeze.ends_at]
    assert ends == sorted(ends, key=lambda end: end or NOW), "none of them shortens it unasked"
    assert events(database, Event.FREEZE_EDITED) == len(versions)
    assert len(carried) >= 1


def test_replicas_remind_once(database: Database) -> None:
    clock = FakeClock(NOW)
    specs = catalog()
    database.write(lambda books: books.freezes.add(_held()))
    clock.advance(86_400)
    done = together(*(Notices(database, clock, lambda: specs, "#ops").run for _ in range(AT_ONCE)))
    assert sum(n for n in done if isinstance(n, int)) == 1
    assert database.read(lambda books: books.outbox.backlog(clock.now()))[0] == 1


@pytest.mark.parametrize("rounds", [5])
def test_replicas_with_different_specs_do_not_correct_each_other_in_turns(
    database: Database, rounds: int
) -> None:
    clock = FakeClock(NOW)
    old = keeper(database, clock, catalog(NIGHTS))
    new = keeper(database, clock, catalog(version="v2"))
    old.run()
    new.run()
    for _ in range(rounds):
        clock.advance(60)
        assert together(old.run, new.run) == [0, 0]
    assert events(database, Event.FREEZE_CANCELLED) == 1
    assert standing(database, clock) == []


def _held() -> Freeze:
    return Freeze(0, Scope(Reach.SERVICE, "ranker"), "bad", Origin.MANUAL, actor(), NOW)
