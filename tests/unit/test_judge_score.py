"""Forecasts against what happened."""

from dataclasses import replace

import pytest

from bot.judge.realised import outcome_of
from bot.judge.score import UNSCORED, Issued, Outcome, score
from tests.builders import DAY, HOUR, NOON, Part, calendar, objective, rolling, story

GIVEN = Issued(NOON - DAY, NOON, 0.5, 0.4, 0.7, 0.25, 2.0)


def came(left: float, *, exhausted: bool = False, issued: Issued = GIVEN) -> Outcome:
    return Outcome(issued, left, exhausted)


def test_without_a_forecast_there_is_no_record() -> None:
    assert score([]) is UNSCORED
    assert (UNSCORED.coverage, UNSCORED.error, UNSCORED.brier) == (None, None, None)


def test_the_edges_of_a_range_belong_to_it() -> None:
    assert [came(left).hit for left in (0.39, 0.4, 0.7, 0.71)] == [False, True, True, False]


def test_what_was_needed_counts_from_the_unstretched_range() -> None:
    # stretched twofold: unstretched it was 0.45 to 0.6
    assert came(0.4).needed == pytest.approx(2)
    assert came(0.35).needed == pytest.approx(3)
    assert came(0.6).needed == pytest.approx(1)
    assert came(0.5).needed == 0


def test_error_coverage_and_brier_score() -> None:
    found = score([came(0.5), came(0.9), came(-0.1, exhausted=True), came(0.6)])
    assert (found.count, found.hits, found.coverage) == (4, 2, 0.5)
    assert found.error == pytest.approx((0 + 0.4 + 0.6 + 0.1) / 4)
    assert found.brier == pytest.approx((3 * 0.25**2 + 0.75**2) / 4)


def test_the_factor_is_the_one_that_would_have_held_four_times_in_five() -> None:
    outcomes = [came(0.5 - 0.05 * n / 10) for n in range(1, 20)]  # needed: 0.1, 0.2 … 1.9
    assert score(outcomes).factor == pytest.approx(1.6)  # the 16th of 19


def test_few_forecasts_widen_a_range_but_never_narrow_it() -> None:
    assert score([came(0.5)] * 9).factor == 1
    assert score([came(0.5)] * 10).factor == 0.25
    assert score([came(0.3)]).factor == pytest.approx(4)


def test_a_range_that_allowed_nothing_is_stretched_as_far_as_may_be() -> None:
    flat = replace(GIVEN, low=0.5, high=0.5)
    assert score([came(0.6, issued=flat)] * 10).factor == 10


def test_only_the_newest_sixty_make_the_factor() -> None:
    old, new = [came(-3)] * 100, [came(0.55)] * 60
    assert score(old + new).factor == pytest.approx(0.5)
    assert score(old + new).hits == 60


WEEK = objective(target="0.99", window=rolling(7), alerts=())


def test_what_became_of_a_forecast_is_read_from_the_account() -> None:
    balances = story(Part(8 * DAY, 100, 0.25), Part(DAY, 100, 0.25))
    found = outcome_of(GIVEN, WEEK, balances, balances.first.at)
    assert found == Outcome(GIVEN, 0.75, exhausted=False)


def test_a_budget_that_was_gone_for_a_while_was_exhausted() -> None:
    parts = Part(7 * DAY, 100, 0), Part(3 * HOUR, 100, 90), Part(7 * DAY - HOUR, 100, 0)
    balances = story(*parts)
    week = replace(GIVEN, at=NOON - 7 * DAY, until=NOON)
    found = outcome_of(week, WEEK, balances, balances.first.at)
    assert found is not None
    assert found.exhausted
    assert found.left == pytest.approx(1 - 5_400 / (7 * 1_440))  # one hour of it is left
    later = outcome_of(replace(week, until=NOON - HOUR), WEEK, balances, balances.first.at)
    assert later is not None
    assert later.left < found.left


def test_before_its_time_and_without_traffic_nothing_is_known() -> None:
    balances = story(Part(8 * DAY, 100))
    assert outcome_of(replace(GIVEN, until=NOON + 1), WEEK, balances, balances.first.at) is None
    idle = story(Part(9 * DAY, 0))
    assert outcome_of(GIVEN, WEEK, idle, idle.first.at) is None


def test_a_young_account_and_a_calendar_window_are_read_as_they_were_judged() -> None:
    month = objective(target="0.99", window=calendar(), alerts=())
    balances = story(Part(2 * DAY, 100, 1))
    found = outcome_of(GIVEN, month, balances, balances.first.at)
    assert found is not None
    assert found.left == pytest.approx(1 - 1.5 / 31)  # since the first of March, of 31 days
