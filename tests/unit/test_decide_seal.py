"""A seal is one line of text, and says what exactly was signed (law 28)."""

from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.seal import Purpose, Seal, read, written
from tests.builders import NOON, when

ONE = Seal(Purpose.ANCHOR, 41, "0f" * 32, when(NOON), "ab" * 32, "cd" * 64)


def test_a_seal_is_read_back_from_its_line() -> None:
    line = written(ONE)
    assert "\n" not in line
    assert read(line) == ONE


@given(
    st.builds(
        Seal,
        st.sampled_from(Purpose),
        st.integers(0, 10**12),
        st.text(),
        st.datetimes(timezones=st.just(when(0).tzinfo)),
        st.text(),
        st.text(),
    )
)
def test_every_seal_is_read_back_as_it_was(seal: Seal) -> None:
    assert read(written(seal)) == seal


@pytest.mark.parametrize(
    "line",
    [
        "",
        "decision 41",
        "[]",
        "41",
        "null",
        "{}",
        written(ONE).replace("anchor", "promise"),
        written(ONE).replace("2026-03-02T12:00:00.000000+00:00", "2026-03-02T12:00:00"),
        written(ONE).replace("2026-03-02T12:00:00.000000+00:00", "noon"),
        written(ONE).replace(":41,", ":null,"),
        written(ONE).replace(":41,", ":1e999,"),
        written(ONE)[:-1],
    ],
)
def test_a_line_that_is_no_seal_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read(line)


def test_what_is_signed_says_purpose_place_hash_and_instant() -> None:
    assert ONE.statement == f"burnban anchor v1\n41\n{'0f' * 32}\n2026-03-02T12:00:00.000000+00:00"


def test_a_seal_for_one_purpose_signs_another_text_than_one_for_another() -> None:
    others = [replace(ONE, purpose=purpose).statement for purpose in Purpose]
    assert len(set(others)) == len(Purpose)


def test_one_instant_is_signed_alike_in_every_zone() -> None:
    there = ONE.at.astimezone(timezone(timedelta(hours=-3, minutes=-30)))
    assert replace(ONE, at=there).statement == ONE.statement
