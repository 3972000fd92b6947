"""Freezes of schedules, versions of freezes, and reminders, in every kind of record."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bot.decide.freeze import Freeze, FreezeState, FreezeVersion, Origin
from bot.decide.schedule import setter
from bot.ports import Books, Coming, Record, Tenure, Told
from bot.record import Database
from tests.builders import actor
from tests.record_samples import NOW, freeze, later

pytest_plugins = ["tests.record_stores"]


def scheduled(starts: float = 60, lasts: float = 60, schedule: str = "nights") -> Freeze:
    """Begins so many seconds from NOW."""
    return replace(
        freeze(starts=starts, ends=starts + lasts),
        origin=Origin.SCHEDULE,
        set_by=setter(schedule),
        schedule=schedule,
        occurrence=later(starts),
    )


def add(record: Record, wanted: Freeze) -> Freeze | None:
    return record.write(lambda books: books.schedules.add(wanted))


def added(record: Record, wanted: Freeze) -> Freeze:
    found = add(record, wanted)
    assert found is not None
    return found


def test_an_occurrence_is_stored_once(record: Record) -> None:
    first = added(record, scheduled())
    assert first == replace(scheduled(), id=first.id)
    assert record.read(lambda books: books.freezes.get(first.id)) == first
    assert add(record, replace(scheduled(), reason="another", ends_at=later(900))) is None
    assert record.read(lambda books: books.freezes.standing(NOW)) == [first]


def test_other_starts_schedules_and_scopes_are_other_occurrences(record: Record) -> None:
    other = type(scheduled().scope)(scheduled().scope.reach, "search")
    kinds = [
        scheduled(),
        scheduled(120),
        scheduled(schedule="days"),
        replace(scheduled(), scope=other),
    ]
    assert len({added(record, one).id for one in kinds}) == 4


def test_freezes_set_by_people_are_no_occurrences(record: Record) -> None:
    for _ in range(2):
        record.write(lambda books: books.freezes.add(freeze()))
    assert len(record.read(lambda books: books.freezes.standing(NOW))) == 2


def test_what_is_withdrawn_is_cancelled_and_may_be_stored_anew(record: Record) -> None:
    first = added(record, scheduled())
    assert record.write(lambda books: books.schedules.withdraw(first.id, later(10)))
    gone = record.read(lambda books: books.freezes.get(first.id))
    assert gone is not None
    assert gone.state(later(10)) is FreezeState.CANCELLED
    assert (gone.schedule, gone.occurrence) == ("nights", None)
    again = added(record, scheduled())
    assert again.id != first.id
    assert record.read(lambda books: books.freezes.standing(later(20))) == [again]


def test_what_people_lifted_before_it_began_is_not_stored_anew(record: Record) -> None:
    first = added(record, scheduled())
    assert record.write(lambda books: books.freezes.lift(first.id, later(10)))
    assert add(record, scheduled()) is None


def test_nothing_that_has_begun_is_withdrawn(record: Record) -> None:
    first = added(record, scheduled())
    assert not record.write(lambda books: books.schedules.withdraw(first.id, later(60)))
    assert not record.write(lambda books: books.schedules.withdraw(99, NOW))
    assert record.write(lambda books: books.schedules.withdraw(first.id, later(59)))
    assert not record.write(lambda books: books.schedules.withdraw(first.id, later(59)))


def coming(record: Record, at: float, until: float) -> list[tuple[int, bool]]:
    found = record.write(lambda books: books.schedules.coming(later(at), later(until)))
    return [(one.freeze.id, one.noticed) for one in found]


def test_a_freeze_comes_until_its_beginning_is_told(record: Record) -> None:
    one = added(record, scheduled())
    assert coming(record, 0, 59) == []
    assert coming(record, 0, 60) == [(one.id, False)]
    record.write(lambda books: books.schedules.noticed(one.id))
    assert coming(record, 0, 60) == [(one.id, True)]
    assert coming(record, 119, 119) == [(one.id, True)], "a late tick still tells that it began"
    assert coming(record, 120, 120) == [], "what is over does not begin any more"
    record.write(lambda books: books.schedules.announced(one.id))
    assert coming(record, 61, 61) == []


def test_what_its_channels_have_heard_is_known_of_every_freeze(record: Record) -> None:
    def told(number: int) -> Told:
        return record.read(lambda books: books.schedules.told(number))

    one = added(record, scheduled())
    theirs = record.write(lambda books: books.freezes.add(freeze()))
    assert (told(one.id), told(theirs.id), told(99)) == (Told.NOTHING, Told.BEGUN, Told.NOTHING)
    record.write(lambda books: books.schedules.noticed(one.id))
    assert told(one.id) is Told.COMING
    record.write(lambda books: books.schedules.withdraw(one.id, NOW))
    assert told(one.id) is Told.COMING
    record.write(lambda books: books.schedules.announced(one.id))
    assert told(one.id) is Told.BEGUN


def test_what_is_cancelled_or_set_by_people_does_not_come(record: Record) -> None:
    one = added(record, scheduled())
    record.write(lambda books: books.freezes.add(freeze()))
    record.write(lambda books: books.schedules.withdraw(one.id, later(10)))
    assert coming(record, 20, 999) == []


def test_a_reader_sees_what_comes_too(record: Record) -> None:
    one = added(record, scheduled())
    found = record.read(lambda books: books.schedules.coming(NOW, later(60)))
    assert found == [Coming(one, noticed=False)]


def test_the_tenure_is_whose_it_was_last(record: Record) -> None:
    assert record.read(lambda books: books.schedules.tenure()) is None
    record.write(lambda books: books.schedules.hold("v1", NOW))
    record.write(lambda books: books.schedules.hold("v2", later(5)))
    assert record.read(lambda books: books.schedules.tenure()) == Tenure("v2", later(5))


@pytest.mark.parametrize("adders", [8])
def test_replicas_that_add_at_once_store_each_occurrence_once(
    database: Database, adders: int
) -> None:
    gate = Barrier(adders)
    stored: list[Freeze] = []

    def replica() -> None:
        gate.wait(10)
        for n in range(10):
            found = add(database, scheduled(60 * n + 60))
            if found is not None:
                stored.append(found)

    threads = [Thread(target=replica) for _ in range(adders)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert len(stored) == 10
    assert len(database.read(lambda books: books.freezes.standing(NOW))) == 10


def edited(number: int = 1, at: float = 10) -> FreezeVersion:
    """What `freeze(ends=100)` was."""
    return FreezeVersion(number, "too many errors", later(100), later(at), actor("bob"), "calmer")


def test_an_edit_replaces_reason_and_end_and_keeps_what_was(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    assert record.write(lambda books: books.freezes.edit(one.id, edited(), "fewer", later(200)))
    found = record.read(lambda books: books.freezes.get(one.id))
    assert found == replace(one, reason="fewer", ends_at=later(200), version=2)
    assert record.read(lambda books: books.freezes.versions(one.id)) == [edited()]
    second = replace(edited(2, 20), reason="fewer", ends_at=later(200))
    assert record.write(lambda books: books.freezes.edit(one.id, second, "fewer", None))
    assert record.read(lambda books: books.freezes.versions(one.id)) == [edited(), second]
    assert record.read(lambda books: books.freezes.versions(99)) == []


def test_of_two_edits_of_one_version_the_second_is_refused(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    assert record.write(lambda books: books.freezes.edit(one.id, edited(), "a", None))
    assert not record.write(lambda books: books.freezes.edit(one.id, edited(), "b", None))
    assert len(record.read(lambda books: books.freezes.versions(one.id))) == 1


def test_what_is_over_is_not_edited(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    late = edited(at=100)
    assert not record.write(lambda books: books.freezes.edit(one.id, late, "a", None))
    record.write(lambda books: books.freezes.lift(one.id, later(5)))
    assert not record.write(lambda books: books.freezes.edit(one.id, edited(), "a", None))
    assert not record.write(lambda books: books.freezes.edit(99, edited(), "a", None))
    assert record.read(lambda books: books.freezes.versions(one.id)) == []


def test_the_end_that_an_edit_sets_is_the_end(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=100)))
    record.write(lambda books: books.freezes.edit(one.id, edited(), "a", later(50)))
    assert record.read(lambda books: books.freezes.standing(later(50))) == []
    assert [f.id for f in record.write(lambda books: books.freezes.lapsed(later(50)))] == [one.id]


DAY = timedelta(days=1)


def forgotten(record: Record, at: float) -> list[int]:
    return [f.id for f in record.write(lambda books: books.freezes.forgotten(later(at) - DAY))]


def test_a_freeze_without_an_end_is_brought_to_mind_every_day(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze()))
    day = DAY.total_seconds()
    assert forgotten(record, day - 1) == []
    assert forgotten(record, day) == [one.id]
    record.write(lambda books: books.freezes.reminded(one.id, later(day)))
    assert forgotten(record, 2 * day - 1) == []
    assert forgotten(record, 2 * day) == [one.id]
    record.write(lambda books: books.freezes.lift(one.id, later(2 * day)))
    assert forgotten(record, 3 * day) == []


def test_what_ends_or_thaws_by_itself_needs_no_reminder(record: Record) -> None:
    policy = replace(freeze(cause="ranker/x"), origin=Origin.POLICY)
    for one in (freeze(ends=9e6), policy):
        record.write(lambda books, one=one: books.freezes.add(one))
    assert forgotten(record, 8e6) == []


def test_a_freeze_that_cannot_thaw_any_more_is_brought_to_mind_when_named(record: Record) -> None:
    policy = replace(freeze(cause="ranker/x"), origin=Origin.POLICY)
    one = record.write(lambda books: books.freezes.add(policy))
    ends = record.write(lambda books: books.freezes.add(replace(policy, ends_at=later(9e6))))

    def named(at: float) -> list[int]:
        def work(books: Books) -> list[Freeze]:
            return books.freezes.forgotten(later(at) - DAY, [one.id, ends.id])

        return [f.id for f in record.write(work)]

    day = DAY.total_seconds()
    assert named(day - 1) == []
    assert named(day) == [one.id]
    record.write(lambda books: books.freezes.reminded(one.id, later(day)))
    assert named(2 * day - 1) == []


def test_whoever_edits_a_freeze_has_it_in_mind(record: Record) -> None:
    one = record.write(lambda books: books.freezes.add(freeze(ends=9e6)))
    day = DAY.total_seconds()
    former = replace(edited(at=5 * day), ends_at=later(9e6))
    record.write(lambda books: books.freezes.edit(one.id, former, "longer", None))
    assert forgotten(record, 6 * day - 1) == []
    assert forgotten(record, 6 * day) == [one.id]
