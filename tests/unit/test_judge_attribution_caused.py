"""What a release caused, against what would have been without it: the environment is no release."""

import numpy as np
import pytest

from bot.judge.attribution import Share, attribute
from bot.judge.control import Control
from bot.judge.ledger import Balances, Slice
from bot.judge.newcombe import newcombe
from bot.judge.release import Release
from tests.builders import DAY, HOUR, NOON, account
from tests.unit.releasing import SINCE, WEEK, Rate, arms, hours

STEADY = [(1_800, 200)] * 10


def share_of(version: str, balances: Balances, *releases: Release) -> Share:
    """What the newest release of this version did."""
    found = attribute(WEEK, balances, balances.first.at, releases)
    assert found is not None
    return [one for one in found.shares if one.release.version == version][-1]


def blamed(events: list[tuple[int, int]], rates: tuple[Rate, Rate], runs: int = 200) -> float:
    """In how many of the runs something was caused for certain."""
    chance = np.random.default_rng(20_260)
    hits = 0
    for _ in range(runs):
        found = share_of("42", *arms(chance, events, rates)).caused
        assert found is not None
        assert found.control is Control.CONCURRENT
        hits += found.low > 0
    return hits / runs


def outage(at: int) -> float:
    """Six times the errors in the newest three hours."""
    return 0.03 if at > NOON - 3 * HOUR else 0.005


def test_an_outage_that_hits_both_arms_is_not_blamed_on_the_canary() -> None:
    assert blamed(STEADY, (outage, outage)) <= 0.05


def test_an_outage_during_a_ramp_is_not_blamed_on_the_canary() -> None:
    # counts of all hours in one pot would say 2.5 % against 1.0 %
    ramp = [(1_900, 100)] * 7 + [(1_000, 1_000)] * 3
    assert blamed(ramp, (outage, outage)) <= 0.05


def test_six_times_the_errors_of_a_canary_alone_are_blamed_on_it() -> None:
    assert blamed(STEADY, (lambda _: 0.005, lambda _: 0.03)) >= 0.9


def test_equal_arms_are_rarely_blamed() -> None:
    assert blamed(STEADY, (lambda _: 0.005, lambda _: 0.005)) <= 0.05


def test_beside_another_version_it_is_compared_with_that() -> None:
    whole, old, new = arms(np.random.default_rng(1), STEADY, (lambda _: 0.005, lambda _: 0.03))
    found = share_of("42", whole, old, new).caused
    assert found is not None
    counts = (found.bad, found.eligible, found.bad0, found.eligible0)
    assert counts == pytest.approx((new_bad(new), 2_000, new_bad(old), 18_000))
    allowed = whole.last.eligible * 0.01 * 7 * 24 / 10  # ten hours of a week
    gap = newcombe(*counts)
    assert found.share == pytest.approx(gap.value * 2_000 / allowed)
    assert (found.low, found.high) == pytest.approx(
        (gap.low * 2_000 / allowed, gap.high * 2_000 / allowed)
    )


def test_beside_another_version_that_one_before_it_is_no_control_however_long_it_served() -> None:
    """An outage since the canary began: against the week before it would look like its doing."""
    first = NOON - 3 * HOUR
    old = Release("41", SINCE, own=hours(1_800, outage))
    new = Release("42", first, share=0.1, own=hours(200, outage, since=first))
    rows = [
        Slice(at, 1_800, 1_800 * outage(at), HOUR) for at in range(SINCE + HOUR, first + 1, HOUR)
    ]
    rows += [Slice(at, 2_000, 60, HOUR) for at in range(first + HOUR, NOON + 1, HOUR)]
    found = share_of("42", account(rows), old, new).caused
    assert found is not None
    assert found.control is Control.CONCURRENT
    assert found.share == pytest.approx(0)


def new_bad(release: Release) -> float:
    assert release.own is not None
    return release.own.last.bad


def test_without_another_version_it_is_compared_with_the_one_before_and_marked_so() -> None:
    worse = hours(100, lambda at: 0.02 if at > NOON - 12 * HOUR else 0.005)
    found = share_of("2", worse, Release("1", SINCE), Release("2", NOON - 12 * HOUR)).caused
    assert found is not None
    assert found.control is Control.BEFORE_AFTER
    assert (found.bad, found.eligible) == pytest.approx((24, 1_200))
    assert (found.bad0, found.eligible0) == pytest.approx((12, 2_400))  # its last day
    assert found.share == pytest.approx(0.015 * 1_200 / (100 * 7 * 24 * 0.01))


def test_the_first_hours_stand_apart_from_the_rest_of_its_life() -> None:
    early = hours(100, lambda at: 0.02 if NOON - 2 * DAY < at <= NOON - DAY else 0.005)
    one = share_of("2", early, Release("1", SINCE), Release("2", NOON - 2 * DAY))
    assert one.caused is not None
    assert one.early is not None
    assert one.early.eligible == pytest.approx(2_400)
    assert one.early.share == pytest.approx(one.caused.share)  # its second day was as ever


def test_a_canary_that_was_promoted_is_judged_by_most_of_its_life() -> None:
    flat = hours(100, lambda _: 0.005)
    old = Release("1", SINCE, own=hours(90, lambda _: 0.005, until=NOON - 5 * HOUR))
    new = Release("2", NOON - 6 * HOUR, own=hours(95, lambda _: 0.005, since=NOON - 6 * HOUR))
    assert share_of("2", flat, old, new).control is Control.BEFORE_AFTER
    alone = share_of("2", flat, Release("1", SINCE, share=0.9, own=old.own), new)
    assert alone.control is Control.CONCURRENT  # no whole release was there before


def test_another_stage_of_the_same_version_is_no_control() -> None:
    flat = hours(100, lambda _: 0.005)
    own = hours(50, lambda _: 0.005)
    one = share_of("1", flat, Release("1", SINCE, NOON, own=own), Release("1", SINCE, share=0.5))
    assert one.control is Control.NONE


def test_traffic_split_by_a_declared_share_proves_nothing_about_either() -> None:
    worse = hours(100, lambda at: 0.02 if at > NOON - 12 * HOUR else 0.005)
    canary = Release("2", NOON - 12 * HOUR, share=0.1)
    one = share_of("2", worse, Release("1", SINCE), canary)
    assert one.control is Control.BEFORE_AFTER


def test_without_traffic_before_or_in_its_life_nothing_can_be_compared() -> None:
    late = hours(100, lambda _: 0.005, since=NOON - DAY)
    pair = Release("1", SINCE), Release("2", NOON - DAY)
    assert share_of("2", late, *pair).caused is None
    silent = hours(0, lambda _: 0, since=NOON, until=NOON + DAY)
    rows = [*late.rows, *(row._replace(eligible=2_400.0, bad=12.0) for row in silent.rows[1:])]
    assert share_of("2", Balances(rows), Release("1", SINCE), Release("2", NOON)).caused is None


def test_hours_without_traffic_on_one_arm_compare_nothing() -> None:
    whole, old, new = arms(
        np.random.default_rng(1), [(1_800, 0), (0, 200)], (lambda _: 0.1, lambda _: 0.1)
    )
    assert share_of("42", whole, old, new).control is not Control.CONCURRENT
