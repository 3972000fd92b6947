"""Freezes of schedules are stored ahead, once, and an edit takes back only what has not begun."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.calendar import Almanac
from bot.decide.approval import Wish
from bot.decide.freeze import FreezeState
from bot.decide.scope import EVERYTHING
from bot.flow.freeze.schedule import spent
from tests.builders import NOON, when
from tests.flow.scheduled import (
    HOUR,
    RANKER,
    Scheduled,
    nightly,
    once,
    schedule,
    scheduled_world,
)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Scheduled]:
    """Every night from 20:00 for eight hours."""
    with scheduled_world(tmp_path, schedule(nightly())) as made:
        yield made


def test_freezes_are_stored_for_sixty_days_ahead_and_each_once(world: Scheduled) -> None:
    assert world.keep() == 60
    assert world.keep() == 0
    assert world.begins() == [8 + 24 * n for n in range(60)]
    assert world.freezes() == [], "a future freeze stops nothing now"


def test_a_freeze_begins_and_ends_by_the_clock_whether_anybody_looks_or_not(
    world: Scheduled,
) -> None:
    world.keep()
    world.clock.advance(8 * 3_600)
    assert [f.schedule for f in world.freezes()] == ["nights"]
    world.clock.advance(8 * 3_600)
    assert world.freezes() == []


def test_weeks_without_a_tick_lose_nothing(world: Scheduled) -> None:
    world.keep()
    world.clock.advance(40 * 86_400 + 9 * 3_600)
    assert len(world.freezes()) == 1
    assert world.keep() == 41
    assert len(world.standing()) == 61


def test_time_brings_one_more_freeze_a_day(world: Scheduled) -> None:
    world.keep()
    added = 0
    for _ in range(48):
        world.clock.advance(3_600)
        added += world.keep()
    assert added == 2


def test_replicas_store_each_freeze_once(world: Scheduled) -> None:
    assert [world.keep(f"w{n}") for n in range(3)] == [60, 0, 0]
    assert len(world.standing()) == 60
    assert len(world.story("freeze_scheduled")) == 1


def test_what_is_scheduled_is_on_record_with_its_freezes(world: Scheduled) -> None:
    world.keep()
    (row,) = world.story("freeze_scheduled")
    decision = row.decision
    assert decision.actor.id == "schedule:nights"
    assert decision.reason == "60 are scheduled: few are awake"
    assert (decision.scope, decision.policy) == ("service:ranker", "v1")
    assert decision.evidence["freezes"] == list(range(1, 61))
    assert decision.evidence["starts"][0] == "2026-03-02T20:00:00+00:00"


def test_a_freeze_that_should_have_begun_begins_when_it_is_first_known(world: Scheduled) -> None:
    world.edit(schedule(once(-2)))
    (freeze,) = world.freezes()
    assert (freeze.starts_at, freeze.occurrence) == (when(NOON), when(NOON) - 2 * HOUR)
    assert freeze.ends_at == when(NOON) + 6 * HOUR


def test_an_edit_takes_back_what_has_not_begun(world: Scheduled) -> None:
    world.edit(schedule(once(8), once(32), once(56)))
    assert world.edit(schedule(once(8), once(56))) == 1
    assert world.begins() == [8, 56]
    (row,) = world.story("freeze_cancelled")
    gone = row.decision.evidence["freezes"]
    assert len(gone) == 1
    cancelled = world.record.read(lambda b: b.freezes.get(gone[0]))
    assert cancelled is not None
    assert cancelled.state(world.clock.now()) is FreezeState.CANCELLED
    assert row.decision.reason == "the schedule has changed: few are awake"


def test_an_edit_never_lifts_what_has_begun(world: Scheduled) -> None:
    world.edit(schedule(once(8), once(32)))
    world.clock.advance(8 * 3_600)
    assert world.edit() == 1
    (held,) = world.freezes()
    assert held.ends_at == when(NOON) + 16 * HOUR
    assert world.begins() == [8]


def test_an_edit_of_what_has_begun_is_no_second_freeze(world: Scheduled) -> None:
    world.edit(schedule(once(8)))
    world.clock.advance(9 * 3_600)
    assert world.edit(schedule(once(8, 20, "longer"))) == 0
    assert len(world.standing()) == 1


def test_what_an_edit_brings_back_is_stored_anew(world: Scheduled) -> None:
    world.edit(schedule(once(8)))
    world.edit()
    assert world.edit(schedule(once(8))) == 1
    (freeze,) = world.standing()
    assert freeze.id == 2


def test_another_length_or_reason_replaces_what_has_not_begun(world: Scheduled) -> None:
    world.edit(schedule(once(8)))
    assert world.edit(schedule(once(8, 9))) == 2
    assert [f.ends_at for f in world.standing()] == [when(NOON) + 17 * HOUR]
    assert world.edit(schedule(once(8, 9, "audit"))) == 2
    assert [f.reason for f in world.standing()] == ["audit"]


def test_what_people_called_off_is_not_scheduled_again(world: Scheduled) -> None:
    world.edit(schedule(once(8), once(32)))
    world.record.write(lambda b: b.freezes.lift(1, world.clock.now()))
    world.clock.advance(3_600)
    assert world.keep() == 0
    assert world.edit(schedule(once(8), once(32), once(56))) == 1
    assert world.begins() == [32, 56]


def test_each_scope_has_a_freeze_of_its_own(world: Scheduled) -> None:
    wide = replace(schedule(once(8)), scopes=(RANKER, EVERYTHING))
    world.edit(wide)
    assert [str(f.scope) for f in world.standing()] == ["service:ranker", "all"]
    assert len(world.story("freeze_scheduled")) == 2


def test_a_world_without_schedules_writes_nothing(tmp_path: Path) -> None:
    with scheduled_world(tmp_path) as world:
        assert [world.keep(), world.keep()] == [0, 0]
        assert world.record.read(lambda b: b.schedules.tenure()) is None


def test_the_scope_of_an_unfreeze_is_what_stops_now_not_what_comes(world: Scheduled) -> None:
    world.keep()
    world.ask(Wish.FREEZE, "UADA")
    request = world.ask(Wish.UNFREEZE, "UADA").request
    assert request is not None
    assert request.freezes == (61,)


def test_a_schedule_whose_dates_are_over_is_told_and_not_refused(
    world: Scheduled, caplog: pytest.LogCaptureFixture
) -> None:
    over = schedule(once(-300), name="last-audit")
    far = schedule(once(24 * 367), name="far")
    soon = schedule(once(24 * 300), name="soon")
    world.edit(over, far, soon, schedule(nightly()))
    assert spent(world.catalog(), Almanac(), world.clock.now()) == ["last-audit", "far"]
    assert "FreezeSchedule last-audit: nothing of it falls into the coming year" in caplog.text
    caplog.clear()
    world.clock.advance(3_600)
    world.keep()
    assert caplog.text == "", "once is enough"


# Two replicas with different specs, side by side for a while.


def test_the_specs_of_the_replica_that_began_last_hold(world: Scheduled) -> None:
    old = world.replica(world.catalog())
    old.run()
    world.schedules, world.version = (schedule(once(30)),), "v2"
    assert world.keep("new") == 61
    for _ in range(5):
        world.clock.advance(60)
        assert old.run() == 0, "it does not bring its own back"
        world.keep("new")
    assert world.begins() == [30]


def test_when_the_newer_replica_is_gone_the_older_one_takes_over(world: Scheduled) -> None:
    old = world.replica(world.catalog())
    old.run()
    world.schedules, world.version = (schedule(once(30)),), "v2"
    world.keep("new")
    world.clock.advance(299)
    assert old.run() == 0
    world.clock.advance(1)
    assert old.run() == 61
    assert len(world.standing()) == 60


def test_a_replica_that_begins_again_with_older_specs_is_followed_until_it_is_gone(
    world: Scheduled,
) -> None:
    """A rolling deployment in which an old replica crashes and comes back."""
    former = world.catalog()
    world.schedules, world.version = (schedule(once(30)),), "v2"
    world.keep("new")
    returned = world.replica(former)
    assert returned.run() == 61
    assert world.keep("new") == 0
    world.clock.advance(300)
    assert world.keep("new") == 61
    assert world.begins() == [30]


def test_a_tenure_is_renewed_at_most_once_a_minute(world: Scheduled) -> None:
    def renewed() -> object:
        tenure = world.record.read(lambda b: b.schedules.tenure())
        assert tenure is not None
        return tenure.renewed_at

    world.keep()
    first = renewed()
    world.clock.advance(59)
    world.keep()
    assert renewed() == first
    world.clock.advance(1)
    world.keep()
    assert renewed() == when(NOON) + timedelta(minutes=1)
