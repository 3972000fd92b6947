"""People read one form of date, whoever prints it."""

import re
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.judge.dates import brief, clock, day, instant

AT = datetime(2026, 11, 12, 14, 5, 59, tzinfo=UTC)
HERE = Path(__file__).resolve().parents[2]


def test_an_instant_has_its_day_its_year_its_minute_and_its_zone() -> None:
    assert instant(AT) == instant(AT.timestamp()) == "Thu 12 Nov 2026, 14:05 UTC"
    assert instant(AT, ZoneInfo("Europe/Berlin")) == "Thu 12 Nov 2026, 15:05 CET"


def test_a_day_is_that_of_the_zone() -> None:
    assert day(AT, ZoneInfo("Pacific/Auckland")) == "Fri 13 Nov 2026"


def test_an_hour_of_a_plain_day_has_its_zone() -> None:
    assert clock(AT.astimezone(ZoneInfo("Pacific/Auckland"))) == "14:05 UTC"


def test_columns_leave_out_what_their_head_says() -> None:
    assert brief(AT) == "12 Nov 14:05"
    assert brief(AT.replace(day=2)) == " 2 Nov 14:05"


_STRAY = re.compile(r"%[aAbBpIc]\b|%(?:F|m-%d|d) (?:at )?%[HR]|%H:%M\} ")
_OWN = {
    "bot/judge/dates.py",
    "bot/calendar/shape.py",  # times on the wall, as the files of schedules have them
    "bot/calendar/reading.py",  # the same
    "bot/notify/filters.py",  # reads the form back
    "bot/measure/places/database.py",  # SQL
}


def test_nobody_else_writes_dates_for_people() -> None:
    strays = [
        f"{path.relative_to(HERE)}:{number}: {line.strip()}"
        for path in sorted((HERE / "bot").rglob("*.py"))
        if str(path.relative_to(HERE)) not in _OWN
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if _STRAY.search(line)
    ]
    assert strays == []
