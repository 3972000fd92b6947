"""What one transaction for many clicks has read already, and what it writes in one go."""

import copy
from collections.abc import Callable
from datetime import datetime
from typing import Any, cast

from bot.decide.freeze import Freeze
from bot.decide.override import Grant
from bot.ports import Books, Outgoing
from bot.ports.outbox import Outbox
from bot.ports.overrides import Grants
from bot.ports.workflow import Freezes


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


class _Grants(_Store):
    """What was added a moment ago is not read again."""

    def __init__(self, store: Grants) -> None:
        super().__init__(store)
        self._added: dict[int, Grant] = {}

    def add(self, grant: Grant) -> Grant:
        added: Grant = self._store.add(grant)
        self._added[added.request] = added
        return added

    def of_request(self, request: int) -> Grant | None:
        return self._added.get(request) or cast("Grant | None", self._store.of_request(request))

    def _turn(self) -> None:
        self._added.clear()


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


def desk(books: Books) -> tuple[Books, Callable[[], None]]:
    """The books for many clicks, and what writes what they keep back: to be called at the end.
    Whether the outbox had a message already is not told."""
    shared, outbox = copy.copy(books), _Outbox(books.outbox)
    shared.freezes = cast("Freezes", _Freezes(books.freezes))
    shared.grants = cast("Grants", _Grants(books.grants))
    shared.outbox = cast("Outbox", outbox)
    return shared, outbox.write
