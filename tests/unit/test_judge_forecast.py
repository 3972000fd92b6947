"""When a budget will be gone and back, from what rolls off and the pace of the window."""

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.judge.forecast import Forecast, forecast
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.reason import Code, Reason
from bot.judge.score import Score
from tests.builders import (
    DAY,
    HOUR,
    MINUTE,
    NOON,
    Part,
    account,
    calendar,
    objective,
    rolling,
    story,
)
from tests.examples import examples

WEEK = objective(target="0.99", window=rolling(7), alerts=())
MONTH = objective(target="0.99", window=calendar(), alerts=())
FIRST = NOON - DAY - 12 * HOUR
"""The first of March; noon is on the second."""


def look(
    balances: Balances,
    horizon: int = 3 * DAY,
    one: Objective = WEEK,
    record: Score | None = None,
    above: str = "0",
    now: int = NOON,
) -> Forecast:
    found = forecast(
        one, balances, balances.first.at, now, horizon, record or Score(), Fraction(above)
    )
    assert isinstance(found, Forecast)
    return found


def why_not(balances: Balances, horizon: int = DAY, one: Objective = WEEK) -> Code:
    found = forecast(one, balances, balances.first.at, NOON, horizon)
    assert isinstance(found, Reason)
    return found.code


def incident(days_ago: float, bad: float, usual: float = 0.1) -> Balances:
    """A week of 100 events a minute, `usual` of them bad, and one bad hour so many days ago."""
    before = int(days_ago * DAY)
    return story(
        Part(8 * DAY - before, 100, usual),
        Part(HOUR, 100, usual + bad / 60),
        Part(before - HOUR, 100, usual),
    )


ALLOWED = 7 * 1_440


def test_at_a_steady_pace_a_rolling_window_stays_as_it_is() -> None:
    found = look(story(Part(9 * DAY, 100, 0.4)))
    assert found.left == pytest.approx(0.6)
    assert found.expected == pytest.approx(0.6)
    assert found.low < found.expected < found.high
    assert (found.gone, found.back, found.closes) == (None, None, None)
    assert found.probability < 0.01


def test_where_no_more_burns_than_rolls_off_there_is_no_date() -> None:
    found = look(story(Part(9 * DAY, 100, 0.95)), horizon=30 * DAY)
    assert found.gone is None
    assert found.latest is None


def test_what_will_roll_off_is_known_exactly() -> None:
    balances = incident(6, bad=5_000)  # in the window until a day from now
    found = look(balances, horizon=2 * DAY)
    pace = (0.1 * ALLOWED + 5_000) / (7 * DAY)
    known = 0.1 * ALLOWED * 5 / 7  # the incident is gone, and two days of the rest
    assert found.expected == pytest.approx(1 - (known + pace * 2 * DAY) / ALLOWED)
    assert found.expected > found.left


def test_a_day_that_returns_much_is_told() -> None:
    found = look(incident(6, bad=5_000), horizon=2 * DAY)
    begun = NOON - NOON % DAY + DAY  # midnight
    (best,) = [one for one in found.returns if one.share > 0.1]
    assert (best.since, best.until) == (begun, begun + DAY)
    assert best.share == pytest.approx((5_000 + 0.1 * 1_440) / ALLOWED)
    assert all(one.share >= 0.01 for one in found.returns)


def test_no_more_rolls_off_than_the_window_holds() -> None:
    found = look(story(Part(9 * DAY, 100, 0.4)), horizon=60 * DAY)
    assert sum(one.share for one in found.returns) == pytest.approx(0.4)
    assert found.returns[-1].until == NOON + 7 * DAY


def test_a_budget_is_gone_when_the_new_burn_outruns_what_rolls_off() -> None:
    balances = story(Part(5 * DAY, 100, 0), Part(3 * DAY, 100, 2))  # 6/7 spent, nothing rolls off
    found = look(balances, horizon=4 * DAY)
    # a seventh is left, and a day spends 6/49
    assert found.gone == pytest.approx(NOON + 7 / 6 * DAY, abs=2 * MINUTE)
    assert found.earliest is not None
    assert found.earliest <= found.gone
    assert found.latest is None or found.latest >= found.gone
    assert found.probability > 0.5


def test_dates_do_not_depend_on_how_far_is_looked_but_on_the_rows_an_hour_apart() -> None:
    balances = story(Part(5 * DAY, 100, 0), Part(3 * DAY, 100, 2))
    dates = [look(balances, horizon=days * DAY).gone for days in (2, 3, 4)]
    assert all(date == pytest.approx(dates[0], abs=HOUR) for date in dates)


def test_a_budget_that_is_gone_is_back_when_the_incident_rolls_off() -> None:
    found = look(incident(5, bad=12_000))
    assert found.left < 0
    assert (found.probability, found.gone, found.earliest, found.latest) == (1, None, None, None)
    # 12,000 + usual 1,008 of 10,080: enough is back with 2,928 of the hour
    assert found.back is not None
    assert found.back == pytest.approx(NOON + 2 * DAY + HOUR, abs=HOUR)


def test_it_is_back_only_with_more_than_was_asked_for() -> None:
    balances = incident(5, bad=12_000)
    early, late = look(balances).back, look(balances, above="0.85").back
    assert early is not None
    assert late is not None
    assert late >= early
    assert look(balances, above="0.95").back is None  # the usual burn leaves 90 %


def test_a_budget_below_what_was_asked_for_is_awaited_though_something_is_left() -> None:
    found = look(incident(5, bad=7_000), above="0.5")
    assert found.left > 0
    assert found.back == pytest.approx(NOON + 2 * DAY + HOUR, abs=HOUR)


def test_where_the_usual_pace_spends_it_all_it_does_not_come_back() -> None:
    assert look(story(Part(9 * DAY, 100, 1.5))).back is None


def test_without_a_bad_event_the_budget_is_whole_and_the_range_is_not_nothing() -> None:
    found = look(story(Part(9 * DAY, 1, 0)))
    assert found.left == found.expected == found.high == 1
    assert found.low < 1
    assert found.gone is None


def test_a_record_of_wide_misses_widens_the_range_and_the_doubt() -> None:
    balances = story(Part(2 * DAY, 100, 0.1), Part(3 * DAY, 100, 0.2), Part(3 * DAY, 100, 1))
    sure, unsure = look(balances), look(balances, record=Score(20, 8, 0.1, 0.1, 3.0))
    assert unsure.expected == sure.expected
    assert unsure.expected - unsure.low == pytest.approx(3 * (sure.expected - sure.low))
    assert unsure.probability > sure.probability
    assert unsure.issued.factor == 3


def test_what_is_kept_is_what_was_said() -> None:
    found = look(story(Part(9 * DAY, 100, 0.4)))
    kept = found.issued
    assert (kept.at, kept.until) == (NOON, NOON + 3 * DAY)
    assert (kept.expected, kept.low, kept.high) == (found.expected, found.low, found.high)
    assert (kept.probability, kept.factor) == (found.probability, 1)


def test_the_path_leads_from_now_to_what_is_expected() -> None:
    found = look(incident(5, bad=7_000))
    assert found.path[0] == (NOON, found.left)
    assert found.path[-1] == (NOON + 3 * DAY, found.expected)


def test_late_labels_are_looked_ahead_over_as_well() -> None:
    balances = story(Part(9 * DAY, 100, 0.4))
    late = look(balances, now=NOON + 2 * DAY)
    assert (late.at, late.until) == (NOON, NOON + 5 * DAY)
    assert late.expected - late.low > look(balances).expected - look(balances).low


def test_a_clock_behind_the_account_still_looks_ahead() -> None:
    found = look(story(Part(9 * DAY, 100, 0.4)), horizon=MINUTE, now=NOON - HOUR)
    assert found.expected == pytest.approx(0.6)


def test_a_calendar_window_gives_nothing_back_before_it_ends() -> None:
    found = look(story(Part(40 * DAY, 100, 3)), horizon=60 * DAY, one=MONTH)
    end = FIRST + 31 * DAY
    assert (found.closes, found.until) == (end, end)
    assert found.returns == ()
    assert found.left == pytest.approx(1 - 3 * 1.5 / 31)
    assert found.expected == pytest.approx(1 - 3)
    assert found.gone == pytest.approx(FIRST + 31 * DAY / 3, abs=MINUTE + 1)
    assert found.probability > 0.99
    assert found.path[-1] == (end, 1.0)


def test_a_calendar_budget_that_is_gone_is_back_with_the_next_window() -> None:
    balances = story(Part(38 * DAY, 100, 0.1), Part(12 * HOUR, 100, 90), Part(DAY, 100, 0.1))
    found = look(balances, one=MONTH)
    assert found.left < 0
    assert found.back == found.closes == FIRST + 31 * DAY


def test_the_last_hour_of_a_month_counts_for_it_and_the_next_begins_anew() -> None:
    balances = story(Part(60 * DAY, 100, 0.5), until=FIRST)
    before = look(balances, one=MONTH, now=FIRST - 1, horizon=DAY)
    assert (before.closes, before.until) == (FIRST, FIRST)
    after = look(balances, one=MONTH, now=FIRST + HOUR, horizon=DAY)
    assert after.closes == FIRST + 31 * DAY
    assert after.left == pytest.approx(1, abs=1e-4)
    assert after.expected == pytest.approx(1 - 0.5 * (DAY + HOUR) / (31 * DAY))


def test_a_young_account_is_forecast_against_a_whole_budget() -> None:
    found = look(story(Part(DAY, 100, 2)), horizon=5 * DAY)
    assert found.left == pytest.approx(1 - 2 / 7)
    assert found.gone == pytest.approx(NOON + 2.5 * DAY, abs=2 * MINUTE)


def test_what_is_not_known_is_not_forecast() -> None:
    assert why_not(story(Part(9 * DAY, 0))) is Code.NO_TRAFFIC
    assert why_not(story(Part(4 * DAY, 100), Part(3 * DAY, None), Part(MINUTE, 100))) is (
        Code.LOW_COVERAGE
    )
    assert why_not(story(Part(2 * HOUR, 100))) is Code.YOUNG
    assert why_not(story(Part(6 * MINUTE, 100))) is Code.YOUNG
    assert why_not(story(Part(6 * MINUTE, 100)), horizon=HOUR) is Code.NO_TRAFFIC


def test_a_month_without_traffic_after_one_with_it_is_not_forecast() -> None:
    balances = story(Part(30 * DAY, 100), Part(DAY + 12 * HOUR, 0))
    assert why_not(balances, one=MONTH) is Code.NO_TRAFFIC


@examples(60)
@given(
    st.lists(st.integers(0, 40), min_size=10, max_size=30),
    st.integers(1, 20),
    st.floats(0.25, 10),
)
def test_what_is_said_is_in_order_whatever_came_in(
    bad: list[int], days: int, factor: float
) -> None:
    first = NOON - len(bad) * DAY
    daily = account(Slice(first + n * DAY, 1_000.0, float(b), DAY) for n, b in enumerate(bad, 1))
    one = replace(WEEK, step=DAY, window=rolling(10))
    found = look(daily, horizon=days * DAY, one=one, record=Score(20, 16, 0.1, 0.1, factor))
    assert found.low <= found.expected <= found.high <= 1
    assert 0 <= found.probability <= 1
    if found.gone is not None:
        assert NOON < found.gone <= found.until
        assert found.left > 0
    if found.earliest is not None and found.latest is not None:
        assert found.earliest <= found.latest
        assert found.probability >= 0.9
    if found.back is not None:
        assert found.left <= 0
    assert look(daily, horizon=days * DAY, one=one) == look(daily, horizon=days * DAY, one=one)
