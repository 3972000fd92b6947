"""Decisions as auditors take samples of them: one flat row each, with the fields of a change
population (SOC 2, CC8.1), as far as the history knows them.

What a decision does not say itself is read from its evidence, under the keys that are named here;
docs/history.md lists them for whoever writes evidence.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.decide.decision import Decision, Event

PLAIN = {
    "change": "change_id",
    "version": "version",
    "kind": "kind",
    "environment": "environment",
    "deployer": "deployer",
    "run": "run",
    "ticket": "ticket",
    "commit": "commit",
    "digest": "digest",
    "override": "override",
    "incident": "incident",
    "emergency_reason": "emergency_reason",
    "review_owner": "review_owner",
    "review_due": "review_due",
    "reviewed_at": "reviewed_at",
    "rollback_plan": "rollback_plan",
}
"""Keys of evidence that are taken as they stand, and the fields that they fill."""

FIELDS = (
    "seq", "at", "event", "decision", "scope", "service", "environment", "objective",
    "change_id", "kind", "requester", "approvers", "deployer", "actor", "actor_name",
    "actor_identity", "door", "requested_at", "approved_at", "used_at", "ticket", "version",
    "commit", "digest", "run", "freeze", "request", "override", "emergency", "emergency_reason",
    "incident", "review_owner", "review_due", "reviewed_at", "rollback_plan", "reason", "policy",
    "evidence", "previous", "hash",
)  # fmt: skip
"""The columns of an export, in order."""

_DECISIONS = {
    Event.FROZEN: "frozen",
    Event.CAUTIONED: "cautioned",
    Event.HELD: "held",
    Event.LIFTED: "lifted",
    Event.THAWED: "lifted",
    Event.BUDGET_ADJUSTED: "adjusted",
    Event.ADJUSTMENT_REVERSED: "adjustment reversed",
    Event.REQUEST_DENIED: "denied",
    Event.REQUEST_EXPIRED: "expired",
    Event.REQUEST_SUPERSEDED: "superseded",
    Event.REQUEST_CANCELLED: "cancelled",
    Event.OVERRIDE_GRANTED: "granted",
    Event.GLASS_BROKEN: "granted",
    Event.OVERRIDE_REVOKED: "revoked",
    Event.RELEASE_ALLOWED: "allowed",
    Event.RELEASE_STOPPED: "stopped",
}
"""What an event decides, where the evidence says nothing nearer."""


def population(decision: Decision) -> dict[str, str]:
    """The fields that come from the decision itself, as text; empty where nothing is known.
    Instants are UTC, ISO 8601."""
    said = decision.evidence
    event, actor, at = decision.event, decision.actor, _instant(decision.at)
    asked = event.endswith("_requested")
    emergency = said.get("emergency") is True or event is Event.GLASS_BROKEN
    votes = _approvals(said)
    reach, _, name = decision.scope.partition(":")
    return {
        "at": at,
        "event": str(event),
        "decision": _text(said.get("decision")) or _DECISIONS.get(event, ""),
        "scope": decision.scope,
        "service": _text(said.get("service")) or (name if reach == "service" else ""),
        "objective": decision.objective,
        "requester": _text(said.get("requested_by")) or (actor.id if asked else ""),
        "approvers": " ".join(who for who, _ in votes),
        "actor": actor.id,
        "actor_name": actor.name,
        "actor_identity": actor.identity,
        "door": str(actor.door),
        "requested_at": _text(said.get("requested_at")) or (at if asked else ""),
        "approved_at": max((when for _, when in votes), default=""),
        "freeze": _numbers(said, "freeze", "freezes"),
        "request": _text(said.get("request")),
        "used_at": _text(said.get("used_at")) or (at if event is Event.OVERRIDE_USED else ""),
        "emergency": "yes" if emergency else "",
        "reason": decision.reason,
        "policy": decision.policy,
    } | {field: _text(said.get(key)) for key, field in PLAIN.items()}


def _approvals(said: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Who approved, and when: of votes as [who, choice, when, how they were found to belong]."""
    votes = said.get("votes")
    if not isinstance(votes, list):
        return []
    cast = [vote for vote in votes if isinstance(vote, list) and len(vote) >= 3]
    return [(_text(who), _text(at)) for who, choice, at, *_ in cast if choice == "approve"]


def _numbers(said: Mapping[str, Any], one: str, many: str) -> str:
    """One number, or several of them."""
    listed = said.get(many)
    several = listed if isinstance(listed, list) else []
    return " ".join(_text(each) for each in (said.get(one, ""), *several) if each not in ("", None))


def _text(value: Any) -> str:
    """A value of evidence in a cell; lists and mappings stay in the evidence."""
    return str(value) if isinstance(value, str | int | float) else ""


def _instant(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds")
