"""Overrides by what a trade-off said of their release."""

from typing import Any

from bot.decide.decision import Decision, Event
from bot.decide.report_advice import Advised, advised
from tests.builders import DAY, HOUR, NOON, actor, when

SINCE, UNTIL = when(NOON), when(NOON + DAY)


def row(event: Event, hours: float, **evidence: Any) -> Decision:
    at = when(int(NOON + hours * HOUR))
    return Decision(event, at, actor(), "service:ranker", "why", evidence, "v1")


def test_asked_and_granted_are_counted_by_the_advice_that_there_was() -> None:
    rows = [
        row(Event.OVERRIDE_REQUESTED, 1, advice="reject"),
        row(Event.OVERRIDE_REQUESTED, 2, advice="reject"),
        row(Event.OVERRIDE_GRANTED, 3, advice="reject"),
        row(Event.OVERRIDE_REQUESTED, 4, advice="accept"),
        row(Event.OVERRIDE_GRANTED, 5, advice="hold"),
    ]
    assert advised(rows, SINCE, UNTIL) == (
        Advised("accept", 1, 0),
        Advised("hold", 0, 1),
        Advised("reject", 2, 1),
    )


def test_what_was_not_measured_and_what_lies_outside_the_time_does_not_count() -> None:
    rows = [
        row(Event.OVERRIDE_REQUESTED, 1),
        row(Event.OVERRIDE_REQUESTED, -1, advice="reject"),
        row(Event.OVERRIDE_GRANTED, 24, advice="reject"),
        row(Event.OVERRIDE_USED, 2, advice="reject"),
    ]
    assert advised(rows, SINCE, UNTIL) == ()
