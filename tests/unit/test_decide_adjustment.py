"""Adjustments: which time of which budgets, in whole slices, for causes that the policy names."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.adjustment import (
    Adjustment,
    Said,
    nearest_cause,
    read_cause,
    seconds_of,
    taken_out,
    widened,
)
from bot.decide.approval import Stretch
from bot.judge.thinning import DAY, HOUR, LONGEST, keeps
from tests.builders import MINUTE, NOON, when

CAUSES = ("network", "cloud provider", "Another-team", "cloud")


def adjustment(number: int, since: int, until: int, *names: str, over: bool = False) -> Adjustment:
    stretch = Stretch(when(since), when(until), names)
    return Adjustment(number, number, stretch, "why", when(NOON), when(NOON) if over else None)


def test_what_holds_is_taken_out_of_each_objective_it_names() -> None:
    held = [
        adjustment(1, NOON, NOON + 60, "a", "b"),
        adjustment(2, NOON - 60, NOON, "b"),
        adjustment(3, NOON, NOON + 90, "a", over=True),
    ]
    assert taken_out(held) == {
        "a": [(NOON, NOON + 60)],
        "b": [(NOON, NOON + 60), (NOON - 60, NOON)],
    }


def test_a_reversed_adjustment_holds_nothing() -> None:
    one = adjustment(1, NOON, NOON + 60, "a")
    assert one.holds("a")
    assert not one.holds("b")
    assert not adjustment(1, NOON, NOON + 60, "a", over=True).holds("a")


def test_what_is_young_is_widened_to_whole_slices_of_every_objective() -> None:
    start, end = when(NOON - 61), when(NOON - 59)
    assert widened(start, end, {60}, when(NOON)) == (when(NOON - 120), when(NOON))
    assert widened(start, end, {60, 300}, when(NOON)) == (when(NOON - 300), when(NOON))


def test_whole_slices_are_left_as_they_are() -> None:
    start, end = when(NOON - 120), when(NOON + DAY)
    assert widened(start, end, {60}, when(NOON)) == (start, end)


def test_part_of_a_second_belongs_to_its_slice() -> None:
    end = datetime(2026, 3, 2, 11, 0, 0, 1, tzinfo=UTC)
    assert widened(when(NOON - 7_200), end, {60}, when(NOON))[1] == when(NOON - HOUR + MINUTE)


@pytest.mark.parametrize(("age", "unit"), [(6, 60), (8, 300), (24 * 5, HOUR), (24 * 500, HOUR)])
def test_of_what_is_old_only_coarse_rows_are_left(age: int, unit: int) -> None:
    at = NOON - age * HOUR - 17 * MINUTE - 1
    start, end = widened(when(at), when(at + MINUTE), {60}, when(NOON))
    assert int(start.timestamp()) == at // unit * unit
    assert int(end.timestamp()) == -(-(at + MINUTE) // unit) * unit


@given(
    st.one_of(st.integers(0, LONGEST - DAY), st.integers(7 * HOUR - 900, 7 * HOUR)),
    st.integers(1, 3 * DAY),
    st.sets(st.sampled_from([15, 60, 120, 300, 900, 3_600, 7_200]), min_size=1),
)
def test_the_bounds_stand_on_rows_that_are_there(age: int, length: int, steps: set[int]) -> None:
    first, last = NOON - age, NOON - age + length
    start, end = widened(when(first), when(last), steps, when(NOON))
    since, until = int(start.timestamp()), int(end.timestamp())
    assert since <= first < last <= until
    for step in steps:
        assert since % step == until % step == 0
        assert keeps(since, NOON, step)
        assert until > NOON or keeps(until, NOON, step)


def test_a_stretch_is_counted_in_seconds() -> None:
    assert seconds_of(Stretch(when(NOON), when(NOON + 60), ())) == (NOON, NOON + 60)


def test_without_named_causes_all_words_are_the_reason() -> None:
    assert read_cause(" the network was down ", ()) == Said("", "the network was down")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("network: switch 4 was down", Said("network", "switch 4 was down")),
        ("Cloud-Provider – zone b", Said("cloud provider", "zone b")),
        ("cloud zone b", Said("cloud", "zone b")),
        ("another team froze itself", Said("Another-team", "froze itself")),
        ("network", Said("network", "")),
    ],
)
def test_the_cause_comes_first_whatever_its_dashes_and_case(words: str, said: Said) -> None:
    assert read_cause(words, CAUSES) == said


@pytest.mark.parametrize("words", ["networks were down", "the network was down", ""])
def test_what_begins_with_no_cause_is_none(words: str) -> None:
    assert read_cause(words, CAUSES) is None


@pytest.mark.parametrize(
    ("words", "near"),
    [
        ("netwrok down", "network"),
        ("cloud provder was slow", "cloud provider"),
        ("another teem", "Another-team"),
        ("xyzzy", "network"),
        ("", "network"),
    ],
)
def test_the_nearest_cause_is_proposed(words: str, near: str) -> None:
    assert nearest_cause(words, CAUSES) == near
