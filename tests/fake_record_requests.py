"""Requests and votes in memory."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.errors import RecordError
from tests.fake_record_state import State, stored


class MemoryRequests:
    """Satisfies Requests; a transaction locks everything here."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, request: Request) -> Request:
        """With the next id."""
        self._state.write()
        new = stored(replace(request, id=len(self._state.requests) + 1))
        self._state.requests[new.id] = new
        return new

    def get(self, request: int) -> Request | None:
        """By id."""
        return self._state.requests.get(request)

    def get_locked(self, request: int) -> tuple[Request, list[Vote]] | None:
        """With its votes."""
        self._state.write()
        known = self._state.requests.get(request)
        return (known, self.votes(request)) if known else None

    def several(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """With their votes."""
        known = {number: self.get(number) for number in requests}
        return {n: (one, self.votes(n)) for n, one in known.items() if one is not None}

    def several_locked(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """With their votes."""
        self._state.write()
        return self.several(requests)

    def votes(self, request: int) -> list[Vote]:
        """Oldest first."""
        mine = (vote for (number, _), vote in self._state.votes.items() if number == request)
        return sorted(mine, key=lambda vote: (vote.at, vote.voter.id))

    def vote(self, request: int, vote: Vote) -> bool:
        """One a person."""
        self._state.write()
        if request not in self._state.requests:
            raise RecordError("a vote on nothing")
        if (request, vote.voter.id) in self._state.votes:
            return False
        self._state.votes[request, vote.voter.id] = stored(vote)
        return True

    def vote_all(self, votes: Sequence[tuple[int, Vote]]) -> None:
        """Each new."""
        for number, vote in votes:
            if not self.vote(number, vote):
                raise RecordError("a vote that is stored already")

    def withdraw(self, request: int, voter: str) -> bool:
        """Gone, if it was there."""
        self._state.write()
        return self._state.votes.pop((request, voter), None) is not None

    def escalate(self, request: int, now: datetime) -> bool:
        """Once, while open."""
        self._state.write()
        known = self._state.requests.get(request)
        if known is None or known.closed is not None or known.escalated_at is not None:
            return False
        self._state.requests[request] = stored(replace(known, escalated_at=now))
        return True

    def join(self, request: int, cause: str, reason: str, evidence: Mapping[str, Any]) -> bool:
        """While undecided."""
        self._state.write()
        known = self._state.requests.get(request)
        if known is None or known.closed is not None:
            return False
        cause, reason = f"{known.cause}, {cause}", f"{known.reason}; {reason}"
        more = {"cause": cause, "reason": reason, "evidence": json.loads(json.dumps(evidence))}
        self._state.requests[request] = replace(known, **more)
        return True

    def gather(self, requests: Collection[int], docket: int) -> None:
        """They share one message."""
        self._state.write()
        for number in requests:
            self._state.requests[number] = replace(self._state.requests[number], docket=docket)

    def together(self, docket: int) -> list[Request]:
        """By number."""
        known = self._state.requests.values()
        return sorted((r for r in known if r.docket == docket), key=lambda r: r.id)

    def close(self, request: int, state: RequestState, now: datetime) -> bool:
        """Once."""
        self._state.write()
        known = self._state.requests.get(request)
        if known is None or known.closed is not None:
            return False
        self._state.requests[request] = replace(known, closed=state)
        return True

    def close_all(self, states: Mapping[int, RequestState], now: datetime) -> None:
        """One by one."""
        for number, state in states.items():
            self.close(number, state, now)

    def cancel(
        self, request: Request, now: datetime, state: RequestState = RequestState.CANCELLED
    ) -> bool:
        """While it is what it was."""
        known = self._state.requests.get(request.id)
        same = known is not None and known.cause == request.cause
        return same and self.close(request.id, state, now)

    def pending(self, now: datetime) -> list[Request]:
        """Undecided, in time."""
        known = self._state.requests.values()
        return [r for r in known if r.state(now) is RequestState.PENDING]

    def newest(self, wish: Wish, scopes: Sequence[str] = (), limit: int = 20) -> list[Request]:
        """By number, downwards."""
        known = [r for r in self._state.requests.values() if r.wish is wish]
        found = [r for r in known if not scopes or str(r.scope) in scopes]
        return sorted(found, key=lambda r: -r.id)[:limit]

    def lapsed(self, now: datetime) -> list[Request]:
        """Undecided, too late."""
        known = self._state.requests.values()
        return [r for r in known if r.closed is None and r.expires_at <= now]
