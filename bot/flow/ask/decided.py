"""What a decision of people brings about: the request is closed, and what it asked for is done."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.edit import EDITS
from bot.decide.freeze import FreezeState
from bot.flow.adjust.take_out import carry_out as adjust
from bot.flow.announce import announce_freeze
from bot.flow.ask.card import asked_freeze
from bot.flow.ask.outside import ACTIONS
from bot.flow.docket import topic_of
from bot.flow.facts import Facts, freeze_evidence
from bot.flow.freeze.revise import carry_out as edit
from bot.flow.freeze.tell import tell_lifts
from bot.flow.override.grant import grant_by_votes
from bot.ports import Books


def conclude(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    state: RequestState,
    now: datetime,
) -> Request:
    """Close it as `state` says, by the last of the votes, and carry out what was approved; the
    request as it then stands."""
    books.requests.close(request.id, state, now)
    closed = replace(request, closed=state)
    if state is RequestState.APPROVED:
        _carry_out(books, catalog, ops, closed, votes, now)
    else:
        version = catalog.policy_for(request.scope).version
        evidence = vote_evidence(request, votes)
        books.history.append(
            Decision(
                Event.REQUEST_DENIED, now, votes[-1].voter, str(request.scope), request.reason,
                evidence, version,
            )
        )  # fmt: skip
    return closed


def vote_evidence(request: Request, votes: Sequence[Vote]) -> Facts:
    """What a decision by votes rests on."""
    return {
        "request": request.id,
        "wish": str(request.wish),
        "requested_by": request.requester.id,
        "requested_at": request.created_at.isoformat(),
        "votes": [
            [v.voter.id, str(v.choice), v.at.isoformat(), v.membership, list(v.groups), v.comment]
            for v in votes
        ],
        "needed": request.needed,
    }


def _carry_out(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    if request.wish is Wish.FREEZE:
        _freeze(books, catalog, ops, request, votes, now)
    elif request.wish in EDITS:
        evidence = vote_evidence(request, votes)
        edit(books, catalog, ops, request, votes, evidence, now)
    elif request.wish is Wish.ADJUST:
        adjust(books, catalog, ops, request, votes, vote_evidence(request, votes), now)
    elif request.wish in ACTIONS:
        ACTIONS[request.wish](books, catalog, request, votes, vote_evidence(request, votes), now)
    elif request.wish is Wish.OVERRIDE:
        grant_by_votes(books, catalog, request, votes, vote_evidence(request, votes), now)
    else:
        _lift(books, catalog, ops, request, votes, now)


def _freeze(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    stored = books.freezes.add(asked_freeze(request, now))
    evidence = vote_evidence(request, votes) | freeze_evidence(stored)
    version = catalog.policy_for(request.scope).version
    books.history.append(
        Decision(
            Event.FROZEN, now, votes[-1].voter, str(request.scope), request.reason, evidence,
            version, request.cause,
        )
    )  # fmt: skip
    under = "" if request.docket is None else topic_of(request.docket)
    announce_freeze(books, catalog, ops, stored, votes, now, under=under)


def _lift(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    version = catalog.policy_for(request.scope).version
    by = votes[-1].voter
    lifted = []
    for number in request.freezes:
        freeze = books.freezes.get(number)
        if freeze is None or not books.freezes.lift(number, now):
            continue
        evidence = vote_evidence(request, votes) | {"freeze": number}
        unbegun = freeze.state(now) is FreezeState.SCHEDULED
        event = Event.FREEZE_CANCELLED if unbegun else Event.LIFTED
        books.history.append(
            Decision(event, now, by, str(request.scope), request.reason, evidence, version)
        )
        lifted.append(freeze)
    tell_lifts(books, catalog, ops, lifted, request, votes, now)
