"""The budget of the window: what it allows, what is left, when it is gone."""

from datetime import UTC, datetime
from fractions import Fraction

import pytest

from bot.judge.budget import Budget, budget_of, window_at
from bot.judge.confidence import Finding
from bot.judge.ledger import Balances, Spend
from bot.judge.objective import Objective
from tests.builders import DAY, HOUR, NOON, Part, calendar, objective, rolling, story


def opened(balances: Balances) -> int:
    return balances.first.at


def look(one: Objective, balances: Balances) -> Budget:
    return budget_of(one, balances, opened(balances))


def at(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp())


WEEK = objective(target="0.99", window=rolling(7), alerts=())
MONTH = objective(target="0.99", window=calendar(), alerts=())


def test_what_is_left_is_one_minus_bad_over_allowed() -> None:
    budget = look(WEEK, story(Part(7 * DAY, 100, 0.25)))
    assert budget.remaining == Fraction(3, 4)
    assert budget.projected is None
    assert budget.allowed == 7 * 1_440


def test_an_overspent_budget_is_negative() -> None:
    assert look(WEEK, story(Part(7 * DAY, 100, 1.5))).remaining == Fraction(-1, 2)


def test_without_traffic_nothing_is_left_and_nothing_is_spent() -> None:
    budget = look(WEEK, story(Part(7 * DAY, 0)))
    assert budget.remaining is None
    assert budget.spent is Finding.BELOW
    assert budget.exhausts_in(lately(5)) is None


def test_a_budget_spent_exactly_is_spent() -> None:
    assert look(WEEK, story(Part(7 * DAY, 100, 1))).spent is Finding.REACHED


def test_only_the_window_counts() -> None:
    budget = look(WEEK, story(Part(7 * DAY, 100, 99), Part(7 * DAY, 100, 0.5)))
    assert budget.remaining == Fraction(1, 2)
    assert not budget.joined


def test_a_young_account_is_measured_against_the_budget_of_a_whole_window() -> None:
    budget = look(WEEK, story(Part(7 * HOUR, 100, 1)))
    assert budget.joined
    assert budget.limit == 24 * budget.share
    assert budget.remaining == 0
    assert budget.projected == Fraction(23, 24)
    assert budget.spent is Finding.BELOW


def test_an_account_with_nothing_but_its_opening_row_is_not_projected() -> None:
    first = story(Part(HOUR, 100)).first
    budget = look(WEEK, Balances([first]))
    assert (budget.limit, budget.coverage, budget.elapsed) == (budget.share, 0, 0)


def test_coverage_counts_from_the_opening_of_the_account() -> None:
    balances = story(Part(6 * HOUR, 100), Part(2 * HOUR, None), Part(2 * HOUR, 100))
    budget = look(WEEK, balances)
    assert budget.coverage == Fraction(8, 10)
    assert not budget.seen


def test_coverage_of_exactly_nine_tenths_is_enough() -> None:
    assert look(WEEK, story(Part(8 * HOUR, 1), Part(HOUR, None), Part(HOUR, 1))).seen


def test_the_first_hours_of_a_month_are_judged_against_the_whole_month() -> None:
    until = at("2026-03-01T06:12")
    budget = look(MONTH, story(Part(40 * DAY, 100, 0.1), Part(6 * HOUR + 720, 100, 2), until=until))
    assert budget.length == 31 * DAY
    assert budget.limit == 120 * budget.share
    assert budget.remaining == -1
    assert budget.projected == 1 - Fraction(2, 120)
    assert budget.closes_in == 31 * DAY - 6 * HOUR - 720


def test_a_month_is_as_long_as_it_is_and_not_as_its_nominal_length() -> None:
    until = at("2026-02-15T00:00")
    balances = story(Part(60 * DAY, 100, 0.5), until=until)
    assert look(MONTH, balances).length == 28 * DAY
    assert look(MONTH, balances).projected == 1 - Fraction(1, 4)


def test_the_last_slice_of_a_month_ends_with_it() -> None:
    until = at("2026-04-01T00:00")
    assert window_at(MONTH, until) == (at("2026-03-01T00:00"), until)
    budget = look(MONTH, story(Part(60 * DAY, 100, 0.5), until=until))
    assert budget.projected is None
    assert budget.remaining == Fraction(1, 2)
    assert budget.closes_in == 0


def test_a_new_month_begins_with_a_new_budget() -> None:
    until = at("2026-04-01T01:00")
    budget = look(MONTH, story(Part(60 * DAY, 100, 50), Part(HOUR, 100, 0), until=until))
    assert budget.remaining == 1
    assert budget.coverage == 1


def test_a_month_in_kolkata_leaves_the_evening_before_to_the_old_one() -> None:
    month = objective(target="0.99", window=calendar(zone="Asia/Kolkata"), alerts=())
    until = at("2026-03-31T20:30")
    budget = look(month, story(Part(2 * HOUR, 100, 99), Part(2 * HOUR, 100, 0), until=until))
    assert budget.remaining == 1
    assert budget.elapsed == 2 * HOUR


def at_burn(left: str, closes_in: int | None = None) -> Budget:
    """A full week of 10,000 events at 99 %, with so much of its budget left."""
    bad = float((1 - Fraction(left)) * 100)
    spend = Spend(NOON - 7 * DAY, NOON, 10_000, bad, 7 * DAY)
    return Budget(spend, Fraction(1, 100), 7 * DAY, 7 * DAY, Fraction(1), closes_in, joined=False)


def lately(bad: float, seconds: int = HOUR) -> Spend:
    """An hour, or so long, with so many bad events."""
    return Spend(NOON - seconds, NOON, 60.0, bad, seconds)


@pytest.mark.parametrize(
    ("left", "bad", "seconds"),
    [  # 100 bad events are allowed
        ("1", 100, HOUR),
        ("0.5", 100, HOUR // 2),
        ("0.5", 1, 50 * HOUR),
        ("0", 100, 0),
        ("-1", 100, 0),
        ("0.5", 100 / 168, None),  # at this pace a week would hold 100: it gets back what it spends
        ("0.5", 0, None),
    ],
)
def test_what_is_left_is_gone_when_the_allowed_events_are(
    left: str, bad: float, seconds: int | None
) -> None:
    assert at_burn(left).exhausts_in(lately(bad)) == seconds


def test_time_that_nobody_saw_spends_nothing() -> None:
    half_seen = lately(100)._replace(observed=HOUR // 2)
    assert at_burn("1").exhausts_in(half_seen) == HOUR // 2
    assert at_burn("1").exhausts_in(half_seen._replace(observed=0)) is None


def test_without_a_recent_window_there_is_no_forecast() -> None:
    assert at_burn("0.5").exhausts_in(None) is None


def test_a_calendar_budget_that_outlasts_its_window_is_not_gone() -> None:
    pace = lately(100)
    assert at_burn("0.5", closes_in=HOUR).exhausts_in(pace) == HOUR // 2
    assert at_burn("0.5", closes_in=HOUR // 2).exhausts_in(pace) == HOUR // 2
    assert at_burn("0.5", closes_in=HOUR // 2 - 1).exhausts_in(pace) is None


def test_a_calendar_budget_is_spent_by_a_slow_burn_too() -> None:
    assert at_burn("0.25", closes_in=6 * DAY).exhausts_in(lately(0.25)) == 100 * HOUR
