"""Time that people took out of a budget: as if nothing had happened in it; both figures kept."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.ledger import Balances, Entry, Slice, Spend, Stretch, accumulate, between, merged
from bot.judge.objective import Rolling
from bot.judge.verdict import Kind, instants, judge
from tests.builders import MINUTE, NOON, objective, when

LENGTH = 40
COUNTS = st.tuples(st.integers(0, 100), st.integers(0, 100), st.booleans())
STRETCHES = st.lists(
    st.tuples(st.integers(-5, LENGTH + 5), st.integers(-5, LENGTH + 5)).map(
        lambda pair: (NOON + min(pair) * MINUTE, NOON + max(pair) * MINUTE)
    ),
    max_size=4,
)


@st.composite
def accounts(draw: st.DrawFn) -> list[Entry]:
    """A row a minute from NOON on, some minutes unseen."""
    minutes = []
    for index, (eligible, bad, seen) in enumerate(draw(st.lists(COUNTS, min_size=LENGTH))):
        at = NOON + (index + 1) * MINUTE
        unseen = Slice(at, 0, 0, 0)
        minutes.append(Slice(at, eligible, min(bad, eligible), MINUTE) if seen else unseen)
    first = Slice(NOON + MINUTE, 1, 0, MINUTE)
    return accumulate(None, [first, *minutes[1:]])


def sums(rows: list[Entry], stretches: list[Stretch]) -> tuple[float, float, int]:
    """What the minutes outside all stretches hold, and the seconds seen or not counted."""
    eligible = bad = 0.0
    observed = 0
    for before, after in pairwise(rows):
        for end in range(before.at + MINUTE, after.at + MINUTE, MINUTE):
            inside = any(start < end <= until for start, until in stretches)
            brought = between(before, after) if end == after.at else Spend(0, 0, 0, 0, 0)
            eligible += 0 if inside else brought.eligible
            bad += 0 if inside else brought.bad
            observed += MINUTE if inside else brought.observed
    return eligible, bad, observed


@given(accounts(), STRETCHES)
def test_what_is_left_is_what_came_in_outside(rows: list[Entry], stretches: list[Stretch]) -> None:
    found = Balances(rows).without(stretches)
    last = found.last
    assert (last.eligible, last.bad, last.observed) == sums(rows, stretches)


@given(accounts(), STRETCHES)
def test_a_window_that_touches_no_stretch_is_as_it_was(
    rows: list[Entry], stretches: list[Stretch]
) -> None:
    whole, less = Balances(rows), Balances(rows).without(stretches)
    for since, until in pairwise(rows):
        if not any(start < until.at and end > since.at for start, end in stretches):
            assert between(less.at(since.at), less.at(until.at)) == between(
                whole.at(since.at), whole.at(until.at)
            )


@given(accounts(), STRETCHES)
def test_order_overlaps_and_parts_of_stretches_do_not_matter(
    rows: list[Entry], stretches: list[Stretch]
) -> None:
    middle = NOON + LENGTH // 2 * MINUTE
    parts = [
        part
        for start, end in stretches
        for part in ((start, min(end, middle)), (max(start, middle), end))
        if part[0] < part[1]
    ]
    once, again = Balances(rows).without(stretches), Balances(rows).without([*parts, *parts][::-1])
    assert [*once.rows] == [*again.rows]


@given(accounts(), STRETCHES)
def test_the_totals_never_go_down(rows: list[Entry], stretches: list[Stretch]) -> None:
    less = Balances(rows).without(stretches).rows
    for before, after in pairwise(less):
        assert after.eligible >= before.eligible
        assert after.observed - before.observed <= after.at - before.at


def test_stretches_are_merged_and_begin_with_the_account() -> None:
    assert merged([(50, 70), (10, 20), (15, 30), (30, 40), (90, 90), (0, 3)], 5) == [
        (10, 40),
        (50, 70),
    ]


HOUR = 3_600
OBJECTIVE = objective(target="0.99", window=Rolling(HOUR, "1h"), alerts=())


def outage() -> Balances:
    """An hour of 100 requests a minute; all of them bad from minute 30 to 40."""
    pieces = [
        Slice(NOON + n * MINUTE, 100, 100 if 30 < n <= 40 else 0, MINUTE) for n in range(1, 61)
    ]
    return Balances(accumulate(None, pieces))


def test_an_outage_that_was_not_ours_is_not_held_against_the_budget() -> None:
    balances, now = outage(), when(NOON + HOUR)
    taken = [(NOON + 30 * MINUTE, NOON + 40 * MINUTE)]
    assert judge(OBJECTIVE, balances, NOON, now).kind is Kind.EXHAUSTED
    verdict = judge(OBJECTIVE, balances, NOON, now, taken=taken)
    assert verdict.kind is Kind.HEALTHY
    assert (verdict.remaining, verdict.coverage) == (Fraction(1), Fraction(1))
    assert verdict.spend is not None
    assert verdict.counted is not None
    assert (verdict.spend.eligible, verdict.spend.bad) == (5_000, 0)
    assert (verdict.counted.eligible, verdict.counted.bad) == (6_000, 1_000)


def test_without_time_taken_out_there_is_one_figure() -> None:
    verdict = judge(OBJECTIVE, outage(), NOON, when(NOON + HOUR))
    assert (verdict.counted, verdict.taken, verdict.unadjusted) == (None, 0, None)


def test_time_to_come_takes_nothing_out_yet() -> None:
    now = when(NOON + HOUR)
    later = [(NOON + HOUR, NOON + 2 * HOUR)]
    assert judge(OBJECTIVE, outage(), NOON, now, taken=later) == judge(
        OBJECTIVE, outage(), NOON, now
    )


def test_both_figures_are_kept_with_the_time_between_them() -> None:
    taken = [
        (NOON - HOUR, NOON + 5 * MINUTE),
        (NOON + 35 * MINUTE, NOON + 40 * MINUTE),
        (NOON + 50 * MINUTE, NOON + 9 * HOUR),
    ]
    verdict = judge(OBJECTIVE, outage(), NOON, when(NOON + HOUR), taken=taken)
    assert verdict.taken == 20 * MINUTE
    assert verdict.left == 1 - Fraction(500, 40)
    assert verdict.unadjusted == 1 - Fraction(1_000, 60)


def test_of_a_young_window_both_figures_are_projected() -> None:
    day = objective(target="0.99", window=Rolling(24 * HOUR, "1d"), alerts=())
    taken = [(NOON + 35 * MINUTE, NOON + 40 * MINUTE)]
    verdict = judge(day, outage(), NOON, when(NOON + HOUR), taken=taken)
    assert verdict.left == verdict.projected == 1 - Fraction(500, 24 * 55)
    assert verdict.unadjusted == 1 - Fraction(1_000, 24 * 60)


@pytest.mark.parametrize("first", [0, 10])
def test_a_verdict_asks_for_the_bounds_of_what_is_taken_out(first: int) -> None:
    balances, last = outage(), NOON + HOUR
    taken = [(NOON + first * MINUTE, NOON + 20 * MINUTE), (last - 60, last + HOUR)]
    asked = instants(OBJECTIVE, last, taken)
    few = Balances([balances.first, *(balances.at(at) for at in asked if at > NOON)])
    now = when(last)
    assert judge(OBJECTIVE, few, NOON, now, taken=taken) == judge(
        OBJECTIVE, balances, NOON, now, taken=taken
    )
