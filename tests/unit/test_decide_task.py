"""Retraining as a task: what opens, reminds and closes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.decide.task import Task, Turn, dwell_of, remindable, retrains, turn
from bot.judge.indicator import Counted, Indicator, Labelled, Op, Ratio, Scored
from bot.judge.tally import Quality
from bot.judge.verdict import Kind
from tests.builders import DAY, HOUR, NOON, objective, when

NOW = when(NOON)
TASK = Task(1, "ranker/drift", "ranker", NOW)
COOLING = replace(TASK, recovering_since=NOW)


@pytest.mark.parametrize(
    ("indicator", "asks"),
    [
        (Labelled("labels", Quality.ACCURACY), True),
        (Scored("psi", Op.LTE, Fraction(1, 5), drift=True), True),
        (Scored("auc", Op.GTE, Fraction(9, 10)), True),
        (Counted("answers"), False),
        (Ratio("requests_total", bad="errors_total"), False),
    ],
)
def test_what_tells_of_the_model_asks_for_retraining_and_what_tells_of_a_server_does_not(
    indicator: Indicator, asks: bool
) -> None:
    assert retrains(objective(indicator=indicator)) is asks


@pytest.mark.parametrize("kind", [Kind.BURNING, Kind.EXHAUSTED])
def test_a_budget_that_burns_opens_a_task_and_keeps_it_open(kind: Kind) -> None:
    assert turn(None, kind, NOW, HOUR) is Turn.OPEN
    assert turn(TASK, kind, NOW, HOUR) is Turn.STAY
    assert turn(COOLING, kind, NOW, HOUR) is Turn.RELAPSE


def test_a_task_closes_after_its_dwell_and_not_a_second_before() -> None:
    assert turn(TASK, Kind.HEALTHY, NOW, HOUR) is Turn.RECOVER
    almost, done = NOW + timedelta(seconds=HOUR - 1), NOW + timedelta(seconds=HOUR)
    assert turn(COOLING, Kind.HEALTHY, almost, HOUR) is Turn.STAY
    assert turn(COOLING, Kind.HEALTHY, done, HOUR) is Turn.CLOSE


def test_what_is_unknown_opens_and_closes_nothing() -> None:
    late = NOW + timedelta(days=9)
    for task in (None, TASK, COOLING):
        assert turn(task, Kind.UNKNOWN, late, HOUR) is Turn.STAY


def test_a_healthy_budget_needs_no_task() -> None:
    assert turn(None, Kind.HEALTHY, NOW, HOUR) is Turn.STAY


def test_it_must_stay_well_for_a_whole_slice_at_least() -> None:
    assert dwell_of(objective(step=HOUR), 600) == HOUR
    assert dwell_of(objective(step=600), HOUR) == HOUR


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "due"),
    [
        ("2026-03-02 16:00", "UTC", False),  # the day on which it was opened
        ("2026-03-03 08:59", "UTC", False),
        ("2026-03-03 09:00", "UTC", True),
        ("2026-03-03 16:59", "UTC", True),
        ("2026-03-03 17:00", "UTC", False),
        ("2026-03-03 08:00", "Europe/Berlin", True),
        ("2026-03-03 00:30", "Asia/Tokyo", True),
        ("2026-03-02 23:59", "Asia/Tokyo", False),
        ("2026-03-07 10:00", "UTC", False),  # a Saturday
    ],
)
def test_reminders_come_in_working_hours_of_whoever_is_reminded(
    now: str, zone: str, due: bool
) -> None:
    assert remindable(TASK, at(now), zone) is due


def test_whoever_heard_of_it_today_is_left_in_peace() -> None:
    morning = at("2026-03-04 10:00")
    assert remindable(TASK, morning, "UTC")
    assert not remindable(replace(TASK, taken_at=at("2026-03-04 09:00")), morning, "UTC")
    assert not remindable(replace(TASK, reminded_at=at("2026-03-04 09:00")), morning, "UTC")
    again = replace(TASK, taken_at=at("2026-03-04 09:00"), reminded_at=at("2026-03-03 09:00"))
    assert not remindable(again, morning, "UTC")


@given(st.integers(0, 60 * DAY), st.sampled_from(["UTC", "America/New_York", "Asia/Kolkata"]))
def test_nobody_is_reminded_at_night_or_on_a_weekend(seconds: int, zone: str) -> None:
    now = NOW + timedelta(seconds=seconds)
    local = now.astimezone(ZoneInfo(zone))
    if remindable(TASK, now, zone):
        assert 9 <= local.hour < 17
        assert local.weekday() < 5
