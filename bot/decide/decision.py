"""Decisions: immutable records, canonical as text, chained by hash (law 28)."""

import hashlib
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from bot.decide.people import Actor, Door

GENESIS = "0" * 64
"""What the first row of the history names as its predecessor."""


class Event(StrEnum):
    """What was decided or happened."""

    VERDICT_CHANGED = "verdict_changed"
    WARNING_OPENED = "warning_opened"
    WARNING_ROSE = "warning_rose"
    WARNING_RESOLVED = "warning_resolved"
    WARNING_ACKNOWLEDGED = "warning_acknowledged"
    THRESHOLD_PASSED = "threshold_passed"
    WENT_BLIND = "went_blind"
    SEES_AGAIN = "sees_again"
    OUTAGE_BEGAN = "outage_began"
    OUTAGE_ENDED = "outage_ended"
    JUDGED_AGAIN = "judged_again"
    """Objectives that an outage had cut off: one row for all that come back in one poll."""
    FREEZE_REQUESTED = "freeze_requested"
    UNFREEZE_REQUESTED = "unfreeze_requested"
    VOTE_CAST = "vote_cast"
    VOTE_REFUSED = "vote_refused"
    VOTE_WITHDRAWN = "vote_withdrawn"
    REQUEST_DENIED = "request_denied"
    REQUEST_EXPIRED = "request_expired"
    REQUEST_SUPERSEDED = "request_superseded"
    REQUEST_CANCELLED = "request_cancelled"
    REQUEST_ESCALATED = "request_escalated"
    FROZEN = "frozen"
    CAUTIONED = "cautioned"
    """Each release needs one approval from now on."""
    HELD = "held"
    """New releases wait from now on."""
    WOULD_FREEZE = "would_freeze"
    """What a policy that only watches would have set: a caution, a hold or a freeze."""
    WOULD_ASK = "would_ask"
    WOULD_THAW = "would_thaw"
    LIFTED = "lifted"
    FREEZE_EXPIRED = "freeze_expired"
    FREEZE_SCHEDULED = "freeze_scheduled"
    FREEZE_CANCELLED = "freeze_cancelled"
    FREEZE_EDITED = "freeze_edited"
    EDIT_REQUESTED = "edit_requested"
    FREEZE_DISPUTED = "freeze_disputed"
    THAWED = "thawed"
    OVERRIDE_REQUESTED = "override_requested"
    OVERRIDE_GRANTED = "override_granted"
    """By votes, or to a kind of change that the policy exempts; then the evidence says so."""
    GLASS_BROKEN = "glass_broken"
    """Let through at once, in an emergency."""
    GLASS_REFUSED = "glass_refused"
    """Somebody tried that who may not."""
    OVERRIDE_USED = "override_used"
    OVERRIDE_EXPIRED = "override_expired"
    """Granted, and not used in time."""
    OVERRIDE_SUPERSEDED = "override_superseded"
    """Granted, and not used: the freezes that it names are over."""
    OVERRIDE_REVOKED = "override_revoked"
    REVIEW_OVERDUE = "review_overdue"
    REVIEW_DONE = "review_done"
    RELEASE_ALLOWED = "release_allowed"
    """The gate let it go; the evidence has on what."""
    RELEASE_STOPPED = "release_stopped"
    """Denied or held: what is asked again for the same reasons is counted, not told again."""
    RELEASE_UNASKED = "release_unasked"
    """It went without an answer of the gate, which could not be reached."""
    RELEASE_UNGATED = "release_ungated"
    """It was seen going, and never asked the gate."""
    RELEASE_NOTED = "release_noted"
    """Somebody told the journal of it."""
    RESTORE_REQUESTED = "restore_requested"
    """To move an alias back."""
    RESTORE_GRANTED = "restore_granted"
    RESTORED = "restored"
    ROLLBACK_ADVISED = "rollback_advised"
    """A release fails more than the one beside it; the evidence has both counts."""
    ROLLBACK_GRANTED = "rollback_granted"
    """By votes, or by the policy itself; then the evidence says so."""
    ROLLBACK_ENDED = "rollback_ended"
    """What became of a release that was advised against."""
    RETRAIN_OPENED = "retrain_opened"
    RETRAIN_TAKEN = "retrain_taken"
    RETRAIN_REQUESTED = "retrain_requested"
    """To start the pipeline."""
    RETRAIN_GRANTED = "retrain_granted"
    RETRAIN_CLOSED = "retrain_closed"
    RESTATED = "restated"
    """What came late was posted to an account."""
    TOKEN_CREATED = "token_created"  # noqa: S105 - the name of an event
    TOKEN_REVOKED = "token_revoked"  # noqa: S105 - as above
    ADJUSTMENT_REQUESTED = "adjustment_requested"
    BUDGET_ADJUSTED = "budget_adjusted"
    ADJUSTMENT_REVERSED = "adjustment_reversed"
    SPECS_CHANGED = "specs_changed"
    HISTORY_PRUNED = "history_pruned"


OUTAGES = (Event.OUTAGE_BEGAN, Event.OUTAGE_ENDED, Event.JUDGED_AGAIN)
"""What is told of a source (its scope is `source:x`), once for all services that it touched: the
evidence names them under `services`."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One row of the history before it is chained."""

    event: Event
    at: datetime
    actor: Actor
    scope: str
    """A Scope as text, or `service:x` for what concerns one objective, or `source:x`."""
    reason: str
    evidence: Mapping[str, Any]
    """Counts, windows, thresholds, source … JSON with numbers that are not rounded."""
    policy: str = ""
    """Version of the policy it was made under."""
    objective: str = ""

    def touches(self, services: Collection[str]) -> bool:
        """Whether it was told of a source and touched one of these services."""
        named = self.evidence.get("services", ()) if self.event in OUTAGES else ()
        return not set(services).isdisjoint(named)


@dataclass(frozen=True, slots=True)
class Chained:
    """A decision in its place in the history."""

    seq: int
    decision: Decision
    previous: str
    hash: str


def canonical(decision: Decision) -> str:
    """The one text of a decision: sorted keys, no white space, UTC instants."""
    body = {
        "event": str(decision.event),
        "at": decision.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": _actor(decision.actor),
        "scope": decision.scope,
        "reason": decision.reason,
        "evidence": decision.evidence,
        "policy": decision.policy,
        "objective": decision.objective,
    }
    return json.dumps(
        body, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


def read_back(body: str) -> Decision:
    """The decision of a canonical text, with sequences as lists and keys as texts, as JSON has
    them. Raises ValueError for what is none."""
    try:
        said = json.loads(body)
        who, name, door, *identity = said["actor"]
        return Decision(
            Event(said["event"]),
            datetime.fromisoformat(said["at"]),
            Actor(who, name, Door(door), *identity),
            said["scope"],
            said["reason"],
            said["evidence"],
            said["policy"],
            said["objective"],
        )
    except (KeyError, TypeError) as error:
        raise ValueError("the text of no decision") from error


def _actor(actor: Actor) -> list[str]:
    """The identity stands only where one is known: older rows keep their text."""
    known = [actor.id, actor.name, str(actor.door)]
    return [*known, actor.identity] if actor.identity else known


def chain_hash(previous: str, seq: int, text: str) -> str:
    """SHA-256 over the predecessor's hash, the place and the canonical text."""
    return hashlib.sha256(f"v1\n{previous}\n{seq}\n{text}".encode()).hexdigest()
