"""What an auditor's row takes from a decision and from its evidence."""

from collections.abc import Mapping
from typing import Any

import pytest

from bot.decide.decision import Decision, Event
from bot.decide.people import Actor, Door
from bot.decide.population import FIELDS, PLAIN, population
from tests.builders import NOON, actor, when

VOTES = [
    ["UBEN", "approve", "2026-03-02T11:50:00+00:00", "user group S1, asked live"],
    ["UEVE", "deny", "2026-03-02T11:58:00+00:00", "user group S1, asked live"],
    ["UCEM", "approve", "2026-03-02T11:55:00+00:00", "user group S1, asked live"],
]


def row(
    event: Event = Event.LIFTED,
    evidence: Mapping[str, Any] | None = None,
    scope: str = "service:ranker",
    by: Actor | None = None,
) -> dict[str, str]:
    made = Decision(event, when(NOON), by or actor(), scope, "why", evidence or {}, "v1")
    return population(made)


def test_every_field_has_its_column_and_the_rest_is_of_the_chain() -> None:
    assert set(FIELDS) - set(row()) == {"seq", "evidence", "previous", "hash"}
    assert set(row()) <= set(FIELDS)


def test_what_the_decision_says_itself_is_taken_from_it() -> None:
    who = Actor("UADA", "ada", Door.TERMINAL, "github:ada")
    found = row(by=who)
    assert (found["at"], found["event"], found["decision"]) == (
        "2026-03-02T12:00:00+00:00", "lifted", "lifted",
    )  # fmt: skip
    assert (found["scope"], found["service"], found["reason"]) == (
        "service:ranker",
        "ranker",
        "why",
    )
    assert (found["actor"], found["actor_name"], found["actor_identity"]) == (
        "UADA", "ada", "github:ada",
    )  # fmt: skip
    assert (found["door"], found["policy"]) == ("terminal", "v1")


def test_who_approved_and_when_the_last_did_comes_from_the_votes() -> None:
    found = row(evidence={"votes": VOTES, "requested_by": "UADA", "request": 7, "freeze": 4})
    assert found["approvers"] == "UBEN UCEM"
    assert found["approved_at"] == "2026-03-02T11:55:00+00:00"
    assert (found["requester"], found["request"], found["freeze"]) == ("UADA", "7", "4")


@pytest.mark.parametrize("event", [e for e in Event if e.endswith("_requested")])
def test_whoever_asks_is_the_requester_then(event: Event) -> None:
    found = row(event, {"freezes": [4, 5]})
    assert (found["requester"], found["requested_at"]) == ("UADA", "2026-03-02T12:00:00+00:00")
    assert found["freeze"] == "4 5"
    assert found["decision"] == ""


@pytest.mark.parametrize("key", PLAIN)
def test_a_key_of_the_evidence_fills_its_field(key: str) -> None:
    assert row(evidence={key: "said"})[PLAIN[key]] == "said"
    assert row()[PLAIN[key]] == ""


def test_a_decision_a_service_and_an_emergency_may_be_named_by_the_evidence() -> None:
    said = {"decision": "allow", "service": "ranker", "emergency": True, "requested_at": "then"}
    found = row(Event.VERDICT_CHANGED, said, "all")
    assert (found["decision"], found["service"], found["emergency"]) == ("allow", "ranker", "yes")
    assert found["requested_at"] == "then"
    assert row(scope="all")["service"] == ""
    assert row(evidence={"emergency": False})["emergency"] == ""


def test_breaking_the_glass_is_an_emergency_and_a_use_has_its_time() -> None:
    assert row(Event.GLASS_BROKEN)["emergency"] == "yes"
    assert row(Event.OVERRIDE_USED)["used_at"] == "2026-03-02T12:00:00+00:00"
    assert row(Event.OVERRIDE_USED, {"used_at": "earlier"})["used_at"] == "earlier"
    assert row(Event.OVERRIDE_GRANTED)["used_at"] == ""


@pytest.mark.parametrize("votes", ["UBEN", None, [["UBEN"]], ["UBEN"], [{"who": "UBEN"}]])
def test_votes_of_another_form_fill_nothing(votes: object) -> None:
    found = row(evidence={"votes": votes, "freezes": "all", "ticket": ["ML-1"]})
    assert (found["approvers"], found["approved_at"]) == ("", "")
    assert (found["freeze"], found["ticket"]) == ("", "")
