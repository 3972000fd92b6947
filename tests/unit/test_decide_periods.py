"""Our freezes as GitLab's freeze periods."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

from bot.decide.freeze import Effect, Freeze, Origin
from bot.decide.people import Actor, Door
from bot.decide.periods import AHEAD, Period, period_of
from bot.decide.scope import EVERYTHING

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ADA = Actor("UADA", "ada", Door.SLACK)
FREEZE = Freeze(1, EVERYTHING, "x", Origin.MANUAL, ADA, NOW, NOW + timedelta(hours=30))


def test_a_freeze_is_a_period_between_two_minutes_of_the_year() -> None:
    period = period_of(FREEZE, NOW)
    assert period == Period("0 12 2 3 *", "0 18 3 3 *")
    assert period is not None
    assert period.mark == "0 12 2 3 *|0 18 3 3 *|UTC"


def test_a_period_is_told_in_utc_and_covers_all_of_its_last_minute() -> None:
    east = timezone(timedelta(hours=2))
    end = datetime(2026, 3, 2, 20, 30, 1, tzinfo=east)
    period = period_of(replace(FREEZE, ends_at=end), NOW)
    assert period is not None
    assert period.end == "31 18 2 3 *"


def test_a_freeze_without_an_end_has_one_that_moves_on_every_day() -> None:
    endless = replace(FREEZE, ends_at=None)
    first, next_day = period_of(endless, NOW), period_of(endless, NOW + timedelta(days=1))
    assert first is not None
    assert next_day is not None
    assert (first.end, next_day.end) == ("0 0 4 3 *", "0 0 5 3 *")
    far = period_of(replace(FREEZE, ends_at=NOW + 2 * AHEAD), NOW)
    assert far == first


def test_what_stops_nothing_has_no_period() -> None:
    assert period_of(replace(FREEZE, effect=Effect.HOLD), NOW) is None
    assert period_of(replace(FREEZE, monitored=True), NOW) is None
    assert period_of(FREEZE, NOW + timedelta(hours=30)) is None
    assert period_of(replace(FREEZE, starts_at=NOW + AHEAD + timedelta(1)), NOW) is None
