"""Times gone by, as people write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.entrypoints.past import past
from bot.errors import UserError

NOW = datetime(2026, 3, 30, 12, 30, tzinfo=UTC)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc,arg-type] # year, month, day …


@pytest.mark.parametrize(
    ("words", "at", "size"),
    [
        ("7d", NOW - timedelta(days=7), 1),
        ("90m more", NOW - timedelta(minutes=90), 1),
        ("1w2d", NOW - timedelta(days=9), 1),
        ("today", utc(2026, 3, 30), 1),
        ("Yesterday 17:30", utc(2026, 3, 29, 17, 30), 2),
        ("2026-03-01", utc(2026, 3, 1), 1),
        ("2026-03-01 14:05 x", utc(2026, 3, 1, 14, 5), 2),
        ("2026-03-01T14:05", utc(2026, 3, 1, 14, 5), 1),
        ("2026-03-01T14:05+02:00", utc(2026, 3, 1, 12, 5), 1),
        ("2026-03-01T14:05:09Z", utc(2026, 3, 1, 14, 5, 9), 1),
        ("9999y", utc(2000, 1, 1), 1),
    ],
)
def test_a_time_gone_by_is_understood(words: str, at: datetime, size: int) -> None:
    assert past(words.split(), NOW, "UTC") == (at, size)


def test_a_day_is_meant_in_the_zone_of_whoever_writes_it_also_before_the_clocks_changed() -> None:
    assert past(["2026-03-30"], NOW, "Europe/Berlin")[0] == utc(2026, 3, 29, 22)
    assert past(["2026-03-28", "8:00"], NOW, "Europe/Berlin")[0] == utc(2026, 3, 28, 7)
    assert past(["today"], NOW, "Asia/Tokyo")[0] == utc(2026, 3, 29, 15)
    assert past(["2026-03-01T08:00"], NOW, "Europe/Berlin")[0] == utc(2026, 3, 1, 7)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "soon",
        "2026-13-01",
        "2026-02-30 10:00",
        "2026-03-01 25:00",
        "7",
        "d",
        "0001-01-01T00:00",
    ],
)
def test_what_is_no_time_is_answered_with_an_example(words: str) -> None:
    zone = "Pacific/Auckland"  # where the first instant of all lies before it
    with pytest.raises(UserError) as caught:
        past(words.split(), NOW, zone)
    assert "since 7d" in caught.value.example


def understood(words: list[str]) -> tuple[datetime, int] | str:
    """What is understood, or what is said to words that are not."""
    try:
        return past(words, NOW, "Europe/Berlin")
    except UserError as error:
        return error.sentence


digits = st.text("0123456789-:TZ+dhmwy", max_size=20)


@given(st.lists(digits | st.text(max_size=10), max_size=3))
def test_any_words_are_understood_or_answered(words: list[str]) -> None:
    found = understood(words)
    if isinstance(found, str):
        assert found != ""
    else:
        at, size = found
        assert at.utcoffset() == timedelta(0)
        assert 1 <= size <= min(2, len(words))
