"""Requests and their votes."""

import json
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, delete, insert, update
from sqlmodel import Session, UTCDateTime, col, select

from bot.decide.approval import Choice, Request, RequestState, Vote, Wish
from bot.decide.freeze import Origin
from bot.decide.people import Actor, Door
from bot.decide.scope import Scope
from bot.record.dialect import Dialect
from bot.record.statements import ask, change, fetch, first, numbered, stored, whole
from bot.record.tables import RequestRow, VoteRow
from bot.record.wording import (
    change_of,
    change_text,
    quorum_of,
    quorum_text,
    stretch_of,
    stretch_text,
)

# Made once: every click asks them.
_ONE = whole(RequestRow).where(col(RequestRow.id) == bindparam("number"))
_LOCKED = _ONE.with_for_update()
_VOTES = (
    whole(VoteRow)
    .where(col(VoteRow.request_id) == bindparam("number"))
    .order_by(col(VoteRow.at), col(VoteRow.voter_id))
)
_SEVERAL = (
    whole(RequestRow)
    .where(col(RequestRow.id).in_(bindparam("numbers", expanding=True)))
    .order_by(col(RequestRow.id))
)
_SEVERAL_LOCKED = _SEVERAL.with_for_update()
_THEIR_VOTES = (
    whole(VoteRow)
    .where(col(VoteRow.request_id).in_(bindparam("numbers", expanding=True)))
    .order_by(col(VoteRow.at), col(VoteRow.voter_id))
)
_CAST = insert(VoteRow)
_CLOSING = (
    update(RequestRow)
    .where(col(RequestRow.closed).is_(None))
    .values(closed=bindparam("state"), closed_at=bindparam("at", type_=UTCDateTime()))
)
_CLOSE = _CLOSING.where(col(RequestRow.id) == bindparam("number"))
_CLOSE_ALL = _CLOSING.where(col(RequestRow.id).in_(bindparam("numbers", expanding=True)))


class SqlRequests:
    """Satisfies bot.ports.workflow.Requests."""

    def __init__(self, session: Session, dialect: Dialect, *, writing: bool) -> None:
        self._session = session
        self._dialect = dialect
        self._writing = writing

    def add(self, request: Request) -> Request:
        """Store it; the answer bears its id."""
        return _request(stored(self._session, _row(request)))

    def get(self, request: int) -> Request | None:
        """By id."""
        row = next(iter(ask(self._session, _ONE, number=request)), None)
        return _request(row) if row else None

    def get_locked(self, request: int) -> tuple[Request, list[Vote]] | None:
        """The request, locked until the transaction ends; its votes are read under the lock, so
        that whoever waited sees what was decided meanwhile."""
        row = next(iter(ask(self._session, _LOCKED, number=request)), None)
        return (_request(row), self.votes(request)) if row else None

    def several(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """See Requests."""
        return self._several(_SEVERAL, requests)

    def several_locked(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """See Requests; the votes are read under the locks."""
        return self._several(_SEVERAL_LOCKED, requests)

    def _several(
        self, wanted: Select[Any], numbers: Collection[int]
    ) -> dict[int, tuple[Request, list[Vote]]]:
        known = list(numbers)
        rows = ask(self._session, wanted, numbers=known)
        found: dict[int, tuple[Request, list[Vote]]] = {row.id: (_request(row), []) for row in rows}
        for row in ask(self._session, _THEIR_VOTES, numbers=known):
            found[row.request_id][1].append(_vote(row))
        return found

    def votes(self, request: int) -> list[Vote]:
        """Oldest first."""
        return [_vote(row) for row in ask(self._session, _VOTES, number=request)]

    def vote(self, request: int, vote: Vote) -> bool:
        """False if this voter's vote is stored already."""
        cells = _cells(request, vote)
        return change(self._session, self._dialect.fresh(VoteRow), cells) == 1

    def vote_all(self, votes: Sequence[tuple[int, Vote]]) -> None:
        """See Requests."""
        self._session.connection().execute(_CAST, [_cells(*one) for one in votes])

    def withdraw(self, request: int, voter: str) -> bool:
        """False if there is none."""
        mine = col(VoteRow.request_id) == request, col(VoteRow.voter_id) == voter
        return change(self._session, delete(VoteRow).where(*mine)) == 1

    def escalate(self, request: int, now: datetime) -> bool:
        """Once, while it is open."""
        still = (
            col(RequestRow.id) == request,
            col(RequestRow.closed).is_(None),
            col(RequestRow.escalated_at).is_(None),
        )
        asked = update(RequestRow).where(*still).values(escalated_at=now)
        return change(self._session, asked) == 1

    def join(self, request: int, cause: str, reason: str, evidence: Mapping[str, Any]) -> bool:
        """See Requests. A request in other hands is left alone: whoever decides it holds the row
        and waits for the history, which we may hold."""
        row = first(self._session, _idle(request))
        if row is None:
            return False
        more = {
            "cause": f"{row.cause}, {cause}",
            "reason": f"{row.reason}; {reason}",
            "evidence": json.dumps(dict(evidence), allow_nan=False),
        }
        update_one = update(RequestRow).where(col(RequestRow.id) == request).values(**more)
        return change(self._session, update_one) == 1

    def gather(self, requests: Collection[int], docket: int) -> None:
        """See Requests."""
        mine = update(RequestRow).where(col(RequestRow.id).in_(list(requests)))
        change(self._session, mine.values(docket=docket))

    def together(self, docket: int) -> list[Request]:
        """See Requests."""
        wanted = select(RequestRow).where(col(RequestRow.docket) == docket)
        return [_request(row) for row in fetch(self._session, wanted.order_by(col(RequestRow.id)))]

    def close(self, request: int, state: RequestState, now: datetime) -> bool:
        """Set the final state once; False if it had one."""
        final = {"number": request, "state": str(state), "at": now}
        return change(self._session, _CLOSE, final) == 1

    def close_all(self, states: Mapping[int, RequestState], now: datetime) -> None:
        """A statement for each state."""
        for state in sorted(set(states.values())):
            some = [number for number, final in states.items() if final is state]
            closing = {"numbers": some, "state": str(state), "at": now}
            self._session.connection().execute(_CLOSE_ALL, closing)

    def cancel(
        self, request: Request, now: datetime, state: RequestState = RequestState.CANCELLED
    ) -> bool:
        """See Requests. As in `join`, one in other hands is left alone."""
        row = first(self._session, _idle(request.id).where(col(RequestRow.cause) == request.cause))
        return row is not None and self.close(request.id, state, now)

    def pending(self, now: datetime) -> list[Request]:
        """Undecided and not past their expiry, oldest first."""
        return self._undecided(col(RequestRow.expires_at) > now)

    def newest(self, wish: Wish, scopes: Sequence[str] = (), limit: int = 20) -> list[Request]:
        """Newest first."""
        wanted = select(RequestRow).where(col(RequestRow.wish) == str(wish))
        if scopes:
            wanted = wanted.where(col(RequestRow.scope).in_(scopes))
        wanted = wanted.order_by(col(RequestRow.id).desc()).limit(limit)
        return [_request(row) for row in fetch(self._session, wanted)]

    def lapsed(self, now: datetime) -> list[Request]:
        """Undecided, past their expiry. In a writing transaction those in other hands are left
        out."""
        return self._undecided(col(RequestRow.expires_at) <= now, ours=self._writing)

    def _undecided(self, when: ColumnElement[bool], *, ours: bool = False) -> list[Request]:
        wanted = (
            select(RequestRow)
            .where(col(RequestRow.closed).is_(None), when)
            .order_by(col(RequestRow.id))
        )
        if ours:
            wanted = wanted.with_for_update(skip_locked=True)
        return [_request(row) for row in fetch(self._session, wanted)]


def _idle(request: int) -> Any:
    """It, locked, if it is undecided and nobody is about to decide it."""
    mine = col(RequestRow.id) == request, col(RequestRow.closed).is_(None)
    return select(RequestRow).where(*mine).with_for_update(skip_locked=True)


def _row(request: Request) -> RequestRow:
    return RequestRow(
        wish=str(request.wish),
        scope=str(request.scope),
        reason=request.reason,
        requester_id=request.requester.id,
        requester_name=request.requester.name,
        requester_door=str(request.requester.door),
        origin=str(request.origin),
        quorum=quorum_text(request.quorum),
        created_at=request.created_at,
        expires_at=request.expires_at,
        until=request.until,
        lasts=request.lasts,
        starts_at=request.starts_at,
        freezes=json.dumps(list(request.freezes)),
        cause=request.cause,
        evidence=json.dumps(dict(request.evidence), allow_nan=False),
        closed=None if request.closed is None else str(request.closed),
        change=change_text(request.change),
        stretch=stretch_text(request.stretch),
        incident=request.incident,
        disputed=request.disputed,
        escalated_at=request.escalated_at,
        shortage=request.shortage,
        docket=request.docket,
    )


def _request(row: RequestRow) -> Request:
    return Request(
        id=numbered(row.id),
        wish=Wish(row.wish),
        scope=Scope.parse(row.scope),
        reason=row.reason,
        requester=Actor(row.requester_id, row.requester_name, Door(row.requester_door)),
        origin=Origin(row.origin),
        quorum=quorum_of(row.quorum),
        created_at=row.created_at,
        expires_at=row.expires_at,
        until=row.until,
        lasts=row.lasts,
        starts_at=row.starts_at,
        freezes=tuple(json.loads(row.freezes)),
        cause=row.cause,
        evidence=json.loads(row.evidence),
        closed=None if row.closed is None else RequestState(row.closed),
        change=change_of(row.change),
        stretch=stretch_of(row.stretch),
        incident=row.incident,
        disputed=row.disputed,
        escalated_at=row.escalated_at,
        shortage=row.shortage,
        docket=row.docket,
    )


def _cells(request: int, vote: Vote) -> dict[str, Any]:
    return {
        "request_id": request,
        "voter_id": vote.voter.id,
        "voter_name": vote.voter.name,
        "voter_door": str(vote.voter.door),
        "choice": str(vote.choice),
        "at": vote.at,
        "membership": vote.membership,
        "groups": json.dumps(list(vote.groups)),
        "comment": vote.comment,
    }


def _vote(row: VoteRow) -> Vote:
    voter = Actor(row.voter_id, row.voter_name, Door(row.voter_door))
    groups = tuple(json.loads(row.groups))
    return Vote(voter, Choice(row.choice), row.at, row.membership, groups, row.comment)
