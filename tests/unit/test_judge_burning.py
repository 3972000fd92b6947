"""Burn rates and alarms: both windows, exact thresholds, and what was seen (laws 4, 6, 7)."""

from fractions import Fraction

import pytest

from bot.judge.burn import BurnAlert, Severity
from bot.judge.burning import (
    Alarm,
    Burn,
    alarms_of,
    blind_spot,
    burns_of,
    coverage_of,
    firing_of,
    present,
)
from bot.judge.ledger import Balances, Spend
from tests.builders import DAY, HOUR, MINUTE, Part, objective, rolling, story

FAST = BurnAlert(Fraction(2, 100), HOUR, 5 * MINUTE, Severity.PAGE)
SLOW = BurnAlert(Fraction(10, 100), 3 * DAY, 6 * HOUR, Severity.TICKET)
ONE = objective(target="0.99", alerts=(FAST,))
BOTH = objective(target="0.99", alerts=(SLOW, FAST))


def alarm(*parts: Part) -> Alarm:
    """What the fast alert (threshold 14.4, so 14.4 % bad) says at the end of these parts."""
    balances = story(*parts)
    (found,) = alarms_of(ONE, burns_of(ONE, balances, balances.first.at))
    return found


def fires(balances: Balances) -> list[Severity]:
    burns = burns_of(BOTH, balances, balances.first.at)
    return [found.alert.severity for found in firing_of(BOTH, burns, alarms_of(BOTH, burns))]


def spot(balances: Balances) -> Burn | None:
    burns = burns_of(BOTH, balances, balances.first.at)
    return blind_spot(BOTH, burns, alarms_of(BOTH, burns))


def test_a_rate_exactly_equal_to_the_threshold_fires() -> None:
    assert alarm(Part(DAY, 1_000, 144)) is Alarm.FIRING


@pytest.mark.parametrize(
    ("bad", "expected"), [(143.9999, Alarm.QUIET), (144, Alarm.FIRING), (144.4, Alarm.FIRING)]
)
def test_no_burn_is_rounded_to_its_threshold(bad: float, expected: Alarm) -> None:
    assert alarm(Part(DAY, 1_000, bad)) is expected


def test_a_burn_that_has_stopped_does_not_fire() -> None:
    assert alarm(Part(DAY, 100), Part(50 * MINUTE, 100, 90), Part(5 * MINUTE, 100)) is Alarm.QUIET


def test_a_burn_that_has_just_begun_does_not_fire() -> None:
    assert alarm(Part(DAY, 100), Part(5 * MINUTE, 100, 90)) is Alarm.QUIET


def test_a_total_outage_fires_after_the_time_that_spends_the_share() -> None:
    # f·B·L = 14.4 × 0.01 × 3,600 s = 518 s: within the ninth minute
    assert alarm(Part(DAY, 100), Part(8 * MINUTE, 100, 100)) is Alarm.QUIET
    assert alarm(Part(DAY, 100), Part(9 * MINUTE, 100, 100)) is Alarm.FIRING


def test_few_bad_events_do_not_fire_on_a_point() -> None:
    assert alarm(Part(DAY, 0), Part(HOUR, 0.1, 0.03)) is Alarm.QUIET  # 2 of 6


def test_a_window_without_traffic_is_quiet() -> None:
    balances = story(Part(DAY, 0))
    burns = burns_of(ONE, balances, balances.first.at)
    assert [burn.rate for burn in burns.values()] == [None, None]
    assert alarms_of(ONE, burns) == [Alarm.QUIET]


def test_a_long_window_seen_too_little_does_not_fire() -> None:
    parts = Part(DAY, 100), Part(40 * MINUTE, None), Part(20 * MINUTE, 100, 90)
    assert alarm(*parts) is Alarm.BLIND


def test_a_short_window_seen_too_little_does_not_fire() -> None:
    parts = Part(DAY, 100), Part(54 * MINUTE, 100, 90), Part(4 * MINUTE, None), Part(60, 100, 90)
    assert alarm(*parts) is Alarm.BLIND


def test_a_window_seen_to_nine_tenths_is_seen() -> None:
    parts = Part(DAY, 100), Part(6 * MINUTE, None), Part(54 * MINUTE, 100, 90)
    assert alarm(*parts) is Alarm.FIRING


def test_a_single_event_is_traffic() -> None:
    balances = story(Part(DAY, 0), Part(MINUTE, 1, 1))
    burns = burns_of(ONE, balances, balances.first.at)
    assert [burn.rate for burn in burns.values()] == [100, 100]


def test_one_quiet_window_is_answer_enough() -> None:
    unseen_short = Part(DAY, 100), Part(2 * MINUTE, None), Part(2 * MINUTE, 100, 90)
    unseen_long = Part(DAY, 100), Part(40 * MINUTE, None), Part(20 * MINUTE, 100)
    assert alarm(*unseen_short) is Alarm.QUIET
    assert alarm(*unseen_long) is Alarm.QUIET


def test_an_account_younger_than_the_window_answers_for_the_time_it_has() -> None:
    assert alarm(Part(10 * MINUTE, 1_000, 144)) is Alarm.FIRING


def test_alerts_fire_one_by_one_in_the_objectives_order() -> None:
    assert fires(story(Part(30 * DAY, 100, 2))) == [Severity.TICKET]
    assert fires(story(Part(30 * DAY, 100, 50))) == [Severity.TICKET, Severity.PAGE]
    assert fires(story(Part(30 * DAY, 100))) == []


def test_a_firing_alert_carries_its_figures() -> None:
    balances = story(Part(DAY, 1_000, 144))
    burns = burns_of(ONE, balances, balances.first.at)
    (found,) = firing_of(ONE, burns, alarms_of(ONE, burns))
    assert found.threshold == found.long.rate == found.short.rate == Fraction("14.4")
    assert (found.long.spend.eligible, found.long.spend.bad) == (60_000, 8_640)


def test_the_blind_spot_is_the_shortest_unseen_window_of_an_unanswered_alert() -> None:
    blind = story(Part(DAY, 100, 90), Part(40 * MINUTE, None), Part(20 * MINUTE, 100, 90))
    found = spot(blind)
    assert found is not None
    assert (found.seconds, found.coverage) == (HOUR, Fraction(1, 3))
    clear = story(Part(DAY, 100, 90))
    assert spot(clear) is None


def test_the_present_burn_is_that_of_the_loudest_alerts_short_window() -> None:
    balances = story(Part(30 * DAY, 100, 50), Part(5 * MINUTE, 100, 80))
    burns = burns_of(BOTH, balances, balances.first.at)
    found = present(firing_of(BOTH, burns, alarms_of(BOTH, burns)), burns.values())
    assert found is not None
    assert found.spend.bad == 5 * 80


def test_the_present_burn_is_that_of_the_shortest_window_when_nothing_fires() -> None:
    balances = story(Part(30 * DAY, 100), Part(5 * MINUTE, 100, 3))
    found = present((), burns_of(BOTH, balances, balances.first.at).values())
    assert found is not None
    assert found.spend.bad == 5 * 3


def test_without_alerts_there_is_no_present_burn() -> None:
    bare = objective(window=rolling(7), alerts=())
    balances = story(Part(DAY, 100))
    assert present((), burns_of(bare, balances, balances.first.at).values()) is None


def test_coverage_is_never_more_than_everything() -> None:
    spend = Spend(0, 4_000, 1, 0, 4_000)
    assert coverage_of(spend, 3_600) == 1
    assert coverage_of(spend, 8_000) == Fraction(1, 2)
    assert coverage_of(spend, 0) == 0
