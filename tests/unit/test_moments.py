"""Times as people write them."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.decide.freeze import Ending
from bot.entrypoints.moments import ending, moment, whole
from bot.errors import UserError

MONDAY = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
FRIDAY = datetime(2026, 3, 6, tzinfo=UTC)


def hour(hours: int, minutes: int = 0, start: datetime = FRIDAY) -> datetime:
    return start + timedelta(hours=hours, minutes=minutes)


@pytest.mark.parametrize(
    ("words", "ends", "taken"),
    [
        ("fri 5pm bad", hour(17), 2),
        ("FRI 5:30PM bad", hour(17, 30), 2),
        ("fri 12am bad", hour(0), 2),
        ("fri 12pm bad", hour(12), 2),
        ("fri 17:00 bad", hour(17), 2),
        ("fri bad", hour(0), 1),
        ("friday 404s everywhere", hour(0), 1),
        ("5pm bad", datetime(2026, 3, 2, 17, tzinfo=UTC), 1),
        ("9am bad", datetime(2026, 3, 3, 9, tzinfo=UTC), 1),
        ("17:00 5 errors", datetime(2026, 3, 2, 17, tzinfo=UTC), 1),
        ("2026-03-06T17:00 5 errors", hour(17), 1),
    ],
)
def test_a_moment_takes_the_words_that_name_it(words: str, ends: datetime, taken: int) -> None:
    assert moment(words.split(), MONDAY, "UTC") == (ends, taken)


@pytest.mark.parametrize(
    "after",
    ["17", "17h", "17:", "17.00", "1700", "5p.m.", "25:00", "13pm", "0am", "5:60pm", "at", "noon"],
)
@pytest.mark.parametrize("day", ["fri", "tomorrow", "2026-03-06"])
def test_half_a_time_after_a_day_is_never_taken_for_the_reason(day: str, after: str) -> None:
    with pytest.raises(UserError) as caught:
        moment([day, after, "bad"], MONDAY, "UTC")
    assert f"`{after}`" in caught.value.sentence
    assert "until fri 17:00" in caught.value.example


@pytest.mark.parametrize("day", ["today", "tomorrow", "fri", "Friday"])
def test_a_day_after_the_time_is_to_be_written_before_it(day: str) -> None:
    with pytest.raises(UserError, match=f"Write the day first: `{day.lower()} 23:59`"):
        moment(["23:59", day], MONDAY, "UTC")


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("2h", timedelta(hours=2)),
        ("1H30M", timedelta(minutes=90)),
        ("5pm", datetime(2026, 3, 2, 17, tzinfo=UTC)),
        ("tomorrow", datetime(2026, 3, 3, tzinfo=UTC)),
        ("fri 5pm", hour(17)),
    ],
)
def test_a_whole_text_is_a_length_or_an_instant(text: str, ends: Ending) -> None:
    assert whole(text.split(), MONDAY, "UTC") == ends


@pytest.mark.parametrize(
    "text", ["fri 17:00 please", "17:00 sharp", "fri evening", "2h more", "7x"]
)
def test_no_word_of_a_whole_text_is_dropped(text: str) -> None:
    with pytest.raises(UserError) as caught:
        whole(text.split(), MONDAY, "UTC")
    assert text.split()[-1] in caught.value.sentence


@pytest.mark.parametrize(
    "text",
    ["0001-01-01", "9999-12-31", "9999-12-31T23:59-12:00", "0001-01-01T00:00+12:00", "9" * 5000],
)
@pytest.mark.parametrize("zone", ["UTC", "Pacific/Kiritimati", "America/Los_Angeles"])
def test_the_ends_of_the_calendar_are_answered(text: str, zone: str) -> None:
    with pytest.raises(UserError):
        moment([text], MONDAY, zone)


def test_an_answer_says_which_end_was_understood() -> None:
    friday, _ = moment(["fri", "17:00"], MONDAY, "Europe/Berlin")
    assert ending(friday) == "It ends Fri 6 Mar 2026, 16:00 UTC."
    assert ending(timedelta(hours=2)) == "It lasts 2 h, counted from the approval."
    assert ending(None) == ""
