"""The pace of bad events, and how far off the sum over some time may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import gamma, norm

from bot.judge.ledger import Balances, Slice
from bot.judge.pace import Z80, Pace, pace_of
from tests.builders import DAY, HOUR, MINUTE, NOON, Part, account, story

SINCE = NOON - 12 * HOUR


def pace(balances: Balances, since: int = SINCE, step: int = MINUTE) -> Pace:
    found = pace_of(balances, since, step)
    assert found is not None
    return found


def bursts(*bad: float) -> Balances:
    """Hours until noon with so many bad events of a thousand each."""
    first = NOON - len(bad) * HOUR
    return account(Slice(first + n * HOUR, 1_000.0, b, HOUR) for n, b in enumerate(bad, 1))


def test_the_pace_is_the_mean_of_the_window() -> None:
    found = pace(story(Part(9 * HOUR, 60, 0), Part(3 * HOUR, 60, 6)))
    assert found.eligible == pytest.approx(1)
    assert found.bad == pytest.approx(3 * 360 / (12 * HOUR))
    assert found.new(HOUR) == pytest.approx(90)
    assert found.usual == 0  # in most blocks nothing burned


def test_time_that_nobody_saw_has_no_pace() -> None:
    found = pace(story(Part(6 * HOUR, 60, 6), Part(6 * HOUR, None)))
    assert found.eligible == pytest.approx(1)
    assert found.bad == found.usual == pytest.approx(0.1)
    assert found.seconds == 6 * HOUR


def test_too_few_slices_or_blocks_or_no_traffic_have_no_pace() -> None:
    assert pace_of(story(Part(7 * MINUTE, 60)), NOON - 7 * MINUTE, MINUTE) is None
    assert pace_of(story(Part(3 * HOUR, 60), Part(9 * HOUR, None)), SINCE, MINUTE) is None
    assert pace_of(story(Part(12 * HOUR, 0)), SINCE, MINUTE) is None
    assert pace_of(story(Part(8 * MINUTE, 60)), NOON - 8 * MINUTE, MINUTE) is not None


def test_the_variance_is_that_of_the_blocks() -> None:
    bad = [5.0, 40.0, 0.0, 12.0, 70.0, 3.0, 9.0, 0.0, 21.0, 33.0, 2.0, 15.0]
    assert pace(bursts(*bad)).variance == pytest.approx(np.var(bad, ddof=1) / HOUR)


def test_the_variance_is_never_less_than_that_of_chance() -> None:
    assert pace(bursts(*[8.0] * 12)).variance == pytest.approx(8 / HOUR)
    assert pace(bursts(*[0.0] * 12)).variance == pytest.approx(0.5 / (12 * HOUR))


@pytest.mark.parametrize("z", [-Z80, 0.0, Z80])
@pytest.mark.parametrize("shape", [1.0, 3.0, 20.0, 400.0])
def test_the_quantiles_are_those_of_a_gamma_distribution(z: float, shape: float) -> None:
    seconds, past = 7 * DAY, 28 * DAY
    mean = 100.0
    variance = mean * mean / shape / seconds / (1 + seconds / past)
    found = Pace(1.0, mean / seconds, 0.0, variance, past).quantile(seconds, z)
    wanted = gamma.ppf(norm.cdf(z), shape, scale=mean / shape)
    assert found == pytest.approx(wanted, abs=0.03 * mean)


def test_a_tenth_lies_on_each_side_of_the_range() -> None:
    assert pytest.approx(norm.ppf(0.9), abs=1e-6) == Z80


paces = st.builds(
    Pace,
    eligible=st.just(1.0),
    bad=st.floats(1e-6, 10),
    usual=st.just(0.0),
    variance=st.floats(1e-3, 100),
    seconds=st.integers(HOUR, 30 * DAY),
)
factors = st.floats(0.25, 10)


@given(paces, st.integers(MINUTE, 30 * DAY), st.floats(-2, 2), factors)
def test_the_chance_of_a_quantile_is_its_own(
    found: Pace, seconds: int, z: float, factor: float
) -> None:
    count = found.quantile(seconds, z, factor)
    if found.quantile(seconds, z) > 1e-6 * found.new(seconds) and count > 0:
        assert found.chance(seconds, count, factor) == pytest.approx(norm.sf(z), abs=1e-6)


@given(paces, st.integers(MINUTE, 30 * DAY), st.floats(-2, 2), factors)
def test_a_factor_stretches_the_distance_from_what_is_expected(
    found: Pace, seconds: int, z: float, factor: float
) -> None:
    mean = found.new(seconds)
    stretched = mean + factor * (found.quantile(seconds, z) - mean)
    assert found.quantile(seconds, z, factor) == pytest.approx(max(0.0, stretched))


@given(paces, st.integers(MINUTE, 30 * DAY), st.floats(0, 1e6), st.floats(0, 1e6), factors)
def test_more_bad_events_are_never_more_probable(
    found: Pace, seconds: int, count: float, more: float, factor: float
) -> None:
    less = found.chance(seconds, count + more, factor)
    assert 0 <= less <= found.chance(seconds, count, factor) <= 1


def test_what_there_is_no_room_for_is_certain() -> None:
    found = pace(bursts(*[8.0] * 12))
    assert found.chance(HOUR, 0) == found.chance(0, -3) == 1


def test_nothing_new_comes_in_no_time() -> None:
    found = pace(bursts(*[8.0] * 12))
    assert found.chance(0, 5) == 0
    assert found.quantile(0, Z80) == 0
