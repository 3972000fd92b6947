"""iCalendar in and out."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from bot.calendar import Almanac, Entry, read_events, write_calendar
from bot.decide.schedule import Dates, Occurrence, Schedule
from bot.decide.scope import EVERYTHING

BERLIN = "Europe/Berlin"


def text(*events: str) -> str:
    bodies = "".join(f"BEGIN:VEVENT\n{event.strip()}\nEND:VEVENT\n" for event in events)
    return f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//EN\n{bodies}END:VCALENDAR\n"


def read(*events: str, zone: str = "") -> list[Dates]:
    found, faults = read_events(text(*events), zone)
    assert faults == []
    return found


def occurrences(found: list[Dates], since: str, until: str) -> list[Occurrence]:
    schedule = Schedule("x", "x", (EVERYTHING,), "closed", dates=tuple(found))
    first, last = (datetime.fromisoformat(one).replace(tzinfo=UTC) for one in (since, until))
    return Almanac().occurrences(schedule, first, last)


def begins(found: list[Dates], since: str = "2026-01-01", until: str = "2027-01-31") -> list[str]:
    return [f"{one.start:%m-%d %H:%M}" for one in occurrences(found, since, until)]


WEEKLY = """
UID:1
SUMMARY:Weekend
DTSTART;TZID=Europe/Berlin:20261016T180000
DTEND;TZID=Europe/Berlin:20261019T080000
RRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=4
"""


def test_an_event_becomes_dates_in_its_own_zone() -> None:
    (found,) = read(WEEKLY)
    assert found == Dates(
        datetime.fromisoformat("2026-10-16 18:00"),
        BERLIN,
        wall=timedelta(days=2, hours=14),
        rule="FREQ=WEEKLY;COUNT=4;BYDAY=FR",
        also=(datetime.fromisoformat("2026-10-16 18:00"),),
        reason="Weekend",
    )


def test_an_event_that_recurs_keeps_its_hours_over_a_change_of_the_clock() -> None:
    spans = [
        (f"{one.start:%m-%d %H}", f"{one.end:%m-%d %H}")
        for one in occurrences(read(WEEKLY), "2026-10-01", "2026-12-01")
    ]
    assert spans == [
        ("10-16 16", "10-19 06"),
        ("10-23 16", "10-26 07"),
        ("10-30 17", "11-02 07"),
        ("11-06 17", "11-09 07"),
    ]


@pytest.mark.parametrize(
    ("more", "left"),
    [
        ("EXDATE;TZID=Europe/Berlin:20261023T180000", ["10-16", "10-30", "11-06"]),
        ("EXDATE:20261023T160000Z\nEXDATE:20261030T170000Z", ["10-16", "11-06"]),
        ("EXDATE;VALUE=DATE:20261023,20261106", ["10-16", "10-30"]),
        ("RDATE;TZID=Europe/Berlin:20261201T180000", ["10-16", "10-23", "10-30", "11-06", "12-01"]),
        (
            "RDATE;VALUE=PERIOD:20261201T170000Z/PT2H,20261202T170000Z/20261202T190000Z",
            ["10-16", "10-23", "10-30", "11-06", "12-01", "12-02"],
        ),
    ],
)
def test_exceptions_and_further_dates_count(more: str, left: list[str]) -> None:
    assert [day[:5] for day in begins(read(WEEKLY + more))] == left


def test_a_period_lasts_as_long_as_it_says() -> None:
    found = read(
        WEEKLY + "RDATE;VALUE=PERIOD:20261201T170000Z/PT2H,20261202T170000Z/20261203T010000Z"
    )
    lasts = [one.end - one.start for one in occurrences(found, "2026-12-01", "2026-12-31")]
    assert lasts == [timedelta(hours=2), timedelta(hours=8)]


def test_one_of_a_series_that_was_moved_begins_where_it_was_moved_to() -> None:
    moved = """
UID:1
SUMMARY:Weekend
RECURRENCE-ID;TZID=Europe/Berlin:20261023T180000
DTSTART;TZID=Europe/Berlin:20261022T120000
DTEND;TZID=Europe/Berlin:20261022T180000
"""
    assert begins(read(WEEKLY, moved)) == [
        "10-16 16:00",
        "10-22 10:00",
        "10-30 17:00",
        "11-06 17:00",
    ]
    cancelled = moved + "STATUS:CANCELLED"
    assert begins(read(cancelled, WEEKLY)) == ["10-16 16:00", "10-30 17:00", "11-06 17:00"]


def test_a_cancelled_event_is_passed_over() -> None:
    assert read(WEEKLY, "DTSTART:20260101T000000Z\nDURATION:PT1H\nSTATUS:CANCELLED")[0].rule
    assert len(read(WEEKLY, "DTSTART:20260101T000000Z\nDURATION:PT1H\nSTATUS:CANCELLED")) == 1


def test_a_whole_day_is_a_day_of_the_zone_that_the_spec_names() -> None:
    day = "DTSTART;VALUE=DATE:20261224\nDTEND;VALUE=DATE:20261227"
    (one,) = occurrences(read(day, zone=BERLIN), "2026-12-01", "2026-12-31")
    assert (one.start.isoformat(), one.end.isoformat()) == (
        "2026-12-23T23:00:00+00:00",
        "2026-12-26T23:00:00+00:00",
    )
    (alone,) = occurrences(
        read("DTSTART;VALUE=DATE:20261224", zone="UTC"), "2026-12-01", "2027-01-01"
    )
    assert alone.end - alone.start == timedelta(days=1)


def test_a_time_without_a_zone_is_meant_in_the_zone_that_the_spec_names() -> None:
    floating = "DTSTART:20260701T120000\nDURATION:PT1H"
    assert begins(read(floating, zone=BERLIN)) == ["07-01 10:00"]


def test_a_zone_that_has_another_name_on_windows_is_known() -> None:
    outlook = "DTSTART;TZID=W. Europe Standard Time:20260701T120000\nDURATION:P1DT1H"
    (found,) = read(outlook)
    assert (found.zone, found.wall, found.exact) == (
        BERLIN, timedelta(days=1), timedelta(hours=1),
    )  # fmt: skip


def test_a_first_start_that_the_rule_leaves_out_counts_all_the_same() -> None:
    odd = "DTSTART:20261015T120000Z\nDURATION:PT1H\nRRULE:FREQ=WEEKLY;BYDAY=FR;COUNT=2"
    assert begins(read(odd)) == ["10-15 12:00", "10-16 12:00", "10-23 12:00"]


AT = "DTSTART:20260101T000000Z\n"


@pytest.mark.parametrize(
    ("event", "says"),
    [
        ("UID:2", "It has no DTSTART."),
        ("DTSTART:tomorrow", "DTSTART cannot be read"),
        (AT, "It does not say how long it lasts."),
        (AT + "DTEND:20260101T000000Z", "ends no later than it begins"),
        (AT + "DTEND:20250101T000000Z", "ends no later than it begins"),
        (AT + "DURATION:P91D", "longer than 90 days"),
        (AT + "DURATION:soon", "DURATION cannot be read"),
        (AT + AT + "DURATION:PT1H", "DTSTART stands there more than once."),
        (AT + "DURATION:PT1H\nRRULE:FREQ=SECONDLY", "`SECONDLY` does not fit FREQ."),
        (AT + "DURATION:PT1H\nRRULE:FREQ=FOO", "RRULE cannot be read"),
        (AT + "DURATION:P2D\nRRULE:FREQ=DAILY", "is not over when the next begins"),
        (AT + "DURATION:PT1H\nRRULE:FREQ=DAILY\nRRULE:FREQ=WEEKLY", "RRULE stands there more"),
        (AT + "DURATION:PT1H\nEXDATE:never", "EXDATE cannot be read"),
        ("DTSTART:20260101T000000\nDURATION:PT1H", "2026-01-01 00:00 is meant in some time zone"),
        ("DTSTART;VALUE=DATE:20260101", "A whole day is meant in some time zone"),
        ("DTSTART;TZID=Mars/Phobos:20260101T000000\nDURATION:PT1H", "no time zone `Mars/Phobos`"),
        (
            AT + "DURATION:PT1H\nRECURRENCE-ID;RANGE=THISANDFUTURE:20260101T000000Z",
            "A change of all later dates at once is not read.",
        ),
    ],
)
def test_a_faulty_event_is_told_with_the_line_on_which_it_begins(event: str, says: str) -> None:
    found, faults = read_events(text(WEEKLY, f"SUMMARY:Odd\n{event}"))
    assert len(found) <= 2
    assert [fault.line for fault in faults] == [11]
    assert says in faults[0].problem
    assert faults[0].remedy
    assert faults[0].event == "Odd"


@pytest.mark.parametrize(
    ("whole", "says"),
    [
        ("", "This is not iCalendar"),
        ("hello", "This is not iCalendar"),
        ("BEGIN:VCALENDAR\nBEGIN:VEVENT\n", "This is not iCalendar"),
        (text(), "There are 0 events in it"),
        (
            text(*(f"UID:{n}\nDTSTART:20260101T000000Z\nDURATION:PT1H" for n in range(1_001))),
            "1,001",
        ),
    ],
)
def test_what_is_no_calendar_of_freezes_is_told(whole: str, says: str) -> None:
    found, (fault,) = read_events(whole)
    assert found == []
    assert says in f"{fault.problem} {fault.remedy}".replace("1001", "1,001")


@given(st.text(max_size=200) | st.lists(st.sampled_from(text(WEEKLY).splitlines())).map("\n".join))
def test_whatever_a_calendar_holds_it_is_read_or_refused(whole: str) -> None:
    found, faults = read_events(whole, BERLIN)
    assert found or faults


ENTRIES = st.lists(
    st.builds(
        lambda number, start, lasts, summary: Entry(
            number, 1, summary, "why", start, start + lasts
        ),
        st.integers(1, 10_000),
        st.datetimes(
            datetime.fromisoformat("2026-01-01"), datetime.fromisoformat("2029-12-31"),
            timezones=st.just(UTC),
        ).map(lambda at: at.replace(microsecond=0)),
        st.timedeltas(timedelta(minutes=1), timedelta(days=90)).map(
            lambda span: timedelta(seconds=int(span.total_seconds()))
        ),
        st.text(max_size=80),
    ),
    min_size=1,
    max_size=8,
    unique_by=(lambda entry: entry.number, lambda entry: entry.start),
)  # fmt: skip

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


@given(ENTRIES)
def test_what_is_exported_and_imported_freezes_the_same_stretches(entries: list[Entry]) -> None:
    found, faults = read_events(write_calendar(entries, NOW))
    assert faults == []
    spans = {(one.start, one.end) for one in occurrences(found, "2025-12-01", "2030-12-31")}
    assert spans == {(entry.start, entry.end) for entry in entries}


def test_an_export_is_what_the_rfc_wants() -> None:
    start = datetime(2026, 3, 6, 17, tzinfo=UTC)
    reason = "a reason; with, marks\nand lines " + "long " * 30
    one = Entry(12, 3, "Freeze of ranker", reason, start, start + timedelta(hours=2))
    whole = write_calendar([one], NOW)
    assert whole.endswith("END:VCALENDAR\r\n")
    assert all(len(line.encode()) <= 75 for line in whole.split("\r\n")), "long lines are folded"
    (event,) = Calendar.from_ical(whole).walk("VEVENT")
    assert event["UID"] == "freeze-12@burnban"
    assert event["SEQUENCE"] == 2
    assert event["DTSTAMP"].dt == NOW
    assert event["DTSTART"].dt == start
    assert event["DESCRIPTION"] == reason


def test_the_identity_of_a_freeze_outlives_its_edits() -> None:
    start = datetime(2026, 3, 6, 17, tzinfo=UTC)
    uids = set()
    for version in (1, 2):
        entry = Entry(12, version, f"v{version}", "", start, start + timedelta(hours=version))
        (event,) = Calendar.from_ical(write_calendar([entry], NOW)).walk("VEVENT")
        uids.add(str(event["UID"]))
    assert uids == {"freeze-12@burnban"}


def test_an_empty_calendar_is_a_calendar() -> None:
    assert Calendar.from_ical(write_calendar([], NOW)).walk("VEVENT") == []


def test_whole_days_that_are_excepted_are_days() -> None:
    (found,) = read(WEEKLY + "EXDATE;VALUE=DATE:20261023")
    assert found.except_days == frozenset({date(2026, 10, 23)})
