"""What time alone brings about is told here; that it is so, everybody computes when asked."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.approval import Request, RequestState
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.flow.announce import announce_lift, refresh_request
from bot.flow.insist import ask_again
from bot.flow.pointless import pointless
from bot.ports import Books, Clock, Record


@dataclass(frozen=True)
class Tidy:
    """Tell of requests that expired or lost their object, and of freezes that ended."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str

    def run(self) -> int:
        """How many ends were told."""
        now = self.clock.now()
        if not self.record.read(lambda books: _anything(books, now)):
            return 0
        return self.record.write(lambda books: self._settle(books, now))

    def _settle(self, books: Books, now: datetime) -> int:
        catalog = self.catalog()
        told = 0
        for request in books.requests.lapsed(now):
            told += self._close(
                books, catalog, request, RequestState.EXPIRED, Event.REQUEST_EXPIRED, now
            )
            ask_again(books, catalog, self.ops_channel, request, now)
        for request in books.requests.pending(now):
            if pointless(books, request, now):
                told += self._close(
                    books, catalog, request, RequestState.SUPERSEDED,
                    Event.REQUEST_SUPERSEDED, now,
                )  # fmt: skip
        for freeze in books.freezes.lapsed(now):
            books.freezes.settle(freeze.id)
            evidence = {"freeze": freeze.id}
            books.history.append(
                Decision(
                    Event.FREEZE_EXPIRED, now, BURNBAN, str(freeze.scope), freeze.reason, evidence
                )
            )
            announce_lift(
                books, catalog, self.ops_channel, freeze, BURNBAN, (), now,
                template="freeze_ended", reason="",
            )  # fmt: skip
            told += 1
        return told

    def _close(
        self,
        books: Books,
        catalog: Catalog,
        request: Request,
        state: RequestState,
        event: Event,
        now: datetime,
    ) -> int:
        if not books.requests.close(request.id, state, now):
            return 0
        evidence = {"request": request.id, "freezes": list(request.freezes)}
        books.history.append(
            Decision(event, now, BURNBAN, str(request.scope), request.reason, evidence)
        )
        votes = books.requests.votes(request.id)
        closed = replace(request, closed=state)
        refresh_request(books, catalog, self.ops_channel, closed, votes, now)
        return 1


def _anything(books: Books, now: datetime) -> bool:
    if books.requests.lapsed(now) or books.freezes.lapsed(now):
        return True
    return any(pointless(books, request, now) for request in books.requests.pending(now))
