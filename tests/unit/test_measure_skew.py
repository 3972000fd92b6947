"""What does not fit into a slice waits for the next; a contradiction that lasts is none of skew."""

from math import nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.indicator import Ratio
from bot.judge.thinning import Stretch
from bot.measure.absence import doubtful, proved_by
from bot.measure.promql import counters
from bot.measure.skew import Excess, Excesses, Fitting
from bot.ports import Ask
from tests.builders import objective


def fitted(*pairs: tuple[float | None, float | None], good: bool = False) -> list[object]:
    fitting = Fitting(good, 60)
    return [fitting.counts(60 * n, *pair) for n, pair in enumerate(pairs, 1)]


def test_bad_events_beyond_the_total_are_counted_in_the_next_slice() -> None:
    assert fitted((100, 103), (100, 97)) == [(100, 100), (100, 100)]


def test_good_events_beyond_the_total_are_counted_in_the_next_slice() -> None:
    assert fitted((100, 103), (100, 90), good=True) == [(100, 0), (100, 7)]


def test_an_event_that_the_total_has_not_seen_yet_waits_for_it() -> None:
    assert fitted((0, 2), (2, None), (5, None)) == [(0, 0), (2, 2), (5, 0)]


def test_what_waits_does_not_outlast_a_slice_without_events() -> None:
    assert fitted((0, 2), (0, 0), (5, 0)) == [(0, 0), (0, 0), (5, 0)]


def test_what_waits_is_lost_where_nothing_was_seen() -> None:
    assert fitted((100, 103), (None, None), (100, 0)) == [(100, 100), None, (100, 0)]
    assert fitted((100, 103), (100, None), (100, 0), good=True) == [(100, 0), None, (100, 100)]


@pytest.mark.parametrize("pair", [(nan, 5.0), (5.0, nan), (1e308, 5.0), (5.0, 1e308)])
def test_numbers_that_are_none_wait_for_nothing(pair: tuple[float, float]) -> None:
    assert fitted((100, 103), pair, (100, 0)) == [(100, 100), None, (100, 0)]


amounts = st.integers(0, 50)


@given(st.lists(st.tuples(amounts, amounts), max_size=80), amounts)
def test_no_skew_changes_the_total_or_makes_events_up(
    pairs: list[tuple[int, int]], waiting: int
) -> None:
    excess = Excess(waiting, 0, 0, waiting, 2 * waiting) if waiting else None
    fitting = Fitting(False, 60, excess)
    found = [fitting.counts(60 * n, total, bad) for n, (total, bad) in enumerate(pairs, 1)]
    assert all(one is not None and 0 <= one[1] <= one[0] for one in found)
    assert [one[0] for one in found if one] == [total for total, _ in pairs]
    assert sum(one[1] for one in found if one) <= waiting + sum(bad for _, bad in pairs)


@given(st.lists(amounts, min_size=2, max_size=80))
def test_an_outage_seen_half_a_slice_early_loses_nothing(events: list[int]) -> None:
    """All are bad; the total has seen the first half of each slice's events only when it ends."""
    halves = [(n + 1) // 2 for n in events]
    total = [
        a + b for a, b in zip(halves, [0, *(n - n // 2 - n % 2 for n in events)], strict=False)
    ]
    fitting = Fitting(False, 60)
    found = [
        fitting.counts(60 * n, t, b) for n, (t, b) in enumerate(zip(total, halves, strict=True))
    ]
    assert all(one is not None for one in found)


def contradiction(total: float, bad: float, slices: int, step: int = 60) -> str | None:
    fitting = Fitting(False, step)
    for n in range(1, slices + 1):
        fitting.counts(step * n, total, bad)
    return fitting.fault


def test_only_what_lasts_an_hour_and_some_slices_is_a_contradiction() -> None:
    assert contradiction(100, 150, 59) is None
    assert "bad exceeds total" in str(contradiction(100, 150, 60))
    assert contradiction(100, 150, 4, step=3_600) is None
    assert contradiction(100, 150, 5, step=3_600) is not None


def test_a_full_outage_with_a_few_events_ahead_is_none() -> None:
    fitting = Fitting(False, 60)
    fitting.counts(60, 100, 103)
    for n in range(2, 500):
        assert fitting.counts(60 * n, 100, 100) == (100, 100)
    assert fitting.excess is not None
    assert fitting.fault is None


def ask(since: int, good: str = "a") -> Ask:
    return Ask(objective(indicator=Ratio("t", good=good)), Stretch(since, since + 60, 60), since)


def test_what_waits_is_for_the_very_next_slice_of_the_same_question() -> None:
    memory = Excesses()
    waiting = Excess(3, 0, 120, 100, 103)
    memory.keep(ask(60), waiting)
    assert memory.before(ask(120)) == waiting
    assert memory.before(ask(180)) is None
    assert memory.before(ask(120, good="b")) is None
    memory.keep(ask(120), None)
    assert memory.before(ask(120)) is None


@pytest.mark.parametrize(
    ("total", "good", "proved"),
    [
        ("a", 'a{code="200"}', True),
        ('a{x="1"}', 'a{code="200",x="1"}', True),
        ('a{x="1"}', 'a{code="200"}', False),
        ("a", 'b{code="200"}', False),
        ("a + b", 'a{code="200"} + b{code="200"}', True),
        ("a", 'a{code="200"} + b{code="200"}', False),
    ],
)
def test_a_total_proves_the_scrape_of_its_own_series_only(
    total: str, good: str, proved: bool
) -> None:
    assert proved_by(counters(total), counters(good)) is proved


def test_good_events_missing_after_they_were_seen_are_beyond_doubt() -> None:
    assert doubtful(range(10), {2, 3}, 4) == [0, 1, 8, 9]
    assert doubtful([], set(), 4) == []
