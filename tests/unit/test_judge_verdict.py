"""Verdicts: what is said of an objective, and on what ground."""

from dataclasses import replace
from datetime import datetime
from fractions import Fraction

import pytest

from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, judge
from tests.builders import DAY, HOUR, MINUTE, NOON, Part, calendar, objective, story, when
from tests.unit.judging import ONE, codes, of, verdict_on


def test_within_the_budget_and_quiet_is_healthy() -> None:
    verdict = of(Part(30 * DAY, 100, 0.5))
    assert (verdict.kind, codes(verdict)) == (Kind.HEALTHY, [Code.WITHIN_BUDGET])
    assert verdict.severity is None
    assert verdict.left == verdict.remaining == Fraction(1, 2)
    assert verdict.as_of == when(NOON)
    assert verdict.reasons[0].text == "21,600 of 4,320,000 events were bad, within the budget"


def test_a_burn_at_the_threshold_pages() -> None:
    verdict = of(Part(30 * DAY, 1_000), Part(HOUR, 1_000, 144))
    assert (verdict.kind, verdict.severity) == (Kind.BURNING, Severity.PAGE)
    assert codes(verdict) == [Code.BURN_ALERT]
    assert verdict.reasons[0].text == "burn 14.4 over 1 h and 14.4 over 5 min (warns at 14.4)"
    assert verdict.exhausts_in == 30 * DAY * 10 // 144 * 98 // 100


def test_a_slow_burn_is_a_ticket() -> None:
    verdict = of(Part(27 * DAY, 100), Part(3 * DAY, 100, 1))
    assert (verdict.kind, verdict.severity) == (Kind.BURNING, Severity.TICKET)


def test_the_loudest_alert_gives_the_severity() -> None:
    verdict = of(Part(29 * DAY, 100), Part(DAY, 100, 20))
    assert {found.alert.severity for found in verdict.firing} == {Severity.PAGE, Severity.TICKET}
    assert verdict.severity is Severity.PAGE


def test_a_spent_budget_is_exhausted_whether_it_burns_or_not() -> None:
    calm = of(Part(10 * DAY, 100, 3), Part(20 * DAY, 100))
    assert (calm.kind, calm.severity, codes(calm)) == (
        Kind.EXHAUSTED,
        Severity.PAGE,
        [Code.BUDGET_SPENT],
    )
    assert calm.exhausts_in is None
    burning = of(Part(10 * DAY, 100, 3), Part(20 * DAY, 100, 30))
    assert burning.kind is Kind.EXHAUSTED
    assert codes(burning)[:2] == [Code.BUDGET_SPENT, Code.BURN_ALERT]
    assert burning.exhausts_in == 0


def test_a_budget_spent_to_the_last_event_is_exhausted() -> None:
    assert of(Part(30 * DAY, 100, 1)).kind is Kind.EXHAUSTED
    assert of(Part(30 * DAY, 100, 0.999999)).kind is not Kind.EXHAUSTED


def test_few_bad_events_over_the_budget_prove_nothing() -> None:
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 0.0125))  # 18 of 144: no proof of a burn
    assert verdict.kind is Kind.EXHAUSTED
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 2 / 1_440))  # 2 of 144, 1.44 allowed
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.FEW_EVENTS])


def test_zero_traffic_is_no_traffic_and_not_healthy() -> None:
    verdict = of(Part(30 * DAY, 0))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.NO_TRAFFIC])
    assert (verdict.remaining, verdict.left) == (None, None)


def test_one_good_event_is_traffic() -> None:
    assert of(Part(30 * DAY, 0), Part(MINUTE, 1)).kind is Kind.HEALTHY


def test_an_empty_last_hour_after_a_busy_month_is_healthy() -> None:
    verdict = of(Part(30 * DAY - HOUR, 100), Part(HOUR, 0))
    assert verdict.kind is Kind.HEALTHY
    assert verdict.burns[0].rate is None


NIGHT = (Part(30 * DAY, 1_000), Part(3 * HOUR, 9), Part(20 * MINUTE, 9, 9))
"""A thousand a minute, nine at night, all of them bad in the end: 180 of about 430,000 allowed."""


def test_a_total_outage_by_night_spends_what_it_spends_and_not_what_it_would_by_day() -> None:
    verdict = of(*NIGHT)
    assert verdict.severity is Severity.PAGE
    assert verdict.allowed is not None
    (page, *_) = verdict.firing
    assert verdict.share_of(page.long.spend) == 180 / verdict.allowed
    assert verdict.exhausts_in is None, "nine bad events a minute fill no budget of 430,000"


def test_the_time_left_is_what_is_left_over_the_pace_of_the_bad_events() -> None:
    verdict = verdict_on(objective(target="0.999"), *NIGHT)
    assert verdict.allowed is not None
    assert verdict.exhausts_in == (verdict.allowed - 180) * 60 // 9
    assert 3 * DAY < verdict.exhausts_in < 4 * DAY


def test_the_time_left_names_the_window_at_whose_pace_it_goes_on() -> None:
    assert of(Part(30 * DAY, 1_000), Part(HOUR, 1_000, 144)).exhausts_over == 5 * MINUTE
    slow = of(Part(27 * DAY, 100), Part(3 * DAY, 100, 1.2))
    assert (slow.exhausts_in is not None, slow.exhausts_over) == (True, 6 * HOUR)
    assert of(Part(30 * DAY, 100, 0.5)).exhausts_over is None


def test_the_window_of_the_time_left_is_no_longer_than_the_account_is_old() -> None:
    young = of(Part(3 * MINUTE, 1_000, 144))
    assert (young.exhausts_in is not None, young.exhausts_over) == (True, 3 * MINUTE)


def test_what_was_spent_of_last_months_budget_is_no_share_of_this_ones() -> None:
    month = objective(target="0.99", window=calendar())
    until = int(datetime.fromisoformat("2026-04-01T00:20+00:00").timestamp())
    some = story(Part(30 * DAY, 100), Part(2 * HOUR, 100, 50), until=until)
    verdict = judge(month, some, some.first.at, when(until))
    assert verdict.spend is not None
    assert verdict.allowed is not None
    (page, *_) = (f for f in verdict.firing if f.alert.long == HOUR)
    assert (page.long.spend.bad, verdict.spend.bad) == (3_000, 1_000)
    assert verdict.share_of(page.long.spend) == 1_000 / verdict.allowed


def test_of_nothing_nothing_is_a_share() -> None:
    nothing = judge(ONE, None, 0, when(NOON))
    idle = of(Part(30 * DAY, 0))
    some = of(Part(30 * DAY, 100, 0.5)).spend
    assert some is not None
    assert nothing.share_of(some) is None
    assert idle.share_of(some) is None


def test_an_objective_without_alerts_is_judged_by_its_budget_alone() -> None:
    bare = replace(ONE, alerts=())
    assert verdict_on(bare, Part(30 * DAY, 100, 0.5)).kind is Kind.HEALTHY
    assert verdict_on(bare, Part(30 * DAY, 100, 1)).kind is Kind.EXHAUSTED


def test_windows_are_told_shortest_first() -> None:
    spans = [burn.seconds for burn in of(Part(30 * DAY, 100)).burns]
    assert spans == [5 * MINUTE, 30 * MINUTE, HOUR, 6 * HOUR, 3 * DAY]


@pytest.mark.parametrize(
    ("bad", "share", "spent"),
    [
        (0.75, "0.75", True),
        (0.75, "0.750001", False),
        (0.74999, "0.75", False),
        (1, "1", True),
        (2, "1", True),
        (0, "0", True),
        (0, "0.01", False),
    ],
)
def test_a_share_of_the_budget_is_spent_exactly_when_it_is(
    bad: float, share: str, spent: bool
) -> None:
    assert of(Part(30 * DAY, 100, bad)).has_spent(Fraction(share)) is spent


def test_a_share_of_the_budget_spent_by_few_events_is_not_certain() -> None:
    verdict = of(Part(29 * DAY, 0), Part(DAY, 0.1, 2 / 1_440))
    assert verdict.left is not None
    assert verdict.left < 0
    assert not verdict.has_spent(Fraction(3, 4))


def test_of_an_account_without_rows_no_share_is_spent() -> None:
    assert not judge(ONE, None, 0, when(NOON)).has_spent(Fraction(0))


def test_one_event_is_told_as_one() -> None:
    alone = of(Part(30 * DAY - MINUTE, 0, 0), Part(MINUTE, 1, 0)).reasons[0].text
    assert alone == "0 of 1 event was bad, within the budget"
    spent = of(Part(30 * DAY - MINUTE, 0, 0), Part(MINUTE, 100, 30)).reasons[0].text
    assert spent == "30 bad events, 1 was allowed in the window"
