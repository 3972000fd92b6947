"""Windows: rolling, and calendar ones in zones whose clocks change."""

from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.objective import Calendar, Rolling, Unit
from tests.builders import DAY, NOON, calendar, objective, rolling, when

ZONES = (
    "UTC",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",  # half an hour off
    "Asia/Kathmandu",  # three quarters
    "Australia/Lord_Howe",  # half an hour of daylight saving
    "America/Sao_Paulo",  # once changed its clocks at midnight
    "Pacific/Apia",  # once left a whole day out
)
starts = st.datetimes(datetime.fromisoformat("1999-01-01"), datetime.fromisoformat("2031-12-31"))
instants = st.datetimes(
    datetime.fromisoformat("2005-01-01"),
    datetime.fromisoformat("2030-12-31"),
    timezones=st.just(UTC),
)
calendars = st.builds(
    Calendar,
    st.integers(1, 5),
    st.sampled_from(Unit),
    starts,
    st.sampled_from(ZONES),
    st.just("any"),
)


def local(text: str, zone: str = "UTC") -> datetime:
    """A time on the clocks of a zone."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))


def bounds(window: Calendar, text: str) -> tuple[str, str]:
    """What the clocks of the window's zone show at its bounds, around a time on them."""
    zone = ZoneInfo(window.zone)
    opens, closes = window.bounds(local(text, window.zone))
    shown = "%Y-%m-%d %H:%M"
    return opens.astimezone(zone).strftime(shown), closes.astimezone(zone).strftime(shown)


@given(calendars, instants)
def test_every_instant_lies_in_its_calendar_window(window: Calendar, now: datetime) -> None:
    opens, closes = window.bounds(now)
    assert opens <= now < closes
    assert opens.tzinfo is UTC
    assert closes.tzinfo is UTC


@given(calendars, instants)
def test_consecutive_windows_touch(window: Calendar, now: datetime) -> None:
    opens, closes = window.bounds(now)
    assert window.bounds(closes)[0] == closes
    assert window.bounds(opens - timedelta(microseconds=1))[1] == opens


@given(calendars, instants)
def test_every_instant_of_a_window_has_the_same_bounds(window: Calendar, now: datetime) -> None:
    opens, closes = window.bounds(now)
    assert window.bounds(opens) == (opens, closes)
    assert window.bounds(closes - timedelta(microseconds=1)) == (opens, closes)


def test_a_month_ends_where_the_next_begins() -> None:
    assert bounds(calendar(), "2026-02-28 23:59") == ("2026-02-01 00:00", "2026-03-01 00:00")
    assert bounds(calendar(), "2026-03-01 00:00") == ("2026-03-01 00:00", "2026-04-01 00:00")


def test_a_day_that_a_month_lacks_becomes_its_last_day() -> None:
    window = calendar(start=datetime.fromisoformat("2024-01-31"))
    assert bounds(window, "2024-02-10") == ("2024-01-31 00:00", "2024-02-29 00:00")
    assert bounds(window, "2024-03-01") == ("2024-02-29 00:00", "2024-03-31 00:00")
    assert bounds(window, "2025-02-28") == ("2025-02-28 00:00", "2025-03-31 00:00")


def test_a_leap_day_opens_a_year_on_the_last_of_february() -> None:
    window = calendar(Unit.YEAR, start=datetime.fromisoformat("2024-02-29"))
    assert bounds(window, "2025-06-01") == ("2025-02-28 00:00", "2026-02-28 00:00")
    assert bounds(window, "2028-03-01") == ("2028-02-29 00:00", "2029-02-28 00:00")


@pytest.mark.parametrize(
    ("unit", "count", "expected"),
    [
        (Unit.DAY, 1, ("2026-08-15 00:00", "2026-08-16 00:00")),
        (Unit.WEEK, 1, ("2026-08-13 00:00", "2026-08-20 00:00")),  # 1 January was a Thursday
        (Unit.WEEK, 2, ("2026-08-13 00:00", "2026-08-27 00:00")),
        (Unit.MONTH, 2, ("2026-07-01 00:00", "2026-09-01 00:00")),
        (Unit.QUARTER, 1, ("2026-07-01 00:00", "2026-10-01 00:00")),
        (Unit.YEAR, 1, ("2026-01-01 00:00", "2027-01-01 00:00")),
    ],
)
def test_windows_are_whole_units_counted_from_the_start(
    unit: Unit, count: int, expected: tuple[str, str]
) -> None:
    assert bounds(calendar(unit, count), "2026-08-15 13:00") == expected


def test_windows_go_back_before_the_start_in_the_same_measure() -> None:
    assert bounds(calendar(), "2025-12-31 12:00") == ("2025-12-01 00:00", "2026-01-01 00:00")


@pytest.mark.parametrize(
    ("text", "hours"),
    [("2026-03-29 12:00", 23), ("2026-10-25 12:00", 25), ("2026-06-01 12:00", 24)],
)
def test_a_day_in_berlin_is_as_long_as_its_clocks_make_it(text: str, hours: int) -> None:
    opens, closes = calendar(Unit.DAY, zone="Europe/Berlin").bounds(local(text, "Europe/Berlin"))
    assert closes - opens == timedelta(hours=hours)


def test_an_opening_in_the_skipped_hour_is_read_by_the_clock_before_the_change() -> None:
    window = calendar(
        Unit.DAY, start=datetime.fromisoformat("2026-03-01 02:30"), zone="America/New_York"
    )
    opens, closes = window.bounds(datetime(2026, 3, 8, 12, tzinfo=UTC))  # 2:00 became 3:00
    assert opens == datetime(2026, 3, 8, 7, 30, tzinfo=UTC)
    assert closes == datetime(2026, 3, 9, 6, 30, tzinfo=UTC)


def test_an_opening_in_the_repeated_hour_is_the_first_of_the_two() -> None:
    window = calendar(
        Unit.DAY, start=datetime.fromisoformat("2026-10-01 01:30"), zone="America/New_York"
    )
    second_quarter_past_one = datetime(2026, 11, 1, 6, 15, tzinfo=UTC)
    opens, _ = window.bounds(second_quarter_past_one)
    assert opens == datetime(2026, 11, 1, 5, 30, tzinfo=UTC)


def test_a_month_in_kolkata_begins_at_half_past_six_in_the_evening_utc() -> None:
    opens, _ = calendar(zone="Asia/Kolkata").bounds(datetime(2026, 5, 15, tzinfo=UTC))
    assert opens == datetime(2026, 4, 30, 18, 30, tzinfo=UTC)


def test_a_rolling_window_ends_now() -> None:
    assert rolling(7).bounds(when(NOON)) == (when(NOON - 7 * DAY), when(NOON))


@pytest.mark.parametrize(
    ("window", "days"),
    [
        (rolling(28), 28),
        (calendar(Unit.DAY, 3), 3),
        (calendar(Unit.WEEK), 7),
        (calendar(Unit.MONTH), 30),
        (calendar(Unit.QUARTER), 90),
        (calendar(Unit.YEAR), 365),
    ],
)
def test_alerts_refer_to_the_nominal_length_of_the_window(
    window: Rolling | Calendar, days: int
) -> None:
    assert objective(window=window).window_seconds == days * DAY


def test_an_objective_is_named_by_service_and_name_and_its_budget_is_exact() -> None:
    one = objective("ranker", "latency", target="0.999")
    assert one.id == "ranker/latency"
    assert one.budget == Fraction(1, 1000)
