"""Whether a ratio is over its limit: exact on many events, by interval on few (laws 5, 6)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from bot.judge.confidence import Finding, reaches, wilson_lower

FINDINGS = list(Finding)
limits = st.fractions(Fraction(1, 10_000), Fraction(1))


def test_no_events_are_below_every_limit() -> None:
    assert reaches(0, 0, Fraction(1, 1000)) is Finding.BELOW


def test_a_rate_exactly_equal_to_the_limit_reaches_it() -> None:
    assert reaches(144, 10_000, Fraction("0.0144")) is Finding.REACHED


@pytest.mark.parametrize(
    ("bad", "finding"),
    [(1_439_999, Finding.BELOW), (1_440_000, Finding.REACHED), (1_444_000, Finding.REACHED)],
)
def test_nothing_is_rounded_before_the_comparison(bad: int, finding: Finding) -> None:
    # burns of 14.39999, 14.4 and 14.44 against a threshold of 14.4 at a target of 99.9 %
    assert reaches(bad, 100_000_000, Fraction("14.4") / 1000) is finding


def test_a_decimal_limit_is_the_decimal_and_not_its_nearest_double() -> None:
    # 0.1 as a double is a little more than 1/10: 100 of 1,000 would not reach it.
    assert reaches(100, 1_000, Fraction("0.1")) is Finding.REACHED


def test_few_events_over_the_limit_may_be_chance() -> None:
    assert reaches(1, 20, Fraction("0.02")) is Finding.UNDECIDED
    assert reaches(3, 100, Fraction("0.0144")) is Finding.UNDECIDED


def test_few_events_far_over_the_limit_are_proof() -> None:
    assert reaches(8, 100, Fraction("0.0144")) is Finding.REACHED


def test_two_bad_events_never_wake_anybody() -> None:
    assert reaches(2, 2, Fraction("0.0144")) is Finding.UNDECIDED
    assert reaches(3, 3, Fraction("0.0144")) is Finding.REACHED


def test_one_bad_event_of_one_proves_nothing() -> None:
    assert reaches(1, 1, Fraction("0.5")) is Finding.UNDECIDED


def test_from_ten_bad_events_allowed_on_the_point_itself_is_trusted() -> None:
    assert reaches(10, 1_000, Fraction("0.01")) is Finding.REACHED
    assert reaches(10, 999, Fraction("0.01")) is Finding.UNDECIDED


@given(st.integers(1, 3_000), st.data())
def test_the_lower_bound_is_wilsons(eligible: int, data: st.DataObject) -> None:
    bad = data.draw(st.integers(0, eligible))
    wanted = binomtest(bad, eligible, alternative="greater").proportion_ci(0.95, "wilson").low
    assert wilson_lower(bad, eligible) == pytest.approx(wanted, abs=2e-4)  # z to four digits


def test_a_rounding_error_above_all_bad_is_all_bad() -> None:
    assert wilson_lower(30.000000001, 30.0) == wilson_lower(30.0, 30.0)


@given(st.integers(0, 400), st.integers(1, 400), st.integers(0, 50), limits)
def test_more_bad_events_never_make_the_finding_better(
    bad: int, good: int, more: int, limit: Fraction
) -> None:
    eligible = bad + good
    before = reaches(bad, eligible, limit)
    turned = reaches(min(bad + more, eligible), eligible, limit)  # good events turn bad
    added = reaches(bad + more, eligible + more, limit)  # bad events come on top
    assert FINDINGS.index(turned) >= FINDINGS.index(before)
    assert FINDINGS.index(added) >= FINDINGS.index(before)
