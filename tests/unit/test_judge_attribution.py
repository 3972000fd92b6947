"""The shares of all releases, and what is nobody's, are the consumption."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.attribution import Attribution, attribute
from bot.judge.budget import budget_of
from bot.judge.control import Control
from bot.judge.ledger import Balances, Slice
from bot.judge.release import Release
from tests.builders import DAY, HOUR, NOON, account
from tests.examples import examples
from tests.unit.releasing import LENGTH, SINCE, WEEK, hours


def shared(balances: Balances, *releases: Release) -> Attribution:
    found = attribute(WEEK, balances, balances.first.at, releases)
    assert found is not None
    return found


FLAT = hours(100, lambda _: 0.005)
"""Half the budget of the week, evenly."""


def test_without_traffic_there_is_nothing_to_attribute() -> None:
    assert attribute(WEEK, hours(0, lambda _: 0), SINCE, [Release("1", SINCE)]) is None


def test_without_releases_everything_is_unattributed() -> None:
    found = shared(FLAT)
    assert found.shares == ()
    assert found.unattributed == found.consumed == pytest.approx(0.5)


def test_a_release_bears_what_was_spent_while_it_was_live() -> None:
    found = shared(FLAT, Release("1", SINCE), Release("2", NOON - LENGTH // 4))
    assert [float(one.burn) for one in found.shares] == pytest.approx([0.375, 0.125])
    assert found.unattributed == pytest.approx(0)
    assert [one.ended for one in found.shares] == [True, False]


def test_who_spent_more_than_the_part_of_the_budget_it_earned_has_an_excess() -> None:
    worse = hours(100, lambda at: 0.02 if at > NOON - DAY else 0.005)
    found = shared(worse, Release("1", SINCE), Release("2", NOON - DAY))
    assert [float(one.excess) for one in found.shares] == pytest.approx([-3 / 7, 1 / 7])
    assert float(found.shares[1].burn) == pytest.approx(2 / 7)


def test_the_excesses_of_all_releases_are_the_overspending() -> None:
    found = shared(FLAT, Release("1", SINCE), Release("2", NOON - DAY))
    assert sum(one.excess for one in found.shares) == pytest.approx(found.consumed - 1)


def test_time_without_a_release_is_unattributed() -> None:
    found = shared(FLAT, Release("1", SINCE + DAY, NOON - DAY))
    assert float(found.unattributed) == pytest.approx(0.5 * 2 / 7)


def test_only_the_part_of_a_life_in_the_window_counts() -> None:
    long = hours(100, lambda _: 0.005, since=SINCE - 30 * DAY)
    found = shared(long, Release("0", SINCE - 9 * DAY, SINCE), Release("1", SINCE - DAY))
    assert [(one.release.version, one.since) for one in found.shares] == [("1", SINCE)]
    assert found.unattributed == 0


def test_the_consumption_is_what_the_budget_of_a_young_account_says() -> None:
    young = hours(100, lambda _: 0.01, since=NOON - DAY)
    found = shared(young, Release("1", NOON - DAY))
    assert found.consumed == 1 - (budget_of(WEEK, young, NOON - DAY).left or 0)
    assert float(found.consumed) == pytest.approx(1 / 7)


def test_the_first_release_has_no_control() -> None:
    (one,) = shared(FLAT, Release("1", SINCE)).shares
    assert (one.control, one.caused, one.early) == (Control.NONE, None, None)


@given(
    st.lists(st.integers(0, 100), min_size=48, max_size=48),
    st.sets(st.integers(0, 47), min_size=1, max_size=10),
)
def test_whole_releases_bear_just_the_hours_in_which_they_were_live(
    bad: list[int], begun: set[int]
) -> None:
    first, starts = NOON - 48 * HOUR, sorted(begun)
    balances = account(Slice(first + n * HOUR, 100.0, float(b), HOUR) for n, b in enumerate(bad, 1))
    live = [Release(str(n), first + start * HOUR) for n, start in enumerate(starts)]
    found = shared(balances, *live)
    ends = [*starts[1:], 48]
    wanted = [sum(bad[start:end]) for start, end in zip(starts, ends, strict=True)]
    assert [one.bad for one in found.shares] == wanted
    assert found.unattributed * found.allowed == sum(bad[: starts[0]])


counts = st.integers(0, 50).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n)))
rows = st.lists(counts, min_size=20, max_size=20)
instants = st.integers(-30 * HOUR, 5 * HOUR).map(lambda seconds: NOON + seconds)


def pieces(found: list[tuple[int, int]]) -> Balances:
    return account(
        Slice(NOON - (20 - n) * HOUR, float(eligible), float(bad), HOUR)
        for n, (eligible, bad) in enumerate(found, 1)
    )


releases = st.builds(
    Release,
    version=st.sampled_from(["1", "2", "3"]),
    began=instants,
    ended=st.none() | instants,
    share=st.none() | st.floats(0, 1, width=16),
    own=st.none() | rows.map(pieces),
)


@examples(60)
@given(rows, st.lists(releases, max_size=5), st.sampled_from([0.0, 0.1, 0.3]))
def test_shares_and_the_unattributed_add_up_whatever_the_overlaps_and_gaps(
    found: list[tuple[int, int]], live: list[Release], fraction: float
) -> None:
    balances = account(
        Slice(NOON - (20 - n) * HOUR, eligible + fraction, bad * (1 - fraction), HOUR)
        for n, (eligible, bad) in enumerate(found, 1)
    )
    result = attribute(WEEK, balances, balances.first.at, live)
    if result is None:
        assert balances.last.eligible == 0
        return
    total = sum((one.burn for one in result.shares), Fraction(0))
    assert total + result.unattributed == result.consumed  # exactly, so within 1e-9
    assert float(result.consumed) == pytest.approx(balances.last.bad / float(result.allowed))
    assert all(one.burn >= 0 for one in result.shares)
    assert result.unattributed >= -1e-9
