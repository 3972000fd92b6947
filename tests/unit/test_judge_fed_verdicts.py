"""Verdicts on what feeds say: late by their labels, named by their feed, drift without a page."""

from dataclasses import replace
from fractions import Fraction

from bot.judge.burn import Severity
from bot.judge.indicator import Counted, Op, Ratio, Scored
from bot.judge.ledger import Slice
from bot.judge.reason import Code
from bot.judge.verdict import Kind, judge, patience_of
from tests.builders import DAY, HOUR, NOON, account, objective, rolling, silent, steady, when

LATE = replace(
    objective(step=HOUR, window=rolling(7), target="0.9", indicator=Counted("answers")),
    label_delay=7 * DAY,
)
DRIFT = replace(LATE, indicator=Scored("psi", Op.LTE, Fraction(1, 10), drift=True), label_delay=0)
WEEK = steady(NOON - 7 * DAY, NOON, 100, 1, step=HOUR)


def test_an_account_that_waits_for_labels_is_not_stale_for_that() -> None:
    counted, opened = account(WEEK), NOON - 7 * DAY
    assert judge(LATE, counted, opened, when(NOON + 7 * DAY)).kind is Kind.HEALTHY
    assert patience_of(LATE) == patience_of(replace(LATE, label_delay=0)) + 7 * DAY
    late = judge(LATE, counted, opened, when(NOON + 7 * DAY + patience_of(LATE) - 7 * DAY + 1))
    assert late.kind is Kind.UNKNOWN
    assert late.reasons[0].code is Code.STALE
    assert "the newest counts are 3 h 1 min old, and no poll failed" in late.reasons[0].text


def test_silence_names_the_feed() -> None:
    counted = account([*WEEK, *silent(NOON, NOON + 3 * HOUR, step=HOUR)])
    now = when(NOON + 3 * HOUR + 7 * DAY)
    said = judge(LATE, counted, NOON - 7 * DAY, now).reasons[0].text
    assert said.endswith("is the feed answers still pushed?")
    nothing = judge(LATE, None, 0, now).reasons[0].text
    assert nothing.endswith("nothing was said by the feed answers")
    other = judge(objective(), None, 0, now).reasons[0].text
    assert other.endswith("the source has no such series")


def test_drift_that_is_over_its_budget_is_a_ticket_and_no_page() -> None:
    gone = account([Slice(one.at, 1, 1, HOUR) for one in WEEK])
    found = judge(DRIFT, gone, NOON - 7 * DAY, when(NOON))
    assert (found.kind, found.severity) == (Kind.EXHAUSTED, Severity.TICKET)
    harm = judge(replace(DRIFT, indicator=LATE.indicator), gone, NOON - 7 * DAY, when(NOON))
    assert (harm.kind, harm.severity) == (Kind.EXHAUSTED, Severity.PAGE)


def test_an_objective_names_the_feeds_that_it_reads() -> None:
    assert LATE.feeds == ("answers",)
    assert replace(LATE, estimate="cbpe").feeds == ("answers", "cbpe")
    assert objective(indicator=Ratio("a", bad="b")).feeds == ()


def test_an_objective_knows_where_each_of_its_feeds_lies() -> None:
    late = replace(LATE, source="labels", estimate="cbpe")
    assert late.feeds_in("labels") == ("answers", "cbpe")
    assert late.feeds_in("monitoring") == ()
    apart = replace(late, estimate_source="monitoring")
    assert (apart.feeds_in("labels"), apart.feeds_in("monitoring")) == (("answers",), ("cbpe",))
    assert apart.fingerprint == late.fingerprint
    assert DRIFT.drift
    assert not LATE.drift
    assert not replace(DRIFT, indicator=replace(DRIFT.indicator, drift=False)).drift  # type: ignore[arg-type] # Scored
