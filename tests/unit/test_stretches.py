"""Stretches of time as people write them, in the past or ahead."""

from datetime import UTC, datetime

import pytest

from bot.entrypoints.stretches import fields, stretch
from bot.errors import UserError
from tests.builders import NOON, when

NOW = when(NOON)
"""Monday 2026-03-02, 12:00 UTC: 13:00 in Berlin."""
BERLIN = "Europe/Berlin"


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "start", "end", "rest"),
    [
        ("from yesterday 14:00 to 16:00 why", "2026-03-01 13:00", "2026-03-01 15:00", "why"),
        ("from yesterday 14:00 to yesterday 16:00", "2026-03-01 13:00", "2026-03-01 15:00", ""),
        ("from 2026-02-27 23:00 to 01:00 x y", "2026-02-27 22:00", "2026-02-28 00:00", "x y"),
        ("from 2026-02-27 to 2026-02-28", "2026-02-26 23:00", "2026-02-27 23:00", ""),
        ("from 9:30 to 10:15", "2026-03-02 08:30", "2026-03-02 09:15", ""),
        ("from 22:00 for 3h the move", "2026-03-02 21:00", "2026-03-03 00:00", "the move"),
        ("from tomorrow 22:00 to 23:00", "2026-03-03 21:00", "2026-03-03 22:00", ""),
        ("from tomorrow for 1d", "2026-03-02 23:00", "2026-03-03 23:00", ""),
        ("from 2h to now", "2026-03-02 10:00", "2026-03-02 12:00", ""),
        ("FROM 2026-02-27T14:00Z until 2026-02-27T15:00+01:00", "2026-02-27 14:00",
         "2026-02-27 14:00", ""),
        ("from 2026-03-28 22:00 to 2026-03-29 04:00", "2026-03-28 21:00", "2026-03-29 02:00", ""),
    ],
)  # fmt: skip
def test_a_stretch_is_understood(text: str, start: str, end: str, rest: str) -> None:
    words = text.split()
    since, until, size = stretch(words, NOW, BERLIN)
    assert (since, until, words[size:]) == (utc(start), utc(end), rest.split())


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "From when?"),
        ("yesterday to now", "From when?"),
        ("from", "A time is missing."),
        ("from yesterday", "Until when, or for how long?"),
        ("from yesterday to", "Until when, or for how long?"),
        ("from yesterday 14:00 the network", "Until when, or for how long?"),
        ("from soon to now", "I do not understand the time `soon`."),
        ("from 25:00 to now", "I do not understand the time `25:00`."),
        ("from 9:00 to 9:99", "I do not understand the time `9:99`."),
        ("from 9:00 for ever", "`ever` is not a length of time."),
        ("from fri to now", "`fri` may be 2026-02-27 or 2026-03-06: write the date."),
        ("from Monday to now", "`monday` may be 2026-02-23 or 2026-03-02: write the date."),
    ],
)
def test_what_is_not_clear_is_asked_back_with_an_example(text: str, says: str) -> None:
    with pytest.raises(UserError) as caught:
        stretch(text.split(), NOW, BERLIN)
    assert caught.value.sentence == says
    assert caught.value.example


def test_every_form_that_an_error_proposes_works() -> None:
    with pytest.raises(UserError) as caught:
        stretch([], NOW, BERLIN)
    for example in caught.value.example.split(", "):
        words = example.split()
        assert stretch(words, NOW, BERLIN)[2] == len(words)


@pytest.mark.parametrize(
    ("since", "until"),
    [
        ("yesterday 14:00", "16:00"),
        ("from yesterday 14:00", "to 16:00"),
        ("yesterday 14:00", "for 2h"),
        ("2026-03-01 14:00", "until 2026-03-01 16:00"),
    ],
)
def test_two_fields_say_the_same(since: str, until: str) -> None:
    found = fields(since, until, NOW, BERLIN)
    assert found == (utc("2026-03-01 13:00"), utc("2026-03-01 15:00"))


def test_nothing_may_be_left_over_in_a_field() -> None:
    with pytest.raises(UserError, match="why not"):
        fields("yesterday 14:00", "16:00 why not", NOW, BERLIN)
    with pytest.raises(UserError):
        fields("yesterday 14:00 sharp", "16:00", NOW, BERLIN)


def test_an_empty_field_is_asked_for() -> None:
    with pytest.raises(UserError, match=r"A time is missing|do not understand"):
        fields("", "16:00", NOW, BERLIN)
    with pytest.raises(UserError, match="Until when"):
        fields("yesterday", "", NOW, BERLIN)
