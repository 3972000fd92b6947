"""From counts of a slice to events of an objective."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from math import inf, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.ledger import Slice
from bot.judge.objective import Method
from bot.judge.thinning import Stretch
from bot.measure.tally import counts, events, fold, slices
from tests.builders import objective

TIMESLICES = replace(objective(method=Method.TIMESLICES), slice_target=Fraction("0.9"))


def test_good_events_leave_the_bad_ones() -> None:
    assert counts(10.0, 7.0, good=True) == (10.0, 3.0)


def test_no_bad_series_means_no_bad_events() -> None:
    assert counts(10.0, None, good=False) == (10.0, 0.0)


def test_a_good_series_missing_beside_a_total_says_nothing() -> None:
    assert counts(10.0, None, good=True) is None


def test_without_traffic_the_good_series_may_be_missing() -> None:
    assert counts(0.0, None, good=True) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("total", "other"),
    [(nan, 1.0), (inf, 1.0), (1e308, 1.0), (10.0, nan), (10.0, 11.0), (1.0, -1.0)],
)
@pytest.mark.parametrize("good", [True, False])
def test_numbers_that_cannot_be_counts_say_nothing(total: float, other: float, good: bool) -> None:
    assert counts(total, other, good=good) is None


def test_every_request_is_an_event() -> None:
    assert events(objective(), (10.0, 3.0)) == (10.0, 3.0)


def test_a_slice_exactly_at_its_target_is_good() -> None:
    assert events(TIMESLICES, (10.0, 1.0)) == (1.0, 0.0)


def test_a_slice_below_its_target_is_one_bad_event() -> None:
    assert events(TIMESLICES, (1000.0, 101.0)) == (1.0, 1.0)


def test_a_slice_without_traffic_is_no_event() -> None:
    assert events(TIMESLICES, (0.0, 0.0)) == (0.0, 0.0)


def test_a_ratio_slice_is_bad_by_its_share() -> None:
    assert events(objective(method=Method.RATIO_TIMESLICES), (8.0, 2.0)) == (1.0, 0.25)


def test_a_slice_that_was_not_seen_is_empty() -> None:
    assert list(slices(objective(), 60, [(60, None), (120, (5.0, 1.0))])) == [
        Slice(60, 0.0, 0.0, 0),
        Slice(120, 5.0, 1.0, 60),
    ]


def test_pieces_add_up_to_the_slices_of_the_stretch() -> None:
    pieces = [Slice(at, 1.0, 0.5, 60) for at in (60, 120, 180, 240)]
    pieces[2] = Slice(180, 0.0, 0.0, 0)
    assert fold(pieces, Stretch(0, 240, 120)) == (
        Slice(120, 2.0, 1.0, 120),
        Slice(240, 1.0, 0.5, 60),
    )


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 60)), min_size=60, max_size=60))
def test_folding_loses_nothing(made: Sequence[tuple[int, int]]) -> None:
    pieces = [
        Slice((n + 1) * 60, float(eligible), float(eligible // 2), seen)
        for n, (eligible, seen) in enumerate(made)
    ]
    for step in (60, 300, 3_600):
        folded = fold(pieces, Stretch(0, 3_600, step))
        assert len(folded) == 3_600 // step
        for name in ("eligible", "bad", "observed"):
            assert sum(getattr(s, name) for s in folded) == sum(getattr(s, name) for s in pieces)
