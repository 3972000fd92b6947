"""What the API answers: shapes for whoever reads its description."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

Outcome = Literal["allow", "warn", "hold", "deny"]
Mode = Literal["enforce", "monitor"]


class ReasonOut(BaseModel):
    """One reason, the strictest first."""

    code: str
    outcome: Outcome
    """What it would come to by itself."""
    freeze_id: str | None
    message: str


class BudgetOut(BaseModel):
    """The budget with the least left."""

    objective: str
    remaining: float | None
    """Share of the budget; negative when overspent; null when not known."""
    verdict: Literal["healthy", "burning", "exhausted", "unknown"]
    observed_at: datetime | None
    stale: bool


class AdviceOut(BaseModel):
    """What a trade-off says of the release, where it was measured: no decision."""

    ruling: str
    """`accept`, `reject` (also where it is to be rolled back) or `hold`."""
    text: str
    missing: str
    """The side of the trade that nothing tells of."""
    beside: str
    """The version that it was measured against."""


class PendingOut(BaseModel):
    """An override that somebody asked for and nobody has decided yet."""

    override_id: str
    asked_at: datetime


class DecisionOut(BaseModel):
    """The answer to a question; 200 whatever it is."""

    decision_id: str | None
    """Its number in the history; null while the database does not take it."""
    service: str
    release: str
    """What identifies it best: its version, commit or digest."""
    allowed: bool
    outcome: Outcome
    mode: Mode
    sentence: str
    reasons: list[ReasonOut]
    budget: BudgetOut | None
    override_id: str | None
    override_pending: PendingOut | None = None
    """Of a release that is stopped: the override for it that waits for its approval."""
    next_open: datetime | None
    advice: AdviceOut | None = None
    expected_open: datetime | None = None
    """Where no end is certain: when it will about open if nothing new happens."""
    valid_until: datetime
    request_override_url: str | None
    request_override: str | None
    """The command that asks for one in Slack."""
    team: str | None
    channel: str | None
    recorded: bool
    repeated: bool = False
    """The decision is one that was taken when this was asked before; the figures are newer."""
    seen_at: datetime | None = None
    """Of an answer from memory: when the facts were seen."""


class ReportOut(BaseModel):
    """A passage is on record."""

    recorded: bool
    """False: it was already."""


class StatusOut(BaseModel):
    """How a service stands. Without `nextOpen` nobody knows an end."""

    service: str
    environment: str
    at: datetime
    closed: bool
    outcome: Outcome
    reason: str
    nextOpen: datetime | None = None  # noqa: N815 - as Kargo names them
    expectedOpen: datetime | None = None  # noqa: N815
    nextClose: datetime | None = None  # noqa: N815
    nextCloseReason: str | None = None  # noqa: N815
    validUntil: datetime  # noqa: N815
    withoutAnswer: Literal["allow", "deny"] | None = None  # noqa: N815
    """What the policy lets follow after `validUntil` while nobody answers; without it what is built
    in: releases stop, but for environments called dev, test, staging, preview or sandbox."""
    seenAt: datetime  # noqa: N815
    reasons: list[ReasonOut]
    budget: BudgetOut | None = None


class BudgetsOut(BaseModel):
    """Objectives with their verdicts; `next` is the `after` of the next page."""

    items: list[dict[str, Any]]
    next: str | None


class FreezesOut(BaseModel):
    """Freezes in force or to come; `next` is the `after` of the next page."""

    items: list[dict[str, Any]]
    next: int | None


class HistoryOut(BaseModel):
    """Decisions, newest first; `next` is the `before` of the next page."""

    items: list[dict[str, Any]]
    next: int | None


class FieldOut(BaseModel):
    """A field that is wrong."""

    field: str
    problem: str


class Fault(BaseModel):
    """What is wrong, for people, and what would be right."""

    code: str
    message: str
    remedy: str = ""
    fields: Annotated[list[FieldOut], Field(default_factory=list)]


class FaultOut(BaseModel):
    """Every answer that is none."""

    error: Fault
