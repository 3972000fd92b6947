"""Rows that would do harm if they were taken: to sums, to scores, to what is counted once."""

from dataclasses import replace

import pytest

from bot.judge.observation import Observation
from tests.builders import DAY, HOUR, NOON
from tests.flow.conftest import World
from tests.flow.feeding import AUC, Feeding, labels, score
from tests.flow.retraining import DRIFT, psi


@pytest.fixture
def feeding(world: World) -> Feeding:
    return Feeding(world)


def week(feeding: Feeding) -> None:
    """A week of labels, pushed and polled."""
    feeding.push("ranker-labels", *(labels(hour) for hour in range(1 - 7 * 24, 1)))
    feeding.poll()


def test_a_number_that_no_sum_survives_is_refused_and_later_rows_still_count(
    feeding: Feeding,
) -> None:
    week(feeding)
    before = feeding.totals()
    said = feeding.push("ranker-labels", labels(-3, "38", 1.7e308), labels(-2, "38", 1.7e308))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [(0, "tp"), (1, "tp")]
    assert feeding.totals() == before
    feeding.push("ranker-labels", labels(-1, "38"))
    assert feeding.totals() == (before[0] + 100, before[1] + 10, before[2])


def test_a_score_that_is_no_share_is_refused_and_stops_no_poll(feeding: Feeding) -> None:
    said = feeding.push("ranker-auc", score(-2, 1.5), score(-1, -0.5), score(0, 0.99))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [(0, "value"), (1, "value")]
    assert said["refused"][0]["rule"] == "is 1.5: a score of scale share lies between 0 and 1"
    assert feeding.poll() == 4
    assert feeding.totals(AUC) == (1, 0, HOUR)


def test_a_score_of_next_to_no_samples_is_refused_and_stops_no_poll(feeding: Feeding) -> None:
    said = feeding.push("ranker-auc", score(-1, 0.99, 5e-324), score(0, 0.99))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [(0, "n")]
    assert feeding.poll() == 4
    assert feeding.totals(AUC) == (1, 0, HOUR)


def test_a_score_of_drift_says_by_which_tool_and_metric_or_is_refused(world: World) -> None:
    feeding = Feeding(world, (DRIFT, AUC))
    nameless = replace(psi(NOON, 0.3), tool=""), replace(psi(NOON - HOUR, 0.3), metric="")
    said = feeding.push("ranker-drift", *nameless, psi(NOON - 2 * HOUR, 0.3))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [(0, "tool"), (1, "metric")]
    assert said["taken"] == 1
    assert feeding.push("ranker-auc", score(0, 0.99))["refused"] == []  # a score of answers may


def test_events_are_counted_once_also_when_a_job_takes_another_step(feeding: Feeding) -> None:
    feeding.push("ranker-labels", labels(-5, "38"), labels(-4, "38"))
    both = Observation(NOON - 6 * HOUR, NOON - 4 * HOUR, "38", tp=180, fp=20, fn=0, tn=0)
    part = replace(both, start=both.start + HOUR // 2, end=both.start + HOUR)
    said = feeding.push("ranker-labels", both, part, labels(-3, "38"), labels(-5, "38", 95))
    assert [(one["index"], one["field"]) for one in said["refused"]] == [
        (0, "start, end"),
        (1, "start, end"),
    ]
    assert said["refused"][1]["rule"] == (
        "overlaps 2026-03-02T06:00:00Z to 2026-03-02T07:00:00Z, which was said already: its events "
        "would count twice"
    )
    feeding.poll()
    assert feeding.totals() == (305, 30, 3 * HOUR)


def test_a_stretch_that_reaches_over_the_whole_batch_is_found(feeding: Feeding) -> None:
    month = Observation(NOON - 30 * DAY, NOON, "38", tp=9_000, fp=1_000, fn=0, tn=0)
    feeding.push("ranker-labels", month)
    said = feeding.push("ranker-labels", labels(-300, "38"), labels(-300, "37"))
    assert [one["index"] for one in said["refused"]] == [0]


def test_scores_may_overlap(feeding: Feeding) -> None:
    daily = replace(score(-1, 0.99), start=NOON - 25 * HOUR)
    assert feeding.push("ranker-auc", daily, replace(daily, end=NOON))["taken"] == 2
