"""Requests and votes: who may decide, when it is decided (law 13)."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.decide.change import Change
from bot.decide.freeze import Origin, causes_of
from bot.decide.identity import EMAIL
from bot.decide.people import Actor, Person
from bot.decide.quorum import DECIDERS, Need, Quorum, needs_words
from bot.decide.scope import Scope


class Wish(StrEnum):
    """What a request asks for."""

    FREEZE = "freeze"
    UNFREEZE = "unfreeze"
    EXTEND = "extend"
    """To let a freeze end later, or never by itself: a freeze of the time after its end."""
    SHORTEN = "shorten"
    """To let a freeze end sooner: to lift it for the time that is left out."""
    OVERRIDE = "override"
    """To let one release through the freezes it names."""
    ADJUST = "adjust"
    """To take a stretch of time out of a budget, or to put it back."""
    RESTORE = "restore"
    """To move an alias of a model back that moved without asking the gate."""
    ROLLBACK = "rollback"
    """To take a release back that fails more than the one that serves beside it."""
    RETRAIN = "retrain"
    """To start the pipeline that trains a model anew."""


class RequestState(StrEnum):
    """Where a request stands; `expired` is derived, never waited for."""

    PENDING = "pending"
    APPROVED = "approved"
    DENIED = "denied"
    EXPIRED = "expired"
    SUPERSEDED = "superseded"
    """What it asked for came about or lost its object by other means."""
    CANCELLED = "cancelled"
    """Its requester took it back."""


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
    groups: tuple[str, ...] = (DECIDERS,)
    """The groups of the quorum that the voter belonged to at the click."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time to be taken out of the budgets of these objectives, or put back."""

    start: datetime
    end: datetime
    objectives: tuple[str, ...]
    cause: str = ""
    """The outside cause, as the policy names it."""
    reverses: int | None = None
    """The adjustment that is to be undone."""


@dataclass(frozen=True, slots=True)
class Request:
    """The stored facts of one request."""

    id: int
    wish: Wish
    scope: Scope
    reason: str
    requester: Actor
    origin: Origin
    quorum: Quorum
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
    change: Change | None = None
    """For an override: the release that it is for."""
    stretch: Stretch | None = None
    """For an adjustment: the time, and what of it."""
    incident: str = ""
    """Reference of the incident, where one is demanded."""
    disputed: bool = False
    """Put before the decider whom the policy names, instead of the deciders."""
    escalated_at: datetime | None = None
    """When the fallback group was asked as well."""
    shortage: str = ""
    """Why it could not be decided when it was asked, in a sentence; empty if enough people may."""
    docket: int | None = None
    """The first of the requests with which it shares a message; None: it has one to itself."""

    @property
    def needed(self) -> int:
        """How many people must approve."""
        return self.quorum.size

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


SamePerson = Callable[[str, str], bool]
"""Whether two ids are of one person."""


def rule_on_vote(
    request: Request,
    votes: Iterable[Vote],
    voter: Person,
    choice: Choice,
    *,
    groups: Collection[str],
    now: datetime,
    same: SamePerson,
) -> Ruling:
    """Judge a click. `groups`: those of the request's quorum that hold the voter now. `same`: who
    is the requester, or has voted, under another name is refused as if it were under this one."""
    cast = list(votes)
    known = refused_unasked(request, cast, voter.id, now, same)
    if known is None and voter.email:
        known = refused_unasked(request, cast, f"{EMAIL}:{voter.email}", now, same)
    if known is not None:
        return known
    refusal = _refusal(voter, member=bool(groups))
    if refusal is not None:
        return Ruling(refusal[0], RequestState.PENDING, refusal[1])
    if choice is Choice.DENY:
        return _denied(request, cast)
    missing = still_needed(request, cast, [groups])
    if not missing:
        return Ruling(Answer.DECIDED, RequestState.APPROVED, "Approved; it takes effect now.")
    alone = sum(need.count for need in missing) == 1
    sentence = (
        f"Your approval counts; {needs_words(missing)} more {'is' if alone else 'are'} needed."
    )
    return Ruling(Answer.COUNTED, RequestState.PENDING, sentence)


def still_needed(
    request: Request, votes: Iterable[Vote], more: Sequence[Collection[str]] = ()
) -> tuple[Need, ...]:
    """Whose approval is still needed; `more`: groups of voters not yet among the votes."""
    cast = [vote.groups for vote in votes if vote.choice is Choice.APPROVE]
    return request.quorum.missing([*cast, *more])


def _denied(request: Request, cast: Sequence[Vote]) -> Ruling:
    missing = request.quorum.deny - 1 - sum(vote.choice is Choice.DENY for vote in cast)
    if missing <= 0:
        return Ruling(Answer.DECIDED, RequestState.DENIED, "You denied this request.")
    more = "1 more ends" if missing == 1 else f"{missing} more end"
    sentence = f"Your denial counts; {more} the request."
    return Ruling(Answer.COUNTED, RequestState.PENDING, sentence)


def refused_unasked(
    request: Request, votes: Iterable[Vote], user: str, now: datetime, same: SamePerson
) -> Ruling | None:
    """The refusals for which nobody needs to be asked who clicked: hammering on a button must not
    use up what Slack answers in a minute."""
    state = request.state(now)
    if state is not RequestState.PENDING:
        return Ruling(Answer.CLOSED, state, _over(request, state))
    if same(user, request.requester.id):
        sentence = "You asked for this, so somebody else must decide it."
        return Ruling(Answer.OWN_REQUEST, state, sentence)
    if any(same(user, vote.voter.id) for vote in votes):
        sentence = "You have voted on this already; one vote a person."
        return Ruling(Answer.ALREADY_VOTED, state, sentence)
    return None


def _over(request: Request, state: RequestState) -> str:
    if state is RequestState.CANCELLED and request.origin is Origin.POLICY:
        return "Its cause has passed, so the policy has withdrawn this request; nothing changed."
    return f"This request is {state} already; nothing changed."


def _refusal(voter: Person, *, member: bool) -> tuple[Answer, str] | None:
    if voter.outsider is not None:
        return Answer.OUTSIDER, f"Your vote was not counted: {voter.outsider}."
    if not member:
        return Answer.NOT_A_DECIDER, "Your vote was not counted: you are not an approver here."
    return None


def takes_effect_at_once(wish: Wish, quorum: Quorum, groups: Collection[str]) -> bool:
    """Whether asking is enough: somebody whose approval would do (`groups`: those of the quorum
    that hold the requester) has approved a freeze by asking for it. Lifting, and letting through,
    always take somebody else."""
    return wish in (Wish.FREEZE, Wish.EXTEND) and not quorum.missing([groups])
