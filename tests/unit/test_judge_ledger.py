"""The account of an objective: counted once, summed exactly, however it was read (laws 1–3)."""

from dataclasses import dataclass
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.ledger import Balances, Entry, Slice, Spend, accumulate, between, opening
from tests.builders import MINUTE, NOON, account, silent, steady


@dataclass(frozen=True)
class Life:
    """What really happened, minute by minute, and when it was looked at."""

    minutes: tuple[Slice, ...]
    polls: tuple[tuple[int, int, bool], ...]
    """How many known minutes are asked for again, how many new ones, and whether the answer is
    stored or lost in a crash."""


@st.composite
def lives(draw: st.DrawFn) -> Life:
    """Minutes with traffic, without, and unseen; polls of any length that overlap at will."""
    counts = st.tuples(st.integers(0, 1_000), st.integers(0, 1_000), st.booleans())
    minutes = []
    for index, (eligible, bad, seen) in enumerate(draw(st.lists(counts, min_size=1, max_size=60))):
        at = NOON + (index + 1) * MINUTE
        if seen:
            minutes.append(Slice(at, eligible, min(bad, eligible), MINUTE))
        else:
            minutes.append(Slice(at, 0, 0, 0))
    poll = st.tuples(st.integers(0, 10), st.integers(0, 20), st.booleans())
    return Life(tuple(minutes), tuple(draw(st.lists(poll, max_size=20))))


def read(life: Life) -> list[Entry]:
    """The rows that remain when all polls are over and the last one has caught up."""
    rows: list[Entry] = []
    done = 0
    for again, more, stored in (*life.polls, (5, len(life.minutes), True)):
        pieces = life.minutes[max(0, done - again) : done + more]
        fresh = accumulate(rows[-1] if rows else None, pieces)
        if stored:
            rows.extend(fresh)
            done = min(len(life.minutes), done + more)
    return rows


def truth(life: Life, since: int, until: int) -> tuple[float, float, int]:
    """The sums of (since, until] straight from the minutes."""
    inside = [piece for piece in life.minutes if since < piece.at <= until]
    return (
        sum(p.eligible for p in inside),
        sum(p.bad for p in inside),
        sum(p.observed for p in inside),
    )


def sums(spend: Spend) -> tuple[float, float, int]:
    return spend.eligible, spend.bad, spend.observed


@given(lives(), st.data())
def test_any_split_into_polls_restarts_and_overlaps_gives_the_same_sums(
    life: Life, data: st.DataObject
) -> None:
    rows = read(life)
    seen = [piece for piece in life.minutes if piece.observed]
    if not seen:
        assert rows == []
        return
    balances = Balances(rows)
    assert balances.rows == rows
    assert balances.first == opening(seen[0].at - MINUTE)
    assert balances.last.at == life.minutes[-1].at
    since, until = sorted(
        data.draw(st.lists(st.sampled_from([p.at for p in life.minutes]), min_size=2, max_size=2))
    )
    found = between(balances.at(since), balances.at(until))
    assert sums(found) == truth(life, since, until)


@given(lives())
def test_totals_never_fall(life: Life) -> None:
    rows = read(life)
    for before, after in pairwise(rows):
        assert before.at < after.at
        assert before.eligible <= after.eligible
        assert before.bad <= after.bad
        assert before.observed <= after.observed


def test_an_account_opens_at_the_start_of_its_first_observed_slice() -> None:
    rows = accumulate(None, [*silent(NOON, NOON + 120), *steady(NOON + 120, NOON + 240, 5)])
    assert rows[0] == opening(NOON + 120)
    assert [row.eligible for row in rows] == [0, 5, 10]


def test_nothing_observed_opens_no_account() -> None:
    assert accumulate(None, silent(NOON, NOON + 600)) == []


def test_an_outage_leaves_one_row_that_says_how_far_was_read() -> None:
    pieces = [
        *steady(NOON, NOON + 60, 5),
        *silent(NOON + 60, NOON + 3_600),
        *steady(NOON + 3_600, NOON + 3_660, 5),
    ]
    assert accumulate(None, pieces) == [
        Entry(NOON, 0, 0, 0),
        Entry(NOON + 60, 5, 0, 60),
        Entry(NOON + 3_600, 5, 0, 60),
        Entry(NOON + 3_660, 10, 0, 120),
    ]


def test_a_slice_at_or_before_the_last_row_is_counted_already() -> None:
    last = Entry(NOON + 60, 5, 1, 60)
    assert accumulate(last, steady(NOON - 60, NOON + 60, 99)) == []


def test_a_slice_that_overlaps_the_last_row_in_part_is_refused() -> None:
    last = Entry(NOON + 60, 5, 1, 60)
    with pytest.raises(ValueError, match=f"the slice until {NOON + 300} overlaps"):
        accumulate(last, steady(NOON, NOON + 300, 99, step=300))


def test_good_events_are_those_that_are_not_bad() -> None:
    spend = account(steady(NOON, NOON + 300, 10, 3)).over(300)
    assert (spend.eligible, spend.bad, spend.good) == (50, 15, 35)


def test_before_the_account_was_opened_there_is_nothing() -> None:
    balances = account(steady(NOON, NOON + 300, 10))
    assert balances.at(NOON - 86_400) == opening(NOON)
    assert balances.over(86_400).eligible == 50


def test_between_two_rows_the_earlier_one_holds() -> None:
    balances = account(steady(NOON, NOON + 300, 10))
    assert balances.at(NOON + 119).at == NOON + 60
    assert balances.at(NOON + 120).at == NOON + 120
