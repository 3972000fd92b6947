"""Slices in milliseconds, and how finely a slice must be divided."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.thinning import Stretch
from bot.measure.looks import Pace
from bot.measure.window import Window

steps = st.sampled_from([15, 60, 300, 3_600, 21_600])


def test_a_window_has_a_slice_for_every_step() -> None:
    window = Window.of(Stretch(600, 1_200, 300), 60)
    assert (window.count, window.first, window.end(9)) == (10, 660_000, 1_200_000)


@given(steps, st.integers(1, 500), st.integers(0, 499))
def test_the_end_of_a_slice_finds_its_index(step: int, count: int, index: int) -> None:
    window = Window(0, count * step * 1000, step * 1000)
    assert window.index(window.end(index) / 1000) == index


@given(steps, st.integers(1, 500), st.integers(1, 100))
def test_pieces_and_halves_cover_a_window_once(step: int, count: int, most: int) -> None:
    window = Window(0, count * step * 1000, step * 1000)
    pieces = list(window.pieces(most))
    assert sum(piece.count for piece in pieces) == count
    assert all(piece.count <= most for piece in pieces)
    assert [p.until for p in pieces[:-1]] == [p.since for p in pieces[1:]]
    if count > 1:
        first, second = window.halves()
        assert first.count + second.count == count
        assert (first.since, first.until, second.until) == (0, second.since, window.until)


@pytest.mark.parametrize(
    ("scrape", "step", "fine"),
    [
        (15_000, 60_000, 5_000),
        (60_000, 60_000, 20_000),
        (1_000, 5_000, 312),
        (7_000, 60_000, 2_000),
    ],
)
def test_part_of_a_slice_is_at_most_a_third_of_a_scrape_interval(
    scrape: int, step: int, fine: int
) -> None:
    assert Pace(scrape, 86_400_000).fine(step) <= fine


@given(steps, st.integers(500, 120_000))
def test_a_slice_is_a_multiple_of_its_parts(step: int, scrape: int) -> None:
    fine = Pace(scrape, 86_400_000).fine(step * 1000)
    assert step * 1000 % fine == 0
    assert 1 <= fine <= max(1, scrape / 3)
