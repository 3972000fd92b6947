"""What time alone brings about with granted overrides is told: not used in time, or nothing left to
pass. That it is so, everybody computes when asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.decision import Event
from bot.decide.override import Grant, OverrideState, over_since
from bot.decide.people import BURNBAN
from bot.flow.announce import refresh_request
from bot.flow.override.grant import grant_evidence, note
from bot.ports import Books, Clock, Record

_EVENTS = {
    OverrideState.EXPIRED: Event.OVERRIDE_EXPIRED,
    OverrideState.SUPERSEDED: Event.OVERRIDE_SUPERSEDED,
}


@dataclass(frozen=True)
class SettleOverrides:
    """The flow of the ticker. Every replica may run it: rows in other hands are left out."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def run(self) -> int:
        """How many ends were told."""
        now = self.clock.now()
        if not self.record.read(lambda books: _ended(books, now)):
            return 0
        catalog = self.catalog()
        return self.record.write(lambda books: self._settle(books, catalog))

    def _settle(self, books: Books, catalog: Catalog) -> int:
        books.history.hold()  # before any grant, as all who decide about grants
        now = self.clock.now()
        ended = _ended(books, now)
        for grant, state in ended:
            request = books.requests.get(grant.request)
            if request is None:
                raise AssertionError("a grant has its request")
            books.grants.settle(grant.id)
            evidence = grant_evidence(catalog, request, grant)
            note(books, catalog, _EVENTS[state], BURNBAN, request, evidence, now)
            votes = books.requests.votes(request.id)
            refresh_request(books, catalog, self.ops_channel, request, votes, now)
        return len(ended)


def _ended(books: Books, now: datetime) -> list[tuple[Grant, OverrideState]]:
    """Grants whose end nobody has been told of, each with how it ended."""
    found = []
    for grant in books.grants.unsettled():
        freezes = [f for number in grant.freezes if (f := books.freezes.get(number)) is not None]
        state = grant.state(now, over_since(freezes, now))
        if state in _EVENTS:
            found.append((grant, state))
    return found
