"""Burn alerts: thresholds from shares of the budget; alerts that can fire at all (laws 7, 8)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.burn import (
    GOOGLE,
    BurnAlert,
    Severity,
    can_fire,
    ceiling,
    default_alerts,
    nearest_that_fires,
)
from tests.builders import DAY, HOUR, MINUTE

targets = st.integers(1, 9_999).map(lambda n: Fraction(n, 10_000))
windows = st.integers(1, 400 * 24 * 60).map(lambda minutes: minutes * MINUTE)


@st.composite
def alerts(draw: st.DrawFn) -> BurnAlert:
    """Any alert that a policy may define."""
    long = draw(st.integers(1, 30 * 24 * 60)) * MINUTE
    short = draw(st.integers(1, long // MINUTE)) * MINUTE
    spend = Fraction(draw(st.integers(1, 1_000)), 1_000)
    return BurnAlert(spend, long, short, draw(st.sampled_from(Severity)))


def test_a_page_is_louder_than_a_ticket() -> None:
    assert Severity.PAGE.rank > Severity.TICKET.rank


@pytest.mark.parametrize(
    ("days", "thresholds"),
    [
        (30, ("72/5", "6", "1")),  # SRE Workbook, table 5-8
        (28, ("336/25", "28/5", "14/15")),
        (90, ("216/5", "18", "3")),
    ],
)
def test_thresholds_follow_from_share_time_and_window(days: int, thresholds: tuple[str]) -> None:
    found = default_alerts(Fraction("0.999"), days * DAY)
    assert [a.threshold(days * DAY) for a in found] == [Fraction(t) for t in thresholds]
    assert [(a.long, a.short) for a in found] == [(a.long, a.short) for a in GOOGLE]


def test_a_week_keeps_the_pages_and_shortens_the_ticket_to_a_burn_of_one() -> None:
    first, second, ticket = default_alerts(Fraction("0.999"), 7 * DAY)
    assert (first.long, first.threshold(7 * DAY)) == (HOUR, Fraction("3.36"))
    assert (second.long, second.threshold(7 * DAY)) == (6 * HOUR, Fraction("1.4"))
    assert (ticket.long, ticket.short, ticket.threshold(7 * DAY)) == (60_480, 5_040, 1)


def test_a_ticket_at_nine_tenths_of_a_burn_of_one_is_left_as_it_is() -> None:
    ticket = default_alerts(Fraction("0.999"), 27 * DAY)[-1]
    assert (ticket, ticket.threshold(27 * DAY)) == (GOOGLE[-1], Fraction(9, 10))


def test_times_in_the_shortest_window_are_no_shorter_than_a_minute() -> None:
    found = default_alerts(Fraction("0.999"), HOUR)
    assert [(a.long, a.short) for a in found] == [(60, 60), (60, 60), (360, 60)]


def test_a_page_in_a_short_window_means_at_least_twice_what_the_budget_allows() -> None:
    pages = [a for a in default_alerts(Fraction("0.999"), DAY) if a.severity is Severity.PAGE]
    assert all(2 <= page.threshold(DAY) < Fraction("2.2") for page in pages)


def test_the_ceiling_is_the_burn_of_a_total_outage() -> None:
    assert ceiling(Fraction("0.99")) == 100


def test_fourteen_point_four_is_out_of_reach_for_a_target_of_ninety_percent() -> None:
    page = GOOGLE[0]
    assert not can_fire(page, Fraction("0.9"), 30 * DAY)
    assert can_fire(page, Fraction("0.931"), 30 * DAY)


def test_an_alert_exactly_at_the_ceiling_can_fire() -> None:
    exact = BurnAlert(Fraction(1, 10), 3 * DAY // 10, HOUR, Severity.PAGE)
    assert exact.threshold(30 * DAY) == ceiling(Fraction("0.9")) == 10
    assert can_fire(exact, Fraction("0.9"), 30 * DAY)


def test_the_nearest_alert_spends_the_same_share_in_a_longer_time() -> None:
    near = nearest_that_fires(GOOGLE[0], Fraction("0.9"), 30 * DAY)
    assert near.spend == GOOGLE[0].spend
    assert near.long == 108 * MINUTE  # 2 % of 30 d at a burn of 8
    assert near.short == 9 * MINUTE
    assert near.threshold(30 * DAY) == 8


def test_an_alert_within_reach_is_its_own_nearest() -> None:
    assert nearest_that_fires(GOOGLE[1], Fraction("0.999"), 30 * DAY) == GOOGLE[1]


@given(alerts(), targets, windows)
def test_the_nearest_alert_can_fire_and_is_no_longer_than_the_window(
    alert: BurnAlert, target: Fraction, window: int
) -> None:
    near = nearest_that_fires(alert, target, window)
    assert can_fire(near, target, window)
    if near != alert:
        assert MINUTE <= near.short <= near.long <= window
        assert near.short % MINUTE == near.long % MINUTE == 0


@given(targets, windows.filter(lambda seconds: seconds >= HOUR))
def test_default_alerts_can_fire_fit_the_window_and_ignore_burns_within_the_budget(
    target: Fraction, window: int
) -> None:
    for alert in default_alerts(target, window):
        assert can_fire(alert, target, window)
        assert 0 < alert.short <= alert.long <= window
        reach = Fraction(8, 10) * ceiling(target)
        floor = min(Fraction(9, 10), reach)
        lost = Fraction(MINUTE, alert.long)  # times are whole minutes
        assert alert.threshold(window) >= floor * (1 - lost)
