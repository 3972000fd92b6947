"""Thinning is deletion: no sum ever changes; catching up leaves no hole, no overlap (law 2)."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.ledger import Balances, Entry, Slice, accumulate
from bot.judge.thinning import (
    DAY,
    HOUR,
    LONGEST,
    MIDNIGHTS,
    Stretch,
    keeps,
    stretches,
    tiers,
)
from tests.builders import MINUTE, NOON
from tests.examples import examples

STEPS = [n for n in range(1, HOUR + 1) if HOUR % n == 0] + [2 * HOUR, 5 * HOUR, DAY, 7 * DAY]
steps = st.sampled_from(STEPS)


@pytest.mark.parametrize("step", STEPS)
def test_every_tier_is_a_multiple_of_the_finer_one(step: int) -> None:
    fine, middle, coarse = tiers(step)
    assert fine.step == step
    assert middle.step % fine.step == 0
    assert coarse.step % middle.step == 0
    assert middle.step >= 300
    assert coarse.step >= HOUR


def test_minutes_become_five_minutes_and_then_hours() -> None:
    assert [tier.step for tier in tiers(MINUTE)] == [60, 300, 3_600]


@given(steps, st.integers(0, 60 * DAY), st.integers(0, 60 * DAY))
def test_stretches_cover_exactly_what_is_missing(step: int, start: int, length: int) -> None:
    last = (NOON - start) // step * step
    now = last + length
    found = list(stretches(last, now, step))
    whole = last + length // step * step
    assert [last, *(s.until for s in found)] == [*(s.since for s in found), whole]
    for stretch in found:
        assert stretch.since < stretch.until
        assert (stretch.until - stretch.since) % stretch.step == 0
        assert stretch.since % stretch.step == 0


@given(steps, st.integers(0, 60 * DAY))
def test_slices_are_as_coarse_as_the_rows_of_their_time(step: int, length: int) -> None:
    now = NOON // step * step
    last = now - length // step * step
    fine, middle, coarse = tiers(step)
    found = list(stretches(last, now, step))
    for stretch in found:
        if stretch.until > now - fine.age:
            assert stretch.step == fine.step
        if stretch.until > now - middle.age:
            assert stretch.step in (fine.step, middle.step)
        assert stretch.step in (fine.step, middle.step, coarse.step)
    assert len(found) <= 5  # up to two to reach an even hour, then one of each tier


def test_a_month_back_is_asked_for_in_three_stretches() -> None:
    assert list(stretches(NOON - 30 * DAY, NOON, MINUTE)) == [
        Stretch(NOON - 30 * DAY, NOON - 4 * DAY, HOUR),
        Stretch(NOON - 4 * DAY, NOON - 7 * HOUR, 300),
        Stretch(NOON - 7 * HOUR, NOON, MINUTE),
    ]


def test_an_uneven_start_is_made_even_in_small_steps() -> None:
    last = NOON - 10 * DAY + 7 * MINUTE
    assert list(stretches(last, NOON, MINUTE))[:3] == [
        Stretch(last, NOON - 10 * DAY + 10 * MINUTE, MINUTE),
        Stretch(NOON - 10 * DAY + 10 * MINUTE, NOON - 10 * DAY + HOUR, 300),
        Stretch(NOON - 10 * DAY + HOUR, NOON - 4 * DAY, HOUR),
    ]


def test_nothing_is_missing_from_an_account_that_is_up_to_date() -> None:
    assert list(stretches(NOON, NOON, MINUTE)) == []
    assert list(stretches(NOON, NOON + 59, MINUTE)) == []


@pytest.mark.parametrize(
    ("age", "kept"),
    [
        (7 * HOUR, True),
        (7 * HOUR + MINUTE, False),
        (7 * HOUR + 5 * MINUTE, True),
        (4 * DAY, True),
        (4 * DAY + 5 * MINUTE, False),
        (4 * DAY + HOUR, True),
        (LONGEST, True),
        (LONGEST + HOUR, False),
    ],
)
def test_a_row_is_kept_as_long_as_its_tier_wants_it(age: int, kept: bool) -> None:
    assert keeps(NOON - age, NOON, MINUTE) is kept


def test_the_first_row_of_a_day_is_kept_wherever_on_earth_the_day_begins() -> None:
    zones = [ZoneInfo(name) for name in sorted(available_timezones())]
    days = [datetime(2024, 1, 1, tzinfo=UTC) + timedelta(days=30 * n) for n in range(80)]
    offsets = {zone.utcoffset(day.replace(tzinfo=None)) for zone in zones for day in days}
    for offset in offsets:
        assert offset is not None
        midnight = NOON // DAY * DAY - 100 * DAY - int(offset.total_seconds())
        assert keeps(midnight, NOON, MINUTE), offset


def test_midnights_off_the_hour_cost_less_than_one_row_an_hour() -> None:
    assert all(instant % HOUR for instant in MIDNIGHTS)
    assert len(MIDNIGHTS) < 24


def events(at: int) -> tuple[int, int]:
    """Some events of the minute that ends at `at`: always the same, never a pattern."""
    return at * 7_919 % 101, at * 104_729 % 7


TOTALS: dict[int, tuple[int, int]] = {NOON - 10 * DAY: (0, 0)}
for _at in range(NOON - 10 * DAY + MINUTE, NOON + MINUTE, MINUTE):
    _eligible, _bad = TOTALS[_at - MINUTE]
    TOTALS[_at] = (_eligible + events(_at)[0], _bad + events(_at)[1])


def counted(since: int, now: int) -> list[Slice]:
    """What a source answers to the stretches of (since, now]."""
    return [
        Slice(
            at,
            TOTALS[at][0] - TOTALS[at - stretch.step][0],
            TOTALS[at][1] - TOTALS[at - stretch.step][1],
            stretch.step,
        )
        for stretch in stretches(since, now, MINUTE)
        for at in range(stretch.since + stretch.step, stretch.until + 1, stretch.step)
    ]


def thinned(rows: list[Entry], now: int) -> list[Entry]:
    """What is left of them: never without the first and the newest."""
    inner = [row for row in rows[1:-1] if keeps(row.at, now, MINUTE)]
    return [rows[0], *inner, rows[-1]]


wakings = st.lists(st.tuples(st.integers(1, 5_000), st.booleans()), min_size=1, max_size=12)


@given(wakings)
def test_any_absences_and_thinnings_leave_the_true_totals(naps: list[tuple[int, bool]]) -> None:
    start = NOON - 10 * DAY
    now, rows = start, [Entry(start, 0, 0, 0)]
    for minutes, thin in naps:
        now = min(NOON, now + minutes * MINUTE)
        rows += accumulate(rows[-1], counted(rows[-1].at, now))
        rows = thinned(rows, now) if thin and len(rows) > 1 else rows
    assert rows[-1].at == now
    for row in rows:
        assert (row.eligible, row.bad) == TOTALS[row.at]
        assert row.observed == row.at - start
    assert all(before.at < after.at for before, after in pairwise(rows))


MINUTES = accumulate(
    None,
    [Slice(at, *events(at), MINUTE) for at in sorted(TOTALS)[1:]],
)
"""Ten days, a row a minute."""


@examples(40)  # each looks at 14,400 rows
@given(st.integers(0, 3 * DAY), st.integers(1, 10 * 24 * 60))
def test_windows_that_begin_at_kept_instants_are_the_same_after_thinning(
    later: int, minutes: int
) -> None:
    before, now = Balances(MINUTES), NOON + later
    after = Balances(thinned(MINUTES, now))
    begin = NOON - minutes * MINUTE
    kept = after.at(begin)
    assert kept == before.at(kept.at)
    if keeps(begin, now, MINUTE):
        assert after.over(minutes * MINUTE) == before.over(minutes * MINUTE)
    else:
        assert 0 <= begin - kept.at < HOUR


def test_thinning_twice_is_thinning_once() -> None:
    once = thinned(MINUTES, NOON)
    assert thinned(once, NOON) == once
    assert len(once) < len(MINUTES) / 5
