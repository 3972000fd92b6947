"""Freezes keep to the clock on the wall, also in the night in which it is changed."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Almanac
from bot.decide.schedule import Dates, Occurrence, Schedule
from bot.decide.scope import EVERYTHING

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
HOUR = timedelta(hours=1)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def local(text: str) -> datetime:
    return datetime.fromisoformat(text)


def schedule(*dates: Dates) -> Schedule:
    return Schedule("quiet", "Quiet hours", (EVERYTHING,), "few are at work", dates=dates)


def between(since: str, until: str, *dates: Dates) -> list[Occurrence]:
    return Almanac().occurrences(schedule(*dates), utc(since), utc(until))


def spans(found: list[Occurrence]) -> list[tuple[str, str]]:
    return [(f"{one.start:%m-%d %H:%M}", f"{one.end:%m-%d %H:%M}") for one in found]


DAILY = Dates(local("2026-01-01 09:00"), BERLIN, exact=HOUR, rule="FREQ=DAILY")


def test_nine_oclock_stays_nine_oclock_when_clocks_go_forward() -> None:
    found = between("2026-03-28", "2026-03-30T12:00", DAILY)
    assert [f"{one.start:%d %H:%M}" for one in found] == ["28 08:00", "29 07:00", "30 07:00"]


def test_nine_oclock_stays_nine_oclock_when_clocks_go_back() -> None:
    found = between("2026-10-24", "2026-10-26T12:00", DAILY)
    assert [f"{one.start:%d %H:%M}" for one in found] == ["24 07:00", "25 08:00", "26 08:00"]


def test_a_start_that_the_clock_skips_is_later_by_what_was_skipped() -> None:
    dates = Dates(local("2026-03-29 02:30"), BERLIN, exact=HOUR)
    assert spans(between("2026-03-28", "2026-03-30", dates)) == [("03-29 01:30", "03-29 02:30")]


def test_a_start_that_the_clock_shows_twice_is_the_first() -> None:
    dates = Dates(local("2026-10-25 02:30"), BERLIN, exact=HOUR)
    assert spans(between("2026-10-24", "2026-10-26", dates)) == [("10-25 00:30", "10-25 01:30")]


@pytest.mark.parametrize(
    ("day", "by_the_wall", "elapsed"),
    [
        ("2026-03-28", ("03-28 17:00", "03-29 06:00"), ("03-28 17:00", "03-29 07:00")),
        ("2026-10-24", ("10-24 16:00", "10-25 07:00"), ("10-24 16:00", "10-25 06:00")),
        ("2026-06-06", ("06-06 16:00", "06-07 06:00"), ("06-06 16:00", "06-07 06:00")),
    ],
)
def test_a_night_ends_at_its_hour_by_the_wall_or_after_its_elapsed_time(
    day: str, by_the_wall: tuple[str, str], elapsed: tuple[str, str]
) -> None:
    start = local(f"{day} 18:00")
    wall = Dates(start, BERLIN, wall=14 * HOUR)
    exact = Dates(start, BERLIN, exact=14 * HOUR)
    assert spans(between("2026-01-01", "2026-12-31", wall)) == [by_the_wall]
    assert spans(between("2026-01-01", "2026-12-31", exact)) == [elapsed]


def test_a_day_is_a_day_of_the_calendar_and_twenty_four_hours_are_elapsed_time() -> None:
    start = local("2026-03-28 12:00")
    day = Dates(start, BERLIN, wall=timedelta(days=1))
    hours = Dates(start, BERLIN, exact=24 * HOUR)
    assert spans(between("2026-03-28", "2026-03-30", day)) == [("03-28 11:00", "03-29 10:00")]
    assert spans(between("2026-03-28", "2026-03-30", hours)) == [("03-28 11:00", "03-29 11:00")]


def test_a_freeze_inside_the_skipped_hour_does_not_vanish() -> None:
    """02:30 is 03:30 then, which is after the 03:15 at which it would end."""
    dates = Dates(local("2026-03-29 02:30"), BERLIN, wall=timedelta(minutes=45))
    assert spans(between("2026-03-28", "2026-03-30", dates)) == [("03-29 01:30", "03-29 02:15")]


def minutes_shown(around: datetime, zone: str) -> set[datetime]:
    """Everything that a clock shows in the day around a local time."""
    first = around.replace(tzinfo=UTC) - timedelta(hours=14)
    instants = (first + timedelta(minutes=n) for n in range(28 * 60))
    return {at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) for at in instants}


ZONES = (BERLIN, NEW_YORK, "Australia/Lord_Howe", "Asia/Kathmandu", "America/St_Johns", "UTC")


@given(
    st.sampled_from(ZONES),
    st.integers(0, 23),
    st.sampled_from((0, 15, 30)),
    st.dates(local("2026-01-01").date(), local("2029-12-31").date()),
)
def test_every_start_shows_its_hour_unless_the_clock_skips_it(
    zone: str, hour: int, minute: int, day: object
) -> None:
    dates = Dates(
        local(f"{day} {hour:02}:{minute:02}"), zone, exact=HOUR, rule="FREQ=DAILY;COUNT=400"
    )
    since = dates.start.replace(tzinfo=UTC) - timedelta(days=2)
    found = Almanac().occurrences(schedule(dates), since, since + timedelta(days=402))
    assert len(found) == 400
    odd = 0
    for n, one in enumerate(found):
        shown = one.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        meant = dates.start + timedelta(days=n)
        if shown != meant:
            odd += 1
            assert timedelta() < shown - meant <= HOUR
            assert meant not in minutes_shown(meant, zone), "the clock skips it"
    assert odd <= 2, "a clock goes forward once a year"


def test_what_runs_already_and_what_begins_at_the_end_are_both_found() -> None:
    dates = Dates(local("2026-01-01 09:00"), "UTC", exact=2 * HOUR, rule="FREQ=DAILY")
    assert spans(between("2026-01-02T10:00", "2026-01-03T09:00", dates)) == [
        ("01-02 09:00", "01-02 11:00"),
        ("01-03 09:00", "01-03 11:00"),
    ]
    assert spans(between("2026-01-02T11:00", "2026-01-03T08:59", dates)) == []


def test_of_two_that_begin_together_the_longer_counts() -> None:
    short = Dates(local("2026-01-05 09:00"), "UTC", exact=HOUR, reason="short")
    long = Dates(local("2026-01-05 10:00"), BERLIN, exact=2 * HOUR, reason="long")
    for order in ((short, long), (long, short)):
        found = between("2026-01-01", "2026-02-01", *order)
        assert [(one.reason, one.end) for one in found] == [("long", utc("2026-01-05T11:00"))]


def test_occurrences_come_in_order_whatever_the_order_of_the_dates() -> None:
    later = Dates(local("2026-01-09 09:00"), "UTC", exact=HOUR)
    sooner = Dates(local("2026-01-02 09:00"), "UTC", exact=HOUR)
    found = between("2026-01-01", "2026-02-01", later, sooner)
    assert [one.start.day for one in found] == [2, 9]
