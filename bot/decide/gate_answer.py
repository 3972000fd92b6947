"""The question "may this release go now?", and what an answer to it is made of."""

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.decide.change import Change
from bot.decide.freeze import Freeze
from bot.decide.override import Grant, Run
from bot.decide.policy import Mode, Policy
from bot.decide.service import Service
from bot.judge.verdict import Verdict


class Outcome(StrEnum):
    """The answer, from mild to strict."""

    ALLOW = "allow"
    WARN = "warn"
    """Go, and know this."""
    HOLD = "hold"
    """Wait: this can change by itself or by one approval."""
    DENY = "deny"

    @property
    def rank(self) -> int:
        """Higher is stricter."""
        return list(Outcome).index(self)

    @property
    def goes(self) -> bool:
        """Whether the release goes."""
        return self in (Outcome.ALLOW, Outcome.WARN)


class Why(StrEnum):
    """Codes of reasons, for machines; what they say is for people."""

    OPEN = "OPEN"
    MANUAL_FREEZE = "MANUAL_FREEZE"
    BUDGET_FREEZE = "BUDGET_FREEZE"
    SCHEDULED_FREEZE = "SCHEDULED_FREEZE"
    HELD = "HELD"
    NEEDS_APPROVAL = "NEEDS_APPROVAL"
    MONITORED = "MONITORED"
    OVERRIDE = "OVERRIDE"
    EXEMPT = "EXEMPT"
    CLAIM_NOT_TRUSTED = "CLAIM_NOT_TRUSTED"
    NO_FRESH_DATA = "NO_FRESH_DATA"
    BUDGET_BURNING = "BUDGET_BURNING"
    BUDGET_EXHAUSTED = "BUDGET_EXHAUSTED"
    UNKNOWN_SERVICE = "UNKNOWN_SERVICE"


@dataclass(frozen=True, slots=True)
class Ground:
    """One reason, and how strict it is by itself."""

    code: Why
    outcome: Outcome
    message: str
    freeze: int | None = None
    objective: str | None = None
    """Whose budget it is of."""


@dataclass(frozen=True, slots=True)
class Question:
    """May this release go now?"""

    change: Change
    run: Run
    trusted: bool = False
    """Whether whoever asks may say of what kind a change is, and be believed."""

    @property
    def key(self) -> str:
        """What makes it that question: the run and who names it, the release, and whether its kind
        is believed."""
        change, run = self.change, self.run
        named = (change.version, change.commit, change.digest, str(change.kind))
        return _hash([change.service, *named, *_of(run), self.trusted])


@dataclass(frozen=True, slots=True)
class Circumstances:
    """All that the answer rests on."""

    service: Service | None
    """None: no such service."""
    policy: Policy
    freezes: Sequence[Freeze] = ()
    """All that cover the service and are not over, also those that only begin later."""
    verdicts: Sequence[Verdict] = ()
    grants: Sequence[Grant] = ()
    near: Collection[str] = ()
    """For an unknown service: names that come near."""
    openings: Mapping[int, datetime] = field(default_factory=dict)
    """By freeze, when it will about thaw if nothing new happens; where nobody knows, it is
    missing."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the gate says, and for how long."""

    outcome: Outcome
    mode: Mode
    grounds: tuple[Ground, ...]
    """What lets the release through, if anything has to; then the strictest first. Never empty."""
    valid_until: datetime
    grant: Grant | None = None
    """The override that it uses."""
    next_open: datetime | None = None
    """When all that stops it ends by itself; None: nothing stops it, or nobody knows."""
    expected_open: datetime | None = None
    """When it will about do so if nothing new happens, where that is no more than expected."""

    @property
    def freezes(self) -> frozenset[int]:
        """The freezes that it names, also those that stop nothing."""
        return frozenset(ground.freeze for ground in self.grounds if ground.freeze is not None)

    @property
    def mark(self) -> str:
        """The same for two answers that say the same thing for the same reasons."""
        grounds = sorted([str(g.code), str(g.outcome), g.freeze or 0] for g in self.grounds)
        grant = self.grant.id if self.grant is not None else 0
        return _hash([str(self.outcome), str(self.mode), grounds, grant])


@dataclass(frozen=True, slots=True)
class Asked:
    """An answer as it was given: the stored facts."""

    key: str
    """Of the question, or of the request that bore it."""
    question: str
    """What was asked, as a hash: a key stands for one question."""
    mark: str
    outcome: Outcome
    seq: int
    """The decision in the history."""
    freezes: tuple[int, ...]
    body: str
    """The answer as it went out: JSON."""
    at: datetime
    valid_until: datetime
    count: int = 1
    """How often it was given."""


def repeats(asked: Asked | None, fresh: Answer, now: datetime) -> bool:
    """Whether the answer of now is the decision of before: it says the same for the same reasons;
    or what went goes on, as long as that answer holds and no freeze has come since. What was
    stopped is judged anew: whoever waits must see the thaw."""
    if asked is None:
        return False
    return asked.mark == fresh.mark or still_goes(asked, fresh, now)


def still_goes(asked: Asked, fresh: Answer, now: datetime) -> bool:
    """Whether a release that was let go may still go on that answer."""
    holds = asked.outcome.goes and now < asked.valid_until
    return holds and fresh.freezes <= set(asked.freezes)


def _of(run: Run) -> tuple[str, str, int, str]:
    return run.system, run.id, run.attempt, run.named_by


def _hash(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()
