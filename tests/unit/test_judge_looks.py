"""What is called calm is what a verdict finds nothing about; in doubt it is not called so."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.judge.exact import NONE
from bot.judge.ledger import Balances, Slice, accumulate
from bot.judge.looks import Looks, band
from bot.judge.objective import Objective
from bot.judge.verdict import Kind, judge
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Part,
    calendar,
    objective,
    rolling,
    story,
    when,
)
from tests.examples import examples

ONE = objective(target="0.99", window=rolling(1))
HALF = Fraction(1, 2)


def is_calm(*parts: Part, below: str = "1/2", least: str = "0") -> bool:
    balances = story(*parts)
    return last_is_calm(ONE, balances, Fraction(below), Fraction(least))


def last_is_calm(
    one: Objective, balances: Balances, below: Fraction, least: Fraction = NONE
) -> bool:
    """The newest row, as if nothing before it had been looked at."""
    newest = len(balances.rows) - 1
    looks = Looks(one, balances, balances.first.at, balances.rows[newest - 1].at)
    return looks.calm(newest, band(least, below))


def test_a_verdict_is_reached_once() -> None:
    balances = story(Part(2 * DAY, 100, 0.2))
    looks = Looks(ONE, balances, balances.first.at, balances.first.at)
    newest = len(balances.rows) - 1
    assert looks.verdict(newest) is looks.verdict(newest)


def test_traffic_within_the_budget_is_calm() -> None:
    assert is_calm(Part(2 * DAY, 100, 0.2))
    assert is_calm(Part(2 * DAY, 100))


@pytest.mark.parametrize(("below", "expected"), [("1/2", False), ("0.501", True)])
def test_exactly_the_share_is_not_less_than_it(below: str, expected: bool) -> None:
    assert is_calm(Part(2 * DAY, 100, 0.5), below=below) is expected


@pytest.mark.parametrize(("least", "expected"), [("0.499", True), ("1/2", False), ("0.501", False)])
def test_exactly_the_share_takes_a_closer_look(least: str, expected: bool) -> None:
    assert is_calm(Part(2 * DAY, 100, 0.5), below="1", least=least) is expected


def test_a_short_window_that_burns_takes_a_closer_look() -> None:
    assert not is_calm(Part(2 * DAY, 100), Part(5 * MINUTE, 100, 20), below="1")


def test_what_was_not_seen_takes_a_closer_look() -> None:
    assert not is_calm(Part(2 * DAY, 100), Part(90 * MINUTE, None), Part(2 * HOUR, 100))
    assert not is_calm(Part(2 * DAY, 100), Part(4 * MINUTE, None))
    unseen_lately = Part(2 * DAY, 100), Part(4 * MINUTE, None), Part(MINUTE, 100)
    assert not is_calm(*unseen_lately)


def test_without_traffic_nothing_is_calm() -> None:
    assert not is_calm(Part(2 * DAY, 0))


def test_an_account_that_was_just_opened_takes_a_closer_look() -> None:
    balances = Balances(accumulate(None, [Slice(NOON, 100, 0, MINUTE)])).upto(1)
    assert Looks(ONE, balances, balances.first.at).first == 1, "its opening is no look"


def test_a_window_that_was_seen_in_part_takes_a_closer_look() -> None:
    fast = objective(target="0.99", window=calendar())
    seen = story(Part(DAY, 100), Part(2 * MINUTE, None), Part(3 * MINUTE, 100))
    assert not last_is_calm(fast, seen, HALF)
    assert not judge(fast, seen, seen.first.at, when(NOON)).burns[0].seen


TRAFFIC = st.lists(
    st.tuples(
        st.integers(1, 90),
        st.one_of(st.none(), st.integers(0, 50)),
        st.sampled_from([0.0, 0.0, 0.001, 0.004, 0.02, 1.0]),
    ),
    min_size=1,
    max_size=8,
)


SHARES = st.sampled_from(["0", "0.02", "0.3"])


@examples(300)
@given(TRAFFIC, st.sampled_from(["0.05", "0.5", "0.95", "1"]), SHARES, st.booleans())
def test_where_all_is_calm_a_verdict_finds_nothing(
    traffic: list[tuple[int, int | None, float]], below: str, least: str, in_months: bool
) -> None:
    parts = [
        Part(minutes * MINUTE, None if eligible is None else float(eligible), (eligible or 0) * bad)
        for minutes, eligible, bad in traffic
    ]
    one = objective(target="0.99", window=calendar() if in_months else rolling(1))
    share, floor = Fraction(below), Fraction(least)
    whole = story(*parts)
    assume(whole.rows)
    looks = Looks(one, whole, whole.first.at)
    for place in range(looks.first, len(whole.rows)):
        if not looks.calm(place, band(floor, share)):
            continue
        verdict = looks.verdict(place)
        now = when(whole.rows[place].at)
        assert verdict == judge(one, whole.upto(place + 1), whole.first.at, now)
        assert verdict.kind is Kind.HEALTHY
        assert verdict.firing == ()
        assert verdict.left is not None
        assert 1 - share < verdict.left <= 1 - floor
        assert not verdict.has_spent(share)


@examples(50)
@given(TRAFFIC, st.booleans())
def test_what_a_look_says_does_not_rest_on_where_looking_began(
    traffic: list[tuple[int, int | None, float]], in_months: bool
) -> None:
    parts = [
        Part(minutes * MINUTE, None if eligible is None else float(eligible), (eligible or 0) * bad)
        for minutes, eligible, bad in traffic
    ]
    one = objective(target="0.99", window=calendar() if in_months else rolling(1))
    whole = story(*parts)
    assume(whole.rows)
    looks = Looks(one, whole, whole.first.at)
    middle = whole.rows[len(whole.rows) // 2].at
    later = Looks(one, whole, whole.first.at, middle)
    wide = band(NONE, Fraction(1))
    assert [looks.calm(place, wide) for place in range(later.first, len(whole.rows))] == [
        later.calm(place, wide) for place in range(later.first, len(whole.rows))
    ]
