"""Which freezes follow from the schedules: an edit takes back what has not begun, and lifts
nothing."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Door
from bot.decide.schedule import Occurrence, Schedule, fold, freezes_of, reconcile
from bot.decide.scope import EVERYTHING, Reach, Scope
from tests.builders import NOON, actor, when

NOW = when(NOON)
HOUR = timedelta(hours=1)
RANKER = Scope(Reach.SERVICE, "ranker")
NIGHTS = Schedule("nights", "Quiet nights", (RANKER,), "few are awake")


def occurrence(start: float, lasts: float = 8, reason: str = "few are awake") -> Occurrence:
    """Hours from NOW."""
    begin = NOW + start * HOUR
    return Occurrence(begin, begin + lasts * HOUR, reason)


def wanted(*occurrences: Occurrence, schedule: Schedule = NIGHTS) -> list[Freeze]:
    return freezes_of(schedule, occurrences, NOW)


def stored(*occurrences: Occurrence, now: datetime = NOW) -> list[Freeze]:
    """As they were stored at `now`."""
    found = freezes_of(NIGHTS, occurrences, now)
    return [replace(freeze, id=n) for n, freeze in enumerate(found, 1)]


def test_a_schedule_asks_for_a_freeze_for_each_scope_and_occurrence() -> None:
    wide = replace(NIGHTS, scopes=(RANKER, EVERYTHING))
    found = wanted(occurrence(1), occurrence(25), schedule=wide)
    assert [(f.scope, f.starts_at) for f in found] == [
        (RANKER, NOW + HOUR),
        (EVERYTHING, NOW + HOUR),
        (RANKER, NOW + 25 * HOUR),
        (EVERYTHING, NOW + 25 * HOUR),
    ]


def test_a_freeze_of_a_schedule_says_where_it_comes_from() -> None:
    (found,) = wanted(occurrence(1))
    assert (found.origin, found.schedule, found.occurrence) == (
        Origin.SCHEDULE,
        "nights",
        NOW + HOUR,
    )
    assert (found.set_by.id, found.set_by.name) == ("schedule:nights", "schedule nights")
    assert found.set_by.door is Door.POLICY
    assert (found.reason, found.ends_at) == ("few are awake", NOW + 9 * HOUR)


def test_what_should_have_begun_already_begins_now_and_never_before() -> None:
    (found,) = wanted(occurrence(-2))
    assert (found.starts_at, found.occurrence) == (NOW, NOW - 2 * HOUR)
    assert found.stops(NOW)


def test_what_is_over_is_not_asked_for() -> None:
    assert wanted(occurrence(-8)) == []
    assert len(wanted(occurrence(-8, 8.01))) == 1


def test_what_is_not_stored_is_added() -> None:
    asked = wanted(occurrence(1), occurrence(25))
    changes = reconcile(asked, stored(occurrence(1)), NOW)
    assert (changes.add, changes.withdraw) == ((asked[1],), ())


def test_what_is_stored_as_asked_stays() -> None:
    changes = reconcile(wanted(occurrence(1)), stored(occurrence(1)), NOW)
    assert (changes.add, changes.withdraw) == ((), ())


def test_what_is_no_longer_asked_for_is_taken_back() -> None:
    known = stored(occurrence(1), occurrence(25))
    changes = reconcile(wanted(occurrence(1)), known, NOW)
    assert (changes.add, changes.withdraw) == ((), (known[1],))


@pytest.mark.parametrize("edit", [occurrence(1, 9), occurrence(1, reason="audit")])
def test_what_is_asked_for_otherwise_is_taken_back_and_added_anew(edit: Occurrence) -> None:
    known = stored(occurrence(1))
    asked = wanted(edit)
    changes = reconcile(asked, known, NOW)
    assert (changes.add, changes.withdraw) == (tuple(asked), tuple(known))


@pytest.mark.parametrize("asked", [[], [occurrence(-1, 2)], [occurrence(-1, 9)]])
def test_an_edit_never_lifts_nor_changes_what_has_begun(asked: list[Occurrence]) -> None:
    known = stored(occurrence(-1), now=NOW - HOUR)
    changes = reconcile(wanted(*asked), known, NOW)
    assert (changes.add, changes.withdraw) == ((), ())


def test_a_freeze_that_begins_just_now_has_begun() -> None:
    known = stored(occurrence(0), now=NOW - HOUR)
    assert reconcile([], known, NOW).withdraw == ()
    assert reconcile([], known, NOW - timedelta(microseconds=1)).withdraw == tuple(known)


def test_what_people_have_edited_stays_as_long_as_its_start_is_asked_for() -> None:
    edited = [replace(one, ends_at=NOW + 2 * HOUR, version=2) for one in stored(occurrence(1))]
    assert reconcile(wanted(occurrence(1)), edited, NOW).withdraw == ()
    assert reconcile(wanted(occurrence(1)), edited, NOW).add == ()
    assert reconcile(wanted(occurrence(2)), edited, NOW).withdraw == tuple(edited)


def test_freezes_of_people_are_left_alone() -> None:
    theirs = Freeze(7, RANKER, "audit", Origin.MANUAL, actor(), NOW + HOUR)
    assert reconcile([], [theirs], NOW).withdraw == ()


def test_of_what_is_in_store_the_next_stands_for_all_that_follow() -> None:
    theirs = Freeze(7, RANKER, "audit", Origin.MANUAL, actor(), NOW - HOUR)
    store = stored(occurrence(25), occurrence(1), occurrence(49))
    running = stored(occurrence(-1), now=NOW - HOUR)[0]
    wide = replace(stored(occurrence(2))[0], scope=EVERYTHING)
    assert fold([wide, *store, theirs, running], NOW) == [
        (theirs, 0),
        (running, 0),
        (store[1], 2),
        (wide, 0),
    ]
