"""Late truth: an account as if what came late had been counted at first."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.ledger import Balances, Entry, Slice, accumulate, opening
from bot.judge.restating import begins, restated
from tests.builders import DAY, HOUR, MINUTE, NOON, account, silent, steady

NOW = NOON + HOUR


def test_late_truth_moves_every_later_total_and_no_earlier_one() -> None:
    rows = accumulate(None, steady(NOON, NOON + 300, 10))
    late = Slice(NOON + 180, 2, 7, 0)
    changed = restated(rows, [late], MINUTE, NOW, NOON + 300)
    assert changed[:3] == rows[:3]
    assert [(row.eligible, row.bad) for row in changed[3:]] == [(32, 7), (42, 7), (52, 7)]
    assert [row.observed for row in changed] == [row.observed for row in rows]


def test_nothing_to_correct_changes_nothing() -> None:
    rows = accumulate(None, steady(NOON, NOON + 300, 10))
    assert restated(rows, [], MINUTE, NOW, NOON + 300) == rows


def test_an_unseen_slice_that_is_seen_late_gets_a_row_of_its_own() -> None:
    rows = accumulate(None, [*steady(NOON, NOON + 60, 10), *silent(NOON + 60, NOON + 300)])
    changed = restated(rows, [Slice(NOON + 180, 4, 1, 60)], MINUTE, NOW, NOON + 300)
    assert Balances(changed).at(NOON + 120) == rows[1]
    assert Balances(changed).at(NOON + 180) == Entry(NOON + 180, 14, 1, 120)
    assert changed[-1] == Entry(NOON + 300, 14, 1, 120)


def test_a_thinned_account_is_corrected_at_the_row_that_holds_the_slice() -> None:
    hours = [Slice(NOON + HOUR, 60, 0, HOUR), Slice(NOON + 2 * HOUR, 60, 0, HOUR)]
    rows = accumulate(None, hours)
    late, long_after = Slice(NOON + HOUR + 60, 0, 9, 0), NOON + 30 * DAY
    changed = restated(rows, [late], MINUTE, long_after, NOON + 2 * HOUR)
    assert [row.at for row in changed] == [NOON, NOON + HOUR, NOON + 2 * HOUR]
    assert [row.bad for row in changed] == [0, 0, 9]


def test_what_came_before_the_opening_opens_the_account_earlier() -> None:
    rows = accumulate(None, steady(NOON, NOON + 120, 10))
    changed = restated(rows, [Slice(NOON - 60, 5, 5, 60)], MINUTE, NOW, NOON + 120)
    assert changed == [
        opening(NOON - 120),
        Entry(NOON - 60, 5, 5, 60),
        Entry(NOON, 5, 5, 60),
        Entry(NOON + 60, 15, 5, 120),
        Entry(NOON + 120, 25, 5, 180),
    ]


def test_an_account_without_rows_is_opened_and_ends_where_it_was_read() -> None:
    changed = restated([], [Slice(NOON + 60, 5, 2, 60)], MINUTE, NOW, NOON + 300)
    assert changed == [opening(NOON), Entry(NOON + 60, 5, 2, 60), Entry(NOON + 300, 5, 2, 60)]


def test_a_total_that_would_fall_is_refused() -> None:
    rows = accumulate(None, steady(NOON, NOON + 120, 10, 1))
    with pytest.raises(ValueError, match="eligible would fall from 10 to 0"):
        restated(rows, [Slice(NOON + 120, -20, 0, 0)], MINUTE, NOW, NOON + 120)


def test_more_bad_events_than_there_are_is_refused() -> None:
    rows = accumulate(None, steady(NOON, NOON + 60, 10, 1))
    with pytest.raises(ValueError, match="25 bad events of only 10"):
        restated(rows, [Slice(NOON + 60, 0, 24, 0)], MINUTE, NOW, NOON + 60)


def test_what_rounding_takes_from_a_total_is_given_back() -> None:
    rows = accumulate(None, [Slice(NOON, 0.1 + 0.2, 0.0, 60), Slice(NOON + 60, 0.0, 0.0, 60)])
    changed = restated(rows, [Slice(NOON + 60, -5e-11, 0, 0)], MINUTE, NOW, NOON + 60)
    assert changed[-1].eligible == 0.1 + 0.2


def test_corrections_begin_where_the_first_was_observed() -> None:
    assert begins([Slice(NOON, 0, 1, 0), Slice(NOON + 60, 0, 0, 120)]) == NOON - 60
    assert begins([Slice(NOON, 0, 1, -60)]) == NOON


counts = st.tuples(st.integers(0, 50), st.integers(0, 50), st.booleans())


@given(st.lists(counts, min_size=2, max_size=30), st.data())
def test_a_slice_told_late_is_as_if_it_had_been_counted_so_at_first(
    drawn: list[tuple[int, int, bool]], data: st.DataObject
) -> None:
    truth = [
        Slice(NOON + (i + 1) * MINUTE, ok + bad, bad, MINUTE)
        if seen
        else Slice(NOON + (i + 1) * MINUTE, 0, 0, 0)
        for i, (ok, bad, seen) in enumerate([(1, 0, True), *drawn])
    ]
    late = data.draw(st.sets(st.integers(1, len(truth) - 1)))
    known = [Slice(one.at, 0, 0, 0) if index in late else one for index, one in enumerate(truth)]
    lacking = [truth[index] for index in late if truth[index].observed]
    rows = restated(accumulate(None, known), lacking, MINUTE, NOW, truth[-1].at)
    at_once = account(truth)
    for piece in truth:
        assert Balances(rows).at(piece.at)[1:] == at_once.at(piece.at)[1:]
