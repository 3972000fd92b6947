"""What becomes of a request beside votes: who is asked as well, for whom a vote counts, and what is
taken back."""

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from bot.decide.approval import Choice, Request, RequestState, SamePerson, Vote
from bot.decide.policy import Approvals


def asked_of(request: Request, fallback: str) -> tuple[str, ...]:
    """The groups whose members may vote. `fallback`: the group that the policy asks as well once
    nobody has decided for too long."""
    more = (fallback,) if fallback and request.escalated_at is not None else ()
    return tuple(dict.fromkeys((*request.quorum.groups, *more)))


def counts_for(request: Request, held: Collection[str], fallback: str) -> tuple[str, ...]:
    """The groups that a vote counts for; `held`: those that hold the voter now. A member of the
    fallback group stands in for any of them, once it was asked; its name then comes first."""
    if request.escalated_at is not None and fallback and fallback in held:
        return tuple(dict.fromkeys((fallback, *request.quorum.groups)))
    return tuple(group for group in request.quorum.groups if group in held)


def escalates(request: Request, approvals: Approvals, now: datetime) -> bool:
    """Whether the fallback group is to be asked as well from now on."""
    waited = request.created_at + timedelta(seconds=approvals.escalate_after) <= now
    pending = request.state(now) is RequestState.PENDING
    return bool(approvals.fallback) and request.escalated_at is None and waited and pending


def own_vote(votes: Iterable[Vote], user: str, same: SamePerson) -> Vote | None:
    """The vote that this person has cast, under whatever name."""
    return next((vote for vote in votes if same(user, vote.voter.id)), None)


def may_not_withdraw(
    request: Request, votes: Iterable[Vote], user: str, now: datetime, same: SamePerson
) -> str:
    """Why a vote cannot be taken back, in a sentence; empty if it can: until the decision."""
    state = request.state(now)
    if state is not RequestState.PENDING:
        return f"This request is {state} already; a vote can be taken back only before that."
    if own_vote(votes, user, same) is None:
        return "You have not voted on this, so there is no vote to take back."
    return ""


def may_not_cancel(request: Request, user: str, now: datetime, same: SamePerson) -> str:
    """Why this person cannot take the request back, in a sentence; empty if they can."""
    state = request.state(now)
    if state is not RequestState.PENDING:
        return f"This request is {state} already; there is nothing left to take back."
    if not same(user, request.requester.id):
        return f"Only whoever asked ({request.requester.name}) can take this request back."
    return ""


def fills(request: Request, votes: Iterable[Vote]) -> list[tuple[Vote, str]]:
    """The approvals, each with the group that it counts for; empty where none needs it. Who stands
    in counts for the fallback group, whatever place is filled."""
    cast = [vote for vote in votes if vote.choice is Choice.APPROVE]
    places = request.quorum.filled([vote.groups for vote in cast])
    asked = request.quorum.groups
    return [
        (vote, place and next((one for one in vote.groups[:1] if one not in asked), place))
        for vote, place in zip(cast, places, strict=True)
    ]
