"""What a decision of people brings about: the request is closed, and what it asked for is done."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
        _Approved(books, catalog, ops, closed, votes, now).carry_out()
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


@dataclass(frozen=True, slots=True)
class _Approved:
    """A request that people have approved, in the transaction that carries it out."""

    books: Books
    catalog: Catalog
    ops: str
    request: Request
    votes: Sequence[Vote]
    now: datetime

    def carry_out(self) -> None:
        request, evidence = self.request, vote_evidence(self.request, self.votes)
        if request.wish is Wish.FREEZE:
            self._freeze(evidence)
        elif request.wish in EDITS:
            edit(self.books, self.catalog, self.ops, request, self.votes, evidence, self.now)
        elif request.wish is Wish.ADJUST:
            adjust(self.books, self.catalog, self.ops, request, self.votes, evidence, self.now)
        elif request.wish in ACTIONS:
            act = ACTIONS[request.wish]
            act(self.books, self.catalog, request, self.votes, evidence, self.now)
        elif request.wish is Wish.OVERRIDE:
            grant_by_votes(self.books, self.catalog, request, self.votes, evidence, self.now)
        else:
            self._lift(evidence)

    def _freeze(self, evidence: Facts) -> None:
        stored = self.books.freezes.add(asked_freeze(self.request, self.now))
        self._note(Event.FROZEN, evidence | freeze_evidence(stored), self.request.cause)
        docket = self.request.docket
        under = "" if docket is None else topic_of(docket)
        announce_freeze(
            self.books, self.catalog, self.ops, stored, self.votes, self.now, under=under
        )

    def _lift(self, evidence: Facts) -> None:
        lifted = []
        for number in self.request.freezes:
            freeze = self.books.freezes.get(number)
            if freeze is None or not self.books.freezes.lift(number, self.now):
                continue
            unbegun = freeze.state(self.now) is FreezeState.SCHEDULED
            event = Event.FREEZE_CANCELLED if unbegun else Event.LIFTED
            self._note(event, evidence | {"freeze": number})
            lifted.append(freeze)
        tell_lifts(self.books, self.catalog, self.ops, lifted, self.request, self.votes, self.now)

    def _note(self, event: Event, evidence: Facts, cause: str = "") -> None:
        """By the last of the votes."""
        request, by = self.request, self.votes[-1].voter
        version = self.catalog.policy_for(request.scope).version
        row = Decision(
            event, self.now, by, str(request.scope), request.reason, evidence, version, cause
        )
        self.books.history.append(row)
