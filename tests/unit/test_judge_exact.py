"""The short ways of arithmetic give exactly what fractions give (law 6)."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from bot.judge.exact import at_least, is_below, ratio

counts = st.floats(0, 2**53) | st.integers(0, 2**53).map(float)
wholes = counts.filter(lambda count: count > 0)
shares = st.fractions(Fraction(1, 10**6), 10)


@given(counts, wholes, shares)
def test_a_ratio_is_that_of_fractions(part: float, whole: float, share: Fraction) -> None:
    assert ratio(part, whole, share) == Fraction(part) / (share * Fraction(whole))
    assert ratio(part, whole) == Fraction(part) / Fraction(whole)


@given(counts, counts, shares)
def test_a_comparison_is_that_of_fractions(part: float, whole: float, limit: Fraction) -> None:
    assert is_below(part, whole, limit) is (Fraction(part) < limit * Fraction(whole))


@given(shares, shares)
def test_a_share_reaches_its_floor_as_fractions_do(share: Fraction, floor: Fraction) -> None:
    assert at_least(share, floor) is (share >= floor)
    assert at_least(share, share)
