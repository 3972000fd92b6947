"""Public holidays: whole local days, those next to each other in one piece, the same on every
machine."""

from datetime import UTC, date, datetime, timedelta

import pytest

from bot.calendar import Almanac, Misdated, check_place
from bot.decide.schedule import Occurrence, PublicHolidays, Schedule
from bot.decide.scope import EVERYTHING

BERLIN = PublicHolidays("DE", "Europe/Berlin", "BE")


def at_year_end(rule: PublicHolidays) -> list[Occurrence]:
    since = datetime(2026, 12, 15, tzinfo=UTC)
    schedule = Schedule("feast", "Feast", (EVERYTHING,), "few are at work", holidays=(rule,))
    return Almanac().occurrences(schedule, since, since + timedelta(days=30))


def days(found: list[Occurrence]) -> list[str]:
    return [f"{one.start:%m-%d %H} to {one.end:%m-%d %H}" for one in found]


def test_holidays_are_local_days_and_neighbours_are_one_freeze() -> None:
    assert days(at_year_end(BERLIN)) == ["12-24 23 to 12-26 23", "12-31 23 to 01-01 23"]


def test_days_before_and_after_are_frozen_too() -> None:
    wide = PublicHolidays("DE", "UTC", "BE", before=1, after=2)
    assert days(at_year_end(wide)) == ["12-24 00 to 12-29 00", "12-31 00 to 01-04 00"]


def test_stretches_that_come_to_touch_are_one() -> None:
    joined = PublicHolidays("DE", "UTC", before=3, after=2)
    assert days(at_year_end(joined)) == ["12-22 00 to 01-04 00"]


def test_a_stretch_has_the_same_start_whenever_it_is_looked_at() -> None:
    """It is the key under which a freeze is stored."""
    schedule = Schedule("feast", "", (EVERYTHING,), "x", holidays=(BERLIN,))
    starts = set()
    for day in (20, 25, 26):
        since = datetime(2026, 12, day, 12, tzinfo=UTC)
        (found,) = Almanac().occurrences(schedule, since, datetime(2026, 12, 30, tzinfo=UTC))
        starts.add(found.start)
    assert len(starts) == 1


def test_the_reason_names_the_holidays_in_english_whatever_the_machine_speaks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for language in ("de_DE.UTF-8", "C"):
        monkeypatch.setenv("LANGUAGE", language)
        monkeypatch.setenv("LANG", language)
        assert [one.reason for one in at_year_end(BERLIN)] == [
            "few are at work (Christmas Day, Second Day of Christmas)",
            "few are at work (New Year's Day)",
        ]


def test_a_holiday_may_be_excepted() -> None:
    most = PublicHolidays("DE", "UTC", except_days=frozenset({date(2026, 12, 26)}))
    assert days(at_year_end(most))[0] == "12-25 00 to 12-26 00"


@pytest.mark.parametrize(
    ("country", "part", "says"),
    [
        ("XX", "", "No public holidays are known for `XX`. Write an ISO 3166 code"),
        ("de", "", "Did you mean DE?"),
        ("DE", "BER", "Did you mean BE?"),
        ("DE", "Berlin", "DE has no subdivision `Berlin`. There is: BB, BE"),
        ("VA", "X", "Leave it out: there is none."),
    ],
)
def test_a_place_that_is_not_known_is_refused_with_the_nearest(
    country: str, part: str, says: str
) -> None:
    with pytest.raises(Misdated) as caught:
        check_place(country, part)
    assert says in str(caught.value)


def test_a_known_place_is_taken() -> None:
    check_place("US", "CA")
