"""Requests and votes: who may decide, when it is decided (law 13)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.decide.freeze import Origin, causes_of
from bot.decide.people import Actor, Person
from bot.decide.scope import Scope


class Wish(StrEnum):
    """What a request asks for."""

    FREEZE = "freeze"
    UNFREEZE = "unfreeze"


class RequestState(StrEnum):
    """Where a request stands; `expired` is derived, never waited for."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """What it asked for came about or lost its object by other means."""


class Choice(StrEnum):
    """A vote."""

    APPROVE = "approve"
    DENY = "deny"


@dataclass(frozen=True, slots=True)
class Vote:
    """One person's vote, with what was known of their right to it at the click."""

    voter: Actor
    choice: Choice
    at: datetime
    membership: str
    """How the voter was found to be a decider (`usergroup S123, asked at the click`)."""


@dataclass(frozen=True, slots=True)
class Request:
    """The stored facts of one request."""

    id: int
    wish: Wish
    scope: Scope
    reason: str
    requester: Actor
    origin: Origin
    needed: int
    created_at: datetime
    expires_at: datetime
    until: datetime | None = None
    """For a freeze: when it is to end."""
    lasts: int | None = None
    """For a freeze: seconds from its approval on; instead of `until`."""
    starts_at: datetime | None = None
    freezes: tuple[int, ...] = ()
    """For an unfreeze: exactly these freezes are lifted, no later one."""
    cause: str = ""
    """For a request of a policy: the objectives that it asks for, as `causes_of` reads."""
    evidence: Mapping[str, Any] = field(default_factory=dict)
    """For a request of a policy: the figures that it rests on, as they were when it asked. JSON."""
    closed: RequestState | None = None
    """Set once, by the transaction that decided."""

    @property
    def causes(self) -> tuple[str, ...]:
        """The objectives that it asks for."""
        return causes_of(self.cause)

    def ends(self, approved: datetime) -> datetime | None:
        """When a freeze that is approved then is to end."""
        if self.lasts is not None:
            return approved + timedelta(seconds=self.lasts)
        return self.until

    def state(self, now: datetime) -> RequestState:
        """Where it stands; a request is over at the instant of its expiry."""
        if self.closed is not None:
            return self.closed
        return RequestState.EXPIRED if self.expires_at <= now else RequestState.PENDING


class Answer(StrEnum):
    """What a click came to."""

    COUNTED = "counted"
    DECIDED = "decided"
    ALREADY_VOTED = "already_voted"
    CLOSED = "closed"
    OWN_REQUEST = "own_request"
    NOT_A_DECIDER = "not_a_decider"
    OUTSIDER = "outsider"


@dataclass(frozen=True, slots=True)
class Ruling:
    """The answer to a click: whether it counts, and what the request is now."""

    answer: Answer
    state: RequestState
    sentence: str

    @property
    def counts(self) -> bool:
        """Whether the vote is to be stored."""
        return self.answer in (Answer.COUNTED, Answer.DECIDED)


def rule_on_vote(
    request: Request,
    votes: Iterable[Vote],
    voter: Person,
    choice: Choice,
    *,
    member: bool,
    now: datetime,
) -> Ruling:
    """Judge a click. `member`: whether the live group of deciders holds the voter now."""
    cast = list(votes)
    known = refused_unasked(request, cast, voter.id, now)
    if known is not None:
        return known
    refusal = _refusal(voter, member=member)
    if refusal is not None:
        return Ruling(refusal[0], RequestState.PENDING, refusal[1])
    if choice is Choice.DENY:
        return Ruling(Answer.DECIDED, RequestState.DENIED, "You denied this request.")
    approvals = 1 + sum(vote.choice is Choice.APPROVE for vote in cast)
    if approvals >= request.needed:
        return Ruling(Answer.DECIDED, RequestState.APPROVED, "Approved; it takes effect now.")
    missing = request.needed - approvals
    sentence = f"Your approval counts; {missing} more {'is' if missing == 1 else 'are'} needed."
    return Ruling(Answer.COUNTED, RequestState.PENDING, sentence)


def refused_unasked(
    request: Request, votes: Iterable[Vote], user: str, now: datetime
) -> Ruling | None:
    """The refusals for which nobody needs to be asked who clicked: hammering on a button must not
    use up what Slack answers in a minute."""
    state = request.state(now)
    if state is not RequestState.PENDING:
        return Ruling(Answer.CLOSED, state, f"This request is {state} already; nothing changed.")
    if user == request.requester.id:
        sentence = "You asked for this, so somebody else must decide it."
        return Ruling(Answer.OWN_REQUEST, state, sentence)
    if any(vote.voter.id == user for vote in votes):
        sentence = "You have voted on this already; one vote a person."
        return Ruling(Answer.ALREADY_VOTED, state, sentence)
    return None


def _refusal(voter: Person, *, member: bool) -> tuple[Answer, str] | None:
    if voter.outsider is not None:
        return Answer.OUTSIDER, f"Your vote was not counted: {voter.outsider}."
    if not member:
        return Answer.NOT_A_DECIDER, "Your vote was not counted: you are not an approver here."
    return None


def takes_effect_at_once(wish: Wish, needed: int, *, decider: bool) -> bool:
    """Whether asking is enough: a decider who asks for a freeze has thereby approved it. Lifting
    always takes somebody else."""
    return wish is Wish.FREEZE and decider and needed <= 1
