"""An entry of the history speaks to whoever reads it, not to whoever clicked."""

import pytest

from bot.decide.decision import Decision, Event
from bot.decide.people import Actor, Door
from bot.flow.show.spoken import asked_by, grounds_of, text_of
from tests.builders import NOON, when

JONAS = Actor("UJONAS", "jonas", Door.SLACK)
FIGURES = {"eligible": 40_371.0, "bad": 119.0, "remaining": 0.705}


def entry(event: Event, reason: str, **evidence: object) -> Decision:
    return Decision(event, when(NOON), JONAS, "service:ranker", reason, evidence)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "Your vote was not counted: you are not an approver here.",
            "A vote was not counted: @jonas is not an approver here.",
        ),
        (
            "You asked for this, so somebody else must decide it.",
            "@jonas asked for this, so somebody else must decide it.",
        ),
        (
            "You have voted on this already; one vote a person.",
            "@jonas has voted on this already; one vote a person.",
        ),
        (
            "Your denial counts; 1 more ends the request.",
            "The denial counts; 1 more ends the request.",
        ),
    ],
)
def test_a_refused_vote_names_who_clicked(said: str, told: str) -> None:
    assert text_of(entry(Event.VOTE_REFUSED, said)) == told


def test_what_people_wrote_stays_as_they_wrote_it() -> None:
    assert text_of(entry(Event.FROZEN, "You are all too fast")) == "You are all too fast"


def test_what_was_approved_says_who_asked_for_it() -> None:
    votes = {"votes": [], "requested_by": "burnban"}
    assert asked_by(entry(Event.FROZEN, "it burns", **votes)) == "burnban"
    assert asked_by(entry(Event.REQUEST_DENIED, "it burns", **votes)) == ""
    assert asked_by(entry(Event.FROZEN, "it burns", freeze=1)) == ""


def test_counts_that_the_text_has_are_not_said_again() -> None:
    said = "119 of 40,371 events were bad, within the budget"
    assert grounds_of(FIGURES, said) == "70.5 % of the budget left"
    assert grounds_of(FIGURES, "") == "70.5 % of the budget left, 119 of 40,371 events bad"
