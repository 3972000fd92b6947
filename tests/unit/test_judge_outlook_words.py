"""Forecasts in words that a tired on-call understands."""

from dataclasses import replace
from zoneinfo import ZoneInfo

import pytest

from bot.judge.expectation import Forecast, Return
from bot.judge.outlook_words import foretold
from bot.judge.score import Score
from tests.builders import DAY, HOUR, MINUTE, NOON

FINE = Forecast(
    at=NOON,
    until=NOON + 3 * DAY,
    left=0.6,
    expected=0.5,
    low=0.4,
    high=0.55,
    probability=0.004,
    gone=None,
    earliest=None,
    latest=None,
    back=None,
    returns=(),
    closes=None,
    record=Score(),
)
GOING = replace(
    FINE,
    probability=0.68,
    gone=NOON + 30 * HOUR + 59 * MINUTE,
    earliest=NOON + 20 * HOUR,
    latest=NOON + 60 * HOUR,
)
GONE = replace(FINE, left=-0.2, probability=1.0)


def test_a_budget_that_lasts_is_told_with_what_will_be_left() -> None:
    assert foretold(FINE) == (
        "The budget should last: about 50 % left on Thu 5 Mar 2026, 12:00 UTC (80 % range 40 to "
        "55 %), if no new incident comes."
    )


def test_a_budget_that_runs_out_is_told_with_date_range_and_chance() -> None:
    assert foretold(GOING) == (
        "The budget will be gone about Tue 3 Mar 2026, 18:00 UTC (80 % range: Tue 3 "
        "Mar 2026, 08:00 UTC to Thu 5 Mar 2026, 00:00 UTC), with a chance of 68 % before Thu 5 Mar "
        "2026, 12:00 UTC. The pace is the mean of the last budget window, with every incident in "
        "it; nothing worse is assumed."
    )


@pytest.mark.parametrize("probability", [0.5, 0.9])
def test_what_is_at_least_as_likely_as_not_has_a_date(probability: float) -> None:
    text = foretold(replace(GOING, probability=probability))
    assert text.startswith("The budget will be gone about Tue 3 Mar")


@pytest.mark.parametrize(("probability", "said"), [(0.3, "30 %"), (0.4949, "49 %")])
def test_what_is_less_likely_than_not_has_a_chance_and_no_date(
    probability: float, said: str
) -> None:
    found = replace(GOING, probability=probability, latest=None)
    assert foretold(found).startswith(
        "More likely than not the budget lasts until Thu 5 Mar 2026, 12:00 UTC; the chance that it "
        f"is gone before is {said} (10 % already by Tue 3 Mar 2026, 08:00 UTC). Release what is "
        "risky in small steps. The pace is the mean"
    )
    assert "18:00" not in foretold(found), "the date of the mean"
    assert "10 %" not in foretold(replace(found, earliest=None))


def test_while_it_burns_a_forecast_says_that_it_is_for_the_time_after() -> None:
    assert foretold(FINE, burning=True).startswith(
        "If what burns it now ends: the budget should last: about 50 % left on "
    )
    assert foretold(GOING, burning=True).startswith(
        "If what burns it now ends: the budget will be gone about "
    )
    assert foretold(GONE, burning=True) == foretold(GONE)


def test_a_range_without_an_end_is_open() -> None:
    assert "(80 % range: Tue 3 Mar 2026, 08:00 UTC to never)" in foretold(
        replace(GOING, latest=None)
    )
    assert "80 % range" not in foretold(replace(GOING, earliest=None, latest=None))


def test_a_mere_chance_names_no_date() -> None:
    assert foretold(replace(FINE, probability=0.11)) == (
        "There is a chance of 11 % that the budget is gone before Thu 5 Mar 2026, 12:00 UTC, "
        "though about 50 % should be left by then. The pace is the mean of the last budget window, "
        "with every incident in it; nothing worse is assumed."
    )


@pytest.mark.parametrize(
    ("probability", "said"), [(0.991, "more than 99 %"), (0.99, "99 %"), (0.51, "51 %")]
)
def test_a_chance_is_never_told_as_certain(probability: float, said: str) -> None:
    assert f"chance of {said} before" in foretold(replace(GOING, probability=probability))


def test_a_chance_is_never_told_as_none() -> None:
    assert "gone before is 1 %" in foretold(replace(GOING, probability=0.0001))


def test_a_budget_that_is_gone_is_told_with_when_it_is_back_never_too_soon() -> None:
    returns = (Return(NOON, NOON + DAY, 0.02), Return(NOON + DAY, NOON + 2 * DAY, 0.12))
    found = replace(GONE, back=NOON + 50 * HOUR + MINUTE, returns=returns)
    assert foretold(found) == (
        "The budget is gone until about Wed 4 Mar 2026, 15:00 UTC if nothing new happens. What "
        "rolls off on Wed 4 Mar 2026 returns 12 % of the budget."
    )


def test_a_budget_that_stays_gone_needs_a_fix() -> None:
    found = replace(GONE, returns=(Return(NOON, NOON + DAY, 0.2),))
    assert foretold(found) == (
        "The budget is gone, and at the usual pace it stays so: as much burns anew as rolls off. "
        "It needs a fix, not patience."
    )


def test_a_calendar_budget_that_is_gone_is_told_with_the_beginning_of_the_next() -> None:
    end = NOON + 29 * DAY + 12 * HOUR
    found = replace(GONE, back=end, closes=end)
    assert foretold(found) == (
        "The budget is gone until Wed 1 Apr 2026, 00:00 UTC, when a new one begins."
    )


def test_a_budget_of_which_too_little_is_left_is_told_with_when_enough_is_back() -> None:
    assert "Enough of it is back about Tue 3 Mar 2026, 15:00 UTC." in foretold(
        replace(FINE, left=0.04, back=NOON + 26 * HOUR + 1)
    )
    assert "Enough" not in foretold(FINE)


def test_small_returns_are_not_worth_a_sentence() -> None:
    assert "rolls off" not in foretold(replace(FINE, returns=(Return(NOON, NOON + DAY, 0.049),)))
    assert "returns 5 % of the budget" in foretold(
        replace(FINE, returns=(Return(NOON, NOON + DAY, 0.05),))
    )


def test_the_record_of_the_range_stands_beside_it() -> None:
    found = replace(FINE, record=Score(39, 31, 0.042, 0.1, 1.2))
    assert foretold(found).endswith(
        "The 80 % range held in 31 of 39 past forecasts, off by 4.2 points on average; "
        "Brier score of the chances: 0.10 (0 is best)."
    )
    assert "Brier" not in foretold(FINE)


def test_dates_are_those_of_the_zone() -> None:
    assert "on Thu 5 Mar 2026, 17:30 IST (" in foretold(FINE, ZoneInfo("Asia/Kolkata"))


def test_an_overdraft_to_come_has_a_minus_sign() -> None:
    assert "about −20 % left" in foretold(replace(FINE, expected=-0.2))


def test_one_forecast_is_told_as_one() -> None:
    assert "held in 1 of 1 past forecast, off by" in foretold(
        replace(FINE, record=Score(1, 1, 0.1, 0.1, 1.0))
    )
