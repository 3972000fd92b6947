"""Affordable, and worth it? The worked examples, and what must hold whatever the figures."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.newcombe import newcombe
from bot.judge.stake import Change, Loss, Ruling, Stake
from bot.judge.tradeoff import RESERVE, Tradeoff, weigh
from tests.builders import HOUR, NOON

ACCEPT, REJECT, HOLD = Ruling.ACCEPT, Ruling.REJECT, Ruling.HOLD
TO_GO = Fraction(714_286)
"""Requests until the next release, of 2 million in 28 days."""


def points(expected: str, spread: str = "0", measured: int | None = None) -> Change:
    """A change in percentage points, ± the spread."""
    middle, half = Fraction(expected) / 100, Fraction(spread) / 100
    return Change(middle, middle - half, middle + half, measured)


def availability(change: Change, left: str = "0.45") -> Stake:
    """99.9 % of 2 million requests, burning at 0.05 %."""
    rate = Fraction(5, 10_000)
    return Stake("availability", Loss.REQUEST, Fraction(left), Fraction(2_000), rate, TO_GO, change)


def accuracy(change: Change, left: str = "0.5") -> Stake:
    """92 % right of 2 million, at 4 % wrong."""
    rate = Fraction(4, 100)
    return Stake("accuracy", Loss.ANSWER, Fraction(left), Fraction(160_000), rate, TO_GO, change)


BETTER = accuracy(points("-1.5", "0.2"))
"""Version 42: 1.5 ± 0.2 points fewer wrong answers."""


def test_a_small_loss_of_requests_for_many_right_answers_is_accepted() -> None:
    found = weigh([availability(points("0.02", "0.01")), BETTER])
    cost = found.costs[0]
    assert float(cost.base) == pytest.approx(0.179, abs=0.001)
    figures = [float(share) for share in (cost.low, cost.expected, cost.high)]
    assert figures == pytest.approx([0.036, 0.071, 0.107], abs=0.001)
    left = [float(share) for share in (cost.left_low, cost.left, cost.left_high)]
    assert left == pytest.approx([0.164, 0.200, 0.236], abs=0.001)
    assert (round(found.answers), round(found.requests)) == (10_714, 143)
    assert found.exchange == 75
    assert (found.ruling, found.affordable, found.worth) == (ACCEPT, ACCEPT, True)
    assert found.needed is found.affordable_at is None


def test_what_the_budget_cannot_afford_is_rejected_however_much_it_is_worth() -> None:
    found = weigh([availability(points("0.06", "0.01")), BETTER])
    cost = found.costs[0]
    left = [float(share) for share in (cost.left_low, cost.left, cost.left_high)]
    assert left == pytest.approx([0.021, 0.057, 0.093], abs=0.001)
    assert found.exchange == 25
    assert (found.ruling, found.affordable, found.worth) == (REJECT, REJECT, True)
    assert found.needed is None


def test_an_interval_on_both_sides_of_the_reserve_holds_and_says_how_much_is_missing() -> None:
    found = weigh([availability(points("0.04", "0.05", measured=1_000)), BETTER])
    assert found.ruling is HOLD
    edge = (Fraction("0.45") - RESERVE) * 2_000 / TO_GO - Fraction(5, 10_000)
    times = (Fraction("0.0005") / (edge - Fraction("0.0004"))) ** 2
    assert found.needed == pytest.approx(1_000 * (float(times) - 1), abs=1)


def test_with_the_events_that_were_missing_the_interval_no_longer_straddles() -> None:
    one = availability(points("0.04", "0.05", measured=1_000))
    needed = weigh([one, BETTER]).needed
    assert needed is not None
    half = Fraction(5, 10_000) * Fraction((1_000 / (1_000 + needed)) ** 0.5)
    narrow = replace(one.change, low=one.change.expected - half, high=one.change.expected + half)
    assert weigh([replace(one, change=narrow), BETTER]).ruling is ACCEPT


def test_on_the_dear_side_more_events_decide_against_it() -> None:
    one = availability(points("0.06", "0.05", measured=1_000))
    needed = weigh([one, BETTER]).needed
    assert needed is not None
    half = Fraction(5, 10_000) * Fraction((1_000 / (1_000 + needed)) ** 0.5)
    narrow = replace(one.change, low=one.change.expected - half, high=one.change.expected + half)
    assert weigh([replace(one, change=narrow), BETTER]).ruling is REJECT


def test_what_leaves_just_the_reserve_is_affordable() -> None:
    each = TO_GO / 2_000
    left = RESERVE + Fraction(5, 10_000) * each + Fraction(2, 10_000) * each
    one = replace(availability(points("0.02")), left=left)
    assert weigh([one, BETTER]).ruling is ACCEPT
    assert weigh([replace(one, left=left - Fraction(1, 10**9)), BETTER]).ruling is REJECT


def test_just_at_the_edge_no_number_of_events_decides() -> None:
    each = TO_GO / 2_000
    left = RESERVE + Fraction(5, 10_000) * each + Fraction(2, 10_000) * each
    one = replace(availability(points("0.02", "0.01", measured=1_000)), left=left)
    found = weigh([one, BETTER])
    assert (found.ruling, found.needed) == (HOLD, None)


def test_where_nothing_was_measured_nobody_knows_how_much_is_missing() -> None:
    assert weigh([availability(points("0.04", "0.05")), BETTER]).needed is None


def test_all_open_budgets_must_be_decided() -> None:
    one = availability(points("0.04", "0.05", measured=1_000))
    two = replace(one, objective="latency", change=points("0.04", "0.04", measured=1_000))
    dear, cheap = weigh([one, BETTER]).needed, weigh([two, BETTER]).needed
    assert dear is not None
    assert cheap is not None
    assert dear > cheap
    assert weigh([two, one, BETTER]).needed == dear
    assert weigh([two, replace(one, change=points("0.04", "0.05")), BETTER]).needed is None


def test_what_costs_more_than_it_brings_is_not_worth_it() -> None:
    one = availability(points("0.02", "0.01"))
    assert weigh([one, BETTER], price=Fraction(75)).ruling is ACCEPT
    found = weigh([one, BETTER], price=Fraction(76))
    assert (found.ruling, found.affordable, found.worth) == (REJECT, ACCEPT, False)


def test_requests_saved_for_wrong_answers_are_worth_it_up_to_the_price() -> None:
    one, two = availability(points("-0.02")), accuracy(points("0.2"))
    assert weigh([one, two], price=Fraction(10)).exchange == 10
    assert weigh([one, two], price=Fraction(10)).ruling is ACCEPT
    assert weigh([one, two], price=Fraction(9)).ruling is REJECT


def test_where_nothing_is_traded_there_is_no_exchange() -> None:
    found = weigh([availability(points("-0.01")), BETTER])
    assert (found.exchange, found.worth, found.ruling) == (None, True, ACCEPT)
    worse = weigh([availability(points("0.01")), accuracy(points("0.1"))])
    assert (worse.exchange, worse.worth, worse.ruling) == (None, False, REJECT)


def test_a_release_without_change_may_go_though_the_budget_is_low() -> None:
    found = weigh([availability(points("0"), left="0.01"), BETTER])
    assert found.ruling is ACCEPT


def test_without_events_to_come_nothing_is_paid() -> None:
    one = replace(availability(points("5", "5")), events=Fraction(0))
    assert weigh([one]).ruling is ACCEPT


def test_counts_of_both_arms_give_the_change_with_newcombes_interval() -> None:
    gap, change = newcombe(12, 400, 3, 3_900), Change.of(12, 400, 3, 3_900)
    assert (change.expected, change.low, change.high) == tuple(map(Fraction, gap))
    assert change.measured == 400


def test_it_is_affordable_again_when_every_path_leaves_enough() -> None:
    dear = points("0.06", "0.01")
    ahead = [(NOON + n * HOUR, left) for n, left in enumerate([0.45, 0.5, 0.52, 0.6], 1)]
    late = [(NOON + 2 * HOUR, 0.5), (NOON + 5 * HOUR, 0.7)]
    one = replace(availability(dear), path=ahead)
    assert weigh([one, BETTER]).affordable_at == NOON + 4 * HOUR
    two = replace(availability(dear), objective="latency", path=late)
    assert weigh([one, two, BETTER]).affordable_at == NOON + 5 * HOUR


def test_paths_that_change_at_the_same_instant_are_seen_together() -> None:
    dear, at = points("0.06", "0.01"), NOON + HOUR
    one = replace(availability(dear), path=[(at, 0.9), (at + HOUR, 0.9)])
    two = replace(availability(dear, left="0.9"), objective="latency", path=[(at, 0.2)])
    assert weigh([one, two, BETTER]).affordable_at is None


def test_what_is_not_worth_it_or_not_seen_to_recover_has_no_date() -> None:
    one = replace(availability(points("0.06", "0.01")), path=[(NOON, 1.0)])
    assert weigh([one, BETTER]).affordable_at == NOON
    assert weigh([one, BETTER], price=Fraction(100)).affordable_at is None
    assert weigh([replace(one, path=()), BETTER]).affordable_at is None


shares = st.fractions(-1, 1, max_denominator=1_000)
rates = st.fractions(0, Fraction(1, 10), max_denominator=10_000)
changes = st.tuples(
    st.fractions(Fraction(-1, 100), Fraction(1, 100), max_denominator=100_000),
    st.fractions(0, Fraction(1, 1_000), max_denominator=100_000),
).map(lambda pair: Change(pair[0], pair[0] - pair[1], pair[0] + pair[1], 1_000))
counts = st.integers(1, 10**6).map(Fraction)
stakes = st.builds(
    Stake, st.just("one"), st.sampled_from(Loss), shares, counts, rates, counts, changes
)
several = st.lists(stakes, min_size=1, max_size=3)
prices = st.fractions(0, 100, max_denominator=10)


def shifted(stake: Stake, more: Fraction) -> Stake:
    change = stake.change
    return replace(
        stake,
        change=replace(
            change, expected=change.expected + more, low=change.low + more, high=change.high + more
        ),
    )


@given(several, prices, st.fractions(0, Fraction(1, 100), max_denominator=10_000), st.data())
def test_more_failures_never_turn_a_rejection_into_an_acceptance(
    found: list[Stake], price: Fraction, more: Fraction, data: st.DataObject
) -> None:
    index = data.draw(st.integers(0, len(found) - 1))
    worse = [shifted(one, more) if n == index else one for n, one in enumerate(found)]
    order = [REJECT, HOLD, ACCEPT]
    before, after = weigh(found, price), weigh(worse, price)
    assert order.index(after.affordable) <= order.index(before.affordable)
    assert order.index(after.ruling) <= order.index(before.ruling)


def scaled(found: list[Stake], by: Fraction) -> list[Stake]:
    return [replace(one, allowed=one.allowed * by, events=one.events * by) for one in found]


def essence(found: Tradeoff) -> tuple[object, ...]:
    return found.ruling, found.affordable, found.worth, found.costs, found.exchange, found.needed


@given(several, prices, st.fractions(Fraction(1, 100), 100, max_denominator=100))
def test_more_traffic_with_a_budget_as_much_greater_changes_nothing(
    found: list[Stake], price: Fraction, by: Fraction
) -> None:
    assert essence(weigh(scaled(found, by), price)) == essence(weigh(found, price))


@given(several, prices)
def test_no_change_costs_nothing_and_is_accepted(found: list[Stake], price: Fraction) -> None:
    nothing = Change(Fraction(0), Fraction(0), Fraction(0))
    result = weigh([replace(one, change=nothing) for one in found], price)
    assert all(cost.low == cost.expected == cost.high == 0 for cost in result.costs)
    assert result.ruling is ACCEPT


@given(stakes)
def test_what_straddles_is_held(stake: Stake) -> None:
    (cost,) = weigh([stake]).costs
    may_be_fine = stake.change.low <= 0 or cost.left_high >= RESERVE
    may_be_short = stake.change.high > 0 and cost.left_low < RESERVE
    assert (cost.ruling is HOLD) == (may_be_fine and may_be_short)


@given(stakes, st.fractions(0, 1, max_denominator=1_000))
def test_quality_never_pays_for_an_overdrawn_availability(stake: Stake, gain: Fraction) -> None:
    more = replace(stake, loss=Loss.REQUEST)
    dear = replace(more, left=Fraction(-1), change=points("0.1", "0.01"))
    better = accuracy(Change(-gain, -gain, -gain))
    assert weigh([dear, better]).ruling is REJECT


def test_what_is_traded_is_traded_over_the_same_time_whatever_the_windows() -> None:
    week = replace(BETTER, events=TO_GO / 4)
    one = availability(points("0.02", "0.01"))
    uneven = weigh([one, week])
    even = weigh([replace(one, traded=TO_GO / 4), week])
    assert uneven.exchange == 75 / Fraction(4)
    assert even.exchange == 75
    assert [cost.left for cost in even.costs] == [cost.left for cost in uneven.costs]
