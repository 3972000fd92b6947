"""The interval of a difference of two rates."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest, norm

from bot.judge.newcombe import Z95, newcombe, wilson


def test_the_interval_is_a_two_sided_95_percent_one() -> None:
    assert pytest.approx(norm.ppf(0.975), abs=1e-6) == Z95


@given(st.integers(1, 3_000), st.data())
def test_the_interval_of_a_rate_is_wilsons(eligible: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, eligible))
    wanted = binomtest(bad, eligible).proportion_ci(0.95, "wilson")
    assert wilson(bad, eligible) == pytest.approx((wanted.low, wanted.high), abs=1e-6)


@pytest.mark.parametrize(
    ("counts", "low", "high"),
    [  # worked examples of Newcombe's paper (table II, method 10)
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((10, 10, 0, 20), 0.6791, 1.0000),
        ((0, 10, 0, 20), -0.1611, 0.2775),
    ],
)
def test_the_interval_of_a_difference_is_newcombes(
    counts: tuple[float, float, float, float], low: float, high: float
) -> None:
    found = newcombe(*counts)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-4)


@given(st.integers(0, 50), st.integers(50, 90), st.integers(0, 50), st.integers(50, 90))
def test_the_difference_lies_in_its_interval_and_changes_sign_with_the_sides(
    bad: int, eligible: int, bad0: int, eligible0: int
) -> None:
    found, turned = (
        newcombe(bad, eligible, bad0, eligible0),
        newcombe(bad0, eligible0, bad, eligible),
    )
    assert -1 <= found.low <= found.value <= found.high <= 1
    assert tuple(turned) == pytest.approx((-found.value, -found.high, -found.low))


def test_the_interval_holds_the_true_difference_as_often_as_it_says() -> None:
    chance = np.random.default_rng(7)
    held = 0
    for _ in range(4_000):
        found = newcombe(chance.binomial(400, 0.02), 400, chance.binomial(3_600, 0.005), 3_600)
        held += found.low <= 0.015 <= found.high
    assert 0.94 <= held / 4_000 <= 0.97


def test_a_rounding_error_above_all_bad_is_all_bad() -> None:
    assert wilson(30.000000001, 30.0) == wilson(30.0, 30.0)
    assert newcombe(30.000000001, 30.0, 0, 10).value == 1.0
