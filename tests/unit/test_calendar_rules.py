"""Rules of recurrence: read with a sentence for every fault, bounded, and refused if they can never
be meant."""

from datetime import date, datetime, timedelta
from itertools import islice
from time import monotonic

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.calendar import Misdated, check_dates, read_rule, starts
from bot.decide.schedule import Dates

START = datetime.fromisoformat("2026-01-02 16:00")  # a Friday
DAY = timedelta(days=1)


def dates(rule: str, lasts: timedelta = timedelta(hours=1), **more: object) -> Dates:
    text, last = read_rule(rule, "Europe/Berlin")
    plain = Dates(START, "Europe/Berlin", exact=lasts, rule=text, last=last)
    return Dates(**{name: getattr(plain, name) for name in plain.__slots__} | more)


def first(found: Dates, count: int = 3) -> list[str]:
    return [f"{at:%m-%d %H}" for at in islice(starts(found), count)]


@pytest.mark.parametrize(
    ("rule", "begins"),
    [
        ("FREQ=WEEKLY;BYDAY=FR", ["01-02 16", "01-09 16", "01-16 16"]),
        ("RRULE:freq=weekly;byday=fr;", ["01-02 16", "01-09 16", "01-16 16"]),
        ("FREQ=MONTHLY;BYDAY=-1FR", ["01-30 16", "02-27 16", "03-27 16"]),
        ("FREQ=MONTHLY;BYDAY=SA;BYSETPOS=3", ["01-17 16", "02-21 16", "03-21 16"]),
        ("FREQ=MONTHLY;BYMONTHDAY=31", ["01-31 16", "03-31 16", "05-31 16"]),
        ("FREQ=DAILY;INTERVAL=10", ["01-02 16", "01-12 16", "01-22 16"]),
        ("FREQ=YEARLY;BYMONTH=12;BYMONTHDAY=24", ["12-24 16", "12-24 16", "12-24 16"]),
        ("FREQ=DAILY;COUNT=2", ["01-02 16", "01-03 16"]),
        ("FREQ=DAILY;BYHOUR=16,20", ["01-02 16", "01-02 20", "01-03 16"]),
        ("FREQ=DAILY;UNTIL=20260103T150000Z", ["01-02 16", "01-03 16"]),
        ("FREQ=DAILY;UNTIL=20260103T145959Z", ["01-02 16"]),
        ("FREQ=DAILY;UNTIL=20260103T160000", ["01-02 16", "01-03 16"]),
        ("FREQ=DAILY;UNTIL=20260103", ["01-02 16", "01-03 16"]),
    ],
)
def test_a_rule_says_when_it_recurs(rule: str, begins: list[str]) -> None:
    assert first(dates(rule)) == begins


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ("", "is not a part of a rule"),
        ("WEEKLY", "Write it like FREQ=WEEKLY;BYDAY=FR"),
        ("FREQ=SECONDLY", "can recur DAILY, WEEKLY, MONTHLY or YEARLY"),
        ("FREQ=MINUTELY;INTERVAL=30", "`MINUTELY` does not fit FREQ"),
        ("FREQ=HOURLY", "`HOURLY` does not fit FREQ"),
        ("BYDAY=MO", "does not say how often"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ stands here twice"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20270101", "COUNT and UNTIL both"),
        ("FREQ=DAILY;BYDAY=1MO", "A numbered day does not fit FREQ=DAILY"),
        ("FREQ=WEEKLY;BYDAY=MON", "Write it like BYDAY=FR"),
        ("FREQ=WEEKLY;BYDDAY=MO", "Did you mean BYDAY?"),
        ("FREQ=DAILY;BYEASTER=1", "is not a part of a rule"),
        ("FREQ=DAILY;INTERVAL=0", "`0` does not fit INTERVAL"),
        ("FREQ=DAILY;INTERVAL=-1", "does not fit INTERVAL"),
        ("FREQ=DAILY;INTERVAL=99999999", "at most 999"),
        ("FREQ=DAILY;COUNT=0", "does not fit COUNT"),
        ("FREQ=YEARLY;BYMONTH=13", "`13` does not fit BYMONTH"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "does not fit BYMONTHDAY"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "does not fit BYMONTHDAY"),
        ("FREQ=YEARLY;BYYEARDAY=0", "does not fit BYYEARDAY"),
        ("FREQ=YEARLY;BYYEARDAY=367", "does not fit BYYEARDAY"),
        ("FREQ=YEARLY;BYWEEKNO=54", "does not fit BYWEEKNO"),
        ("FREQ=DAILY;BYHOUR=24", "does not fit BYHOUR"),
        ("FREQ=DAILY;BYMINUTE=0,30", "does not fit BYMINUTE"),
        ("FREQ=DAILY;UNTIL=20261301", "There is no day or time"),
        ("FREQ=DAILY;UNTIL=tomorrow", "does not fit UNTIL"),
        ("FREQ=DAILY\nEXRULE:FREQ=DAILY", "does not fit FREQ"),
    ],
)
def test_a_faulty_rule_is_refused_with_what_would_be_right(rule: str, says: str) -> None:
    with pytest.raises(Misdated) as caught:
        read_rule(rule, "UTC")
    assert says in str(caught.value)
    assert caught.value.remedy


PIECES = (
    "FREQ=DAILY FREQ=YEARLY FREQ=MONTHLY FREQ=WEEKLY BYDAY=MO BYDAY=-53FR BYMONTHDAY=-31 "
    "BYMONTH=2 BYWEEKNO=53 BYYEARDAY=-366 BYSETPOS=-366 BYSETPOS=2 COUNT=3 INTERVAL=999 "
    "UNTIL=20260101 WKST=SU BYHOUR=23 BYMINUTE=59 BYSECOND=59 BYYEARDAY=+1 BYWEEKNO=1"
)
PARTS = st.lists(st.sampled_from(PIECES.split()), max_size=5)


@given(PARTS.map(";".join) | st.text(max_size=40))
def test_whatever_a_rule_says_it_is_read_or_refused(text: str) -> None:
    try:
        found = dates(text)
    except Misdated:
        return
    list(islice(starts(found), 3))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=WEEKLY;BYDAY=MO;BYMONTH=4;BYMONTHDAY=31",
        "FREQ=MONTHLY;BYDAY=6MO",
        "FREQ=YEARLY;BYYEARDAY=366;BYMONTH=1",
        "FREQ=DAILY;UNTIL=20251231",
    ],
)
def test_a_recurrence_that_never_occurs_is_refused_soon(rule: str) -> None:
    began = monotonic()
    (fault,) = check_dates(dates(rule))
    assert fault[:2] == ("rule", "This recurrence never occurs.")
    assert monotonic() - began < 10, "looked for up to the year 9999 it takes half a minute"


def wrong(found: Dates) -> list[tuple[str, str]]:
    return [(field, f"{problem} {remedy}") for field, problem, remedy in check_dates(found)]


def test_a_sound_recurrence_has_no_faults() -> None:
    except_one = frozenset({START + 14 * DAY})
    weekend = dates("FREQ=WEEKLY;BYDAY=FR", timedelta(hours=64), except_starts=except_one)
    assert wrong(weekend) == []


def test_a_start_that_is_not_one_of_the_rules_own_is_told_with_the_nearest() -> None:
    ((field, says),) = wrong(dates("FREQ=WEEKLY;BYDAY=SA"))
    assert field == "start"
    assert "Fri 2026-01-02 16:00" in says
    assert "The first one after it is Sat 2026-01-03 16:00" in says


@pytest.mark.parametrize(
    ("lasts", "says"),
    [
        (timedelta(0), "ends no later than it begins"),
        (-DAY, "ends no later than it begins"),
        (91 * DAY, "longer than 90 days"),
        (8 * DAY, "is not over when the next begins, on Fri 2026-01-09 16:00"),
    ],
)
def test_a_length_that_cannot_be_meant_is_told(lasts: timedelta, says: str) -> None:
    ((field, said),) = wrong(dates("FREQ=WEEKLY", lasts))
    assert field == "length"
    assert says in said


def test_freezes_that_touch_are_not_too_close() -> None:
    assert wrong(dates("FREQ=WEEKLY", 7 * DAY)) == []


def test_more_than_three_freezes_a_day_are_refused() -> None:
    hours = ",".join(str(n) for n in range(16, 20))
    ((field, says),) = wrong(dates(f"FREQ=DAILY;BYHOUR={hours}", timedelta(minutes=5)))
    assert field == "rule"
    assert "more than 200 times in 60 days" in says


def test_an_exception_that_excepts_nothing_is_told_with_the_nearest_starts() -> None:
    slip = dates(
        "FREQ=WEEKLY",
        except_starts=frozenset({START + 7 * DAY, START + 8 * DAY}),
        except_days=frozenset({date(2026, 1, 16), date(2026, 1, 17), date(2025, 1, 1)}),
    )
    found = wrong(slip)
    assert [field for field, _ in found] == ["except"] * 3
    assert found[0][1] == (
        "There is no start at Sat 2026-01-10 16:00. "
        "The nearest: Fri 2026-01-09 16:00 and Fri 2026-01-16 16:00."
    )
    assert "Nothing begins on Wed 2025-01-01." in found[1][1]
    assert "Nothing begins on Sat 2026-01-17." in found[2][1]


def test_what_is_excepted_does_not_begin() -> None:
    found = dates(
        "FREQ=WEEKLY",
        except_starts=frozenset({START}),
        except_days=frozenset({date(2026, 1, 16)}),
    )
    assert first(found) == ["01-09 16", "01-23 16", "01-30 16"]


def test_further_starts_come_in_order_and_each_once() -> None:
    found = dates("FREQ=WEEKLY;COUNT=2", also=(START + 9 * DAY, START + DAY, START))
    assert first(found, 9) == ["01-02 16", "01-03 16", "01-09 16", "01-11 16"]


def test_one_start_without_a_rule_is_one_start() -> None:
    assert list(starts(Dates(START, "UTC", exact=DAY))) == [START]
    assert list(check_dates(Dates(START, "UTC", exact=DAY))) == []
