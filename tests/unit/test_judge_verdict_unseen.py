"""Verdicts on what was not seen, or not seen for long: when nothing can be said."""

from datetime import datetime
from fractions import Fraction

import pytest

from bot.judge.burn import Severity
from bot.judge.verdict import Code, Kind, judge
from tests.builders import DAY, HOUR, MINUTE, NOON, Part, calendar, objective, story, when
from tests.unit.judging import ONE, codes, of


def test_nothing_counted_yet_is_unknown() -> None:
    verdict = judge(ONE, None, 0, when(NOON))
    assert (verdict.kind, codes(verdict), verdict.as_of) == (Kind.UNKNOWN, [Code.NO_DATA], None)
    assert (verdict.left, verdict.coverage) == (None, 0)


def test_a_fault_of_the_source_is_the_reason() -> None:
    verdict = judge(ONE, None, 0, when(NOON), "connection refused")
    assert [(r.code, r.text) for r in verdict.reasons] == [
        (Code.SOURCE_FAULT, "connection refused")
    ]
    verdict = of(Part(30 * DAY, 100, 90), fault="timed out after 10 s")
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.SOURCE_FAULT])
    assert verdict.severity is None
    assert verdict.firing != ()


def test_a_last_row_older_than_three_polls_is_stale() -> None:
    assert of(Part(30 * DAY, 100), late=3 * MINUTE + 60).kind is Kind.HEALTHY
    verdict = of(Part(30 * DAY, 100, 90), late=3 * MINUTE + 61)
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.STALE])
    assert "4 min old" in verdict.reasons[0].text


def test_three_polls_without_an_observed_slice_are_stale() -> None:
    assert of(Part(30 * DAY, 100), Part(2 * MINUTE, None)).kind is Kind.HEALTHY
    verdict = of(Part(30 * DAY, 100), Part(3 * MINUTE, None))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.STALE])


@pytest.mark.parametrize(("seen", "kind"), [(27, Kind.HEALTHY), (26, Kind.UNKNOWN)])
def test_below_nine_tenths_of_the_window_nothing_is_known(seen: int, kind: Kind) -> None:
    verdict = of(Part((seen - 20) * DAY, 100), Part((30 - seen) * DAY, None), Part(20 * DAY, 100))
    assert verdict.kind is kind
    assert verdict.coverage == Fraction(seen, 30)
    assert (Code.LOW_COVERAGE in codes(verdict)) is (kind is Kind.UNKNOWN)


def test_a_share_below_nine_tenths_never_reads_as_ninety_percent() -> None:
    missing = 3 * DAY + HOUR
    verdict = of(Part(HOUR, 1), Part(missing, None), Part(27 * DAY - 2 * HOUR, 1))
    assert "only 89.8 % of the budget window" in verdict.reasons[0].text


def test_a_burn_alert_speaks_though_little_of_the_budget_window_was_seen() -> None:
    verdict = of(Part(10 * DAY, 100), Part(10 * DAY, None), Part(10 * DAY, 100, 90))
    assert verdict.kind is Kind.BURNING
    assert not verdict.has_spent(Fraction(1, 100))


def test_exhausted_is_said_only_of_a_window_that_was_seen() -> None:
    verdict = of(Part(10 * DAY, 100, 90), Part(10 * DAY, None), Part(10 * DAY, 100))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.LOW_COVERAGE])


def test_a_gap_that_may_hide_an_alert_is_unknown() -> None:
    verdict = of(Part(30 * DAY, 100), Part(40 * MINUTE, None), Part(20 * MINUTE, 100, 20))
    assert (verdict.kind, codes(verdict)) == (Kind.UNKNOWN, [Code.LOW_COVERAGE])
    assert "of the last 30 min was observed" in verdict.reasons[0].text


def test_a_lost_minute_hides_nothing_when_the_hour_is_calm() -> None:
    verdict = of(Part(30 * DAY, 100), Part(MINUTE, None), Part(2 * MINUTE, 100))
    assert verdict.kind is Kind.HEALTHY


def test_a_young_account_is_judged_by_its_projection_and_says_so() -> None:
    verdict = of(Part(6 * HOUR, 1_000, 9))
    assert (verdict.kind, codes(verdict)) == (Kind.HEALTHY, [Code.WITHIN_BUDGET, Code.YOUNG])
    assert verdict.remaining == Fraction(1, 10)
    assert verdict.left == verdict.projected == 1 - Fraction(9, 10) / 120
    assert "only the last 6 h of the budget window" in verdict.reasons[1].text


def test_a_young_account_that_burns_is_warned_of_at_once() -> None:
    assert of(Part(5 * MINUTE, 1_000, 200)).severity is Severity.PAGE


def test_a_young_month_is_not_exhausted_by_its_first_bad_hour() -> None:
    month = objective(target="0.99", window=calendar())
    until = int(datetime.fromisoformat("2026-03-01T03:00+00:00").timestamp())
    balances = story(Part(40 * DAY, 100), Part(3 * HOUR, 100, 2), until=until)
    verdict = judge(month, balances, balances.first.at, when(until))
    assert verdict.remaining == -1
    assert verdict.left == 1 - Fraction(2 * 3, 31 * 24)
    assert verdict.kind is Kind.HEALTHY
    assert codes(verdict) == [Code.WITHIN_BUDGET]
