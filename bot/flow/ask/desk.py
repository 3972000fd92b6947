"""What one transaction for many clicks has read already, and what it writes in one go."""

import copy
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from bot.decide.approval import Request, RequestState, Vote
from bot.decide.freeze import Freeze
from bot.decide.override import Grant
from bot.ports import Books, Outgoing
from bot.ports.outbox import Outbox
from bot.ports.overrides import Grants
from bot.ports.workflow import Freezes, Requests

Locked = Mapping[int, tuple[Request, list[Vote]]]
"""Requests by number, locked until the transaction ends, with their votes."""


class _Store:
    """A store of the books; whatever is not done here is done by it, after `_turn`."""

    def __init__(self, store: Any) -> None:
        self._store = store

    def __getattr__(self, name: str) -> Any:
        self._turn()
        return getattr(self._store, name)

    def _turn(self) -> None: ...


class _Freezes(_Store):
    """Each is read once, until somebody changes any."""

    def __init__(self, store: Freezes) -> None:
        super().__init__(store)
        self._known: dict[int, Freeze | None] = {}
        self._standing: dict[datetime, list[Freeze]] = {}

    def get(self, freeze: int) -> Freeze | None:
        if freeze not in self._known:
            self._known[freeze] = self._store.get(freeze)
        return self._known[freeze]

    def standing(self, now: datetime) -> list[Freeze]:
        if now not in self._standing:
            self._standing[now] = self._store.standing(now)
        return list(self._standing[now])

    def _turn(self) -> None:
        self._known.clear()
        self._standing.clear()


class _Requests(_Store):
    """Those that are locked are changed together."""

    def __init__(self, store: Requests, locked: Locked) -> None:
        super().__init__(store)
        self._open = {number for number, (one, _) in locked.items() if one.closed is None}
        self._voters = {
            number: {vote.voter.id for vote in votes} for number, (_, votes) in locked.items()
        }
        self._votes: list[tuple[int, Vote]] = []
        self._closed: dict[int, RequestState] = {}
        self._at: datetime | None = None

    def vote(self, request: int, vote: Vote) -> bool:
        voters = self._voters[request]
        if vote.voter.id in voters:
            return False
        voters.add(vote.voter.id)
        self._votes.append((request, vote))
        return True

    def close(self, request: int, state: RequestState, now: datetime) -> bool:
        if request not in self._voters:  # not one of those that are voted upon
            self._turn()
            return cast("bool", self._store.close(request, state, now))
        if request not in self._open:
            return False
        self._open.discard(request)
        self._closed[request], self._at = state, now
        return True

    def _turn(self) -> None:
        votes, self._votes = self._votes, []
        closed, self._closed = self._closed, {}
        if votes:
            self._store.vote_all(votes)
        if closed and self._at is not None:
            self._store.close_all(closed, self._at)

    write = _turn


class _Grants(_Store):
    """They are added together; what was added is not read again."""

    def __init__(self, store: Grants, most: int) -> None:
        super().__init__(store)
        self._most = most
        self._numbers: list[int] = []
        self._waiting: dict[int, Grant] = {}

    def add(self, grant: Grant) -> Grant:
        self._numbers = self._numbers or self._store.reserve(self._most)
        added = replace(grant, id=self._numbers.pop(0))
        self._waiting[added.request] = added
        return added

    def of_request(self, request: int) -> Grant | None:
        return self._waiting.get(request) or cast("Grant | None", self._store.of_request(request))

    def _turn(self) -> None:
        waiting, self._waiting = self._waiting, {}
        if waiting:
            self._store.add_all(list(waiting.values()))

    write = _turn


class _Outbox(_Store):
    """Messages are put in together."""

    def __init__(self, store: Outbox) -> None:
        super().__init__(store)
        self._waiting: list[tuple[Outgoing, datetime]] = []

    def put(self, outgoing: Outgoing, now: datetime) -> bool:
        self._waiting.append((outgoing, now))
        return True

    def _turn(self) -> None:
        waiting, self._waiting = self._waiting, []
        if waiting:
            self._store.put_all([one for one, _ in waiting], waiting[-1][1])

    write = _turn


def desk(books: Books, locked: Locked = MappingProxyType({})) -> tuple[Books, Callable[[], None]]:
    """The books for many clicks, and what writes what they keep back: to be called at the end.
    Whether the outbox had a message already is not told. `locked`: the requests voted upon, which
    nobody else can change meanwhile."""
    shared, outbox = copy.copy(books), _Outbox(books.outbox)
    requests, grants = _Requests(books.requests, locked), _Grants(books.grants, len(locked))
    shared.freezes = cast("Freezes", _Freezes(books.freezes))
    shared.requests = cast("Requests", requests)
    shared.grants = cast("Grants", grants)
    shared.outbox = cast("Outbox", outbox)

    def write() -> None:
        for store in (requests, grants, outbox):
            store.write()

    return shared, write
