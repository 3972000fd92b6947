"""Which decisions those outside are told of."""

from datetime import UTC, datetime

from bot.decide.decision import Chained, Decision, Event
from bot.decide.outside import Hook, Topic
from bot.decide.people import Actor, Door
from bot.decide.told import TOPICS, body_of, concerns, events_of

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
ROW = Chained(
    7,
    Decision(Event.FROZEN, NOW, Actor("UADA", "ada", Door.SLACK), "all", "x", {"freeze": 1}),
    "0",
    "h",
)


def test_an_address_is_told_of_its_topics_only() -> None:
    hook = Hook("x", "https://x.example", "S", frozenset({Topic.THAW, Topic.FREEZE}))
    found = events_of(hook)
    assert set(found) == {*TOPICS[Topic.FREEZE], *TOPICS[Topic.THAW]}


def test_of_requests_that_end_those_for_overrides_are_told() -> None:
    def ended(wish: str) -> Chained:
        actor = Actor("UADA", "ada", Door.SLACK)
        said = Decision(Event.REQUEST_DENIED, NOW, actor, "all", "x", {"wish": wish})
        return Chained(8, said, "h", "i")

    assert concerns(ROW)
    assert concerns(ended("override"))
    assert not concerns(ended("freeze"))


def test_no_event_belongs_to_two_topics() -> None:
    every = [event for events in TOPICS.values() for event in events]
    assert len(every) == len(set(every))


def test_a_body_bears_the_number_of_the_decision_and_its_evidence() -> None:
    body = body_of(ROW)
    assert (body["id"], body["type"]) == ("burnban-7", "freeze.frozen")
    assert body["data"]["evidence"] == {"freeze": 1}
    assert body["timestamp"] == "2026-03-02T12:00:00+00:00"
