"""What was advised about models in a month, and what came of it."""

from datetime import timedelta
from typing import Any

from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.decide.report import report
from bot.decide.report_models import Retrainings, Rollbacks, retrainings, rollbacks
from tests.builders import NOON, when

NOW = when(NOON)


def row(event: Event, days: float = 0, **evidence: Any) -> Decision:
    return Decision(event, NOW + timedelta(days=days), BURNBAN, "service:ranker", "why", evidence)


def test_advice_is_counted_with_what_became_of_the_releases() -> None:
    rows = [
        row(Event.ROLLBACK_ADVISED, request=1),
        row(Event.ROLLBACK_ADVISED, 1, request=2),
        row(Event.ROLLBACK_GRANTED, 1, request=2),
        row(Event.ROLLBACK_ENDED, 1, end="rolled_back"),
        row(Event.ROLLBACK_ENDED, 2, end="succeeded"),
        row(Event.ROLLBACK_ENDED, 2, end="ended"),
    ]
    assert rollbacks(rows, NOW) == Rollbacks(advised=2, granted=1, gone=1, stayed=2)
    assert rollbacks(rows, NOW + timedelta(days=2)) == Rollbacks(stayed=2)
    assert rollbacks([], NOW) == Rollbacks()


def test_a_task_that_was_opened_long_ago_and_never_closed_is_still_open() -> None:
    rows = [
        row(Event.RETRAIN_OPENED, -200, task=1),
        row(Event.RETRAIN_OPENED, -100, task=2),
        row(Event.RETRAIN_CLOSED, -90, task=2),
        row(Event.RETRAIN_OPENED, 0, task=3),
        row(Event.RETRAIN_TAKEN, 1, task=3),
        row(Event.RETRAIN_TAKEN, 2, task=3),
        row(Event.RETRAIN_GRANTED, 2, task=3),
        row(Event.RETRAIN_CLOSED, 9, task=3),
    ]
    expected = Retrainings(opened=1, taken=1, pipelines=1, closed=1, open=1)
    assert retrainings(rows, NOW) == expected


def test_the_report_of_a_month_has_both_and_how_long_people_took() -> None:
    rows = [
        row(Event.RETRAIN_OPENED, -40, task=1),
        row(Event.ROLLBACK_ADVISED, 0, request=7),
        row(Event.ROLLBACK_GRANTED, 0.01, request=7, votes=[["UADA"]]),
        row(Event.ROLLBACK_ADVISED, 31, request=8),
    ]
    end = NOW + timedelta(days=30)
    found = report(rows, NOW, end, end, lambda _: "")
    assert found.rollbacks == Rollbacks(advised=1, granted=1)
    assert found.retrainings == Retrainings(open=1)
    assert (found.latency.decided, found.latency.median) == (1, 864)
