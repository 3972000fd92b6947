"""What time alone brings about is told here; that it is so, everybody computes when asked."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.decide.approval import Request, RequestState
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze
from bot.decide.people import BURNBAN
from bot.flow.announce import refresh_requests
from bot.flow.ask.gather import Gather
from bot.flow.ask.insist import ask_again
from bot.flow.ask.pointless import pointless
from bot.flow.freeze.over import Over, tell_over
from bot.flow.poll.anew import edit_warnings
from bot.flow.poll.unwatched import ask_to_lift, strays, tell_of_stray, unwatched
from bot.ports import Books, Clock, Record


@dataclass(frozen=True)
class Tidy:
    """Tell of requests that expired or lost their object, of freezes that ended, and of those that
    nothing can thaw."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    ops_channel: str
    _strays: set[int] = field(default_factory=set)
    """Freezes of vanished services that were told of; after a restart it is tried again, and told
    once."""

    def run(self) -> int:
        """How much was told."""
        now, catalog = self.clock.now(), self.catalog()
        if not self.record.read(lambda books: self._anything(books, catalog, now)):
            return 0
        return self.record.write(lambda books: self._settle(books, catalog, now))

    def _anything(self, books: Books, catalog: Catalog, now: datetime) -> bool:
        return bool(
            books.requests.lapsed(now)
            or books.freezes.lapsed(now)
            or unwatched(books, catalog, now)
            or self._untold(books, catalog, now)
            or any(pointless(books, catalog, one, now) for one in books.requests.pending(now))
        )

    def _untold(self, books: Books, catalog: Catalog, now: datetime) -> list[Freeze]:
        return [f for f in strays(books, catalog, now) if f.id not in self._strays]

    def _settle(self, books: Books, catalog: Catalog, now: datetime) -> int:
        again: list[int] = []
        lapsed = books.requests.lapsed(now)
        told = self._close(books, catalog, lapsed, RequestState.EXPIRED, Event.REQUEST_EXPIRED, now)
        for request in lapsed:
            again += ask_again(books, catalog, self.ops_channel, request, now)
        Gather(books, catalog, self.ops_channel, now).put(again)
        for request in lapsed:
            edit_warnings(books, catalog, self.ops_channel, request, now)
        waiting = books.requests.pending(now)
        lost = [one for one in waiting if pointless(books, catalog, one, now)]
        told += self._close(
            books, catalog, lost, RequestState.SUPERSEDED, Event.REQUEST_SUPERSEDED, now
        )
        ended = []
        for freeze in books.freezes.lapsed(now):
            books.freezes.settle(freeze.id)
            evidence = {"freeze": freeze.id}
            books.history.append(
                Decision(
                    Event.FREEZE_EXPIRED, now, BURNBAN, str(freeze.scope), freeze.reason, evidence
                )
            )
            ended.append(Over(freeze, "freeze_ended"))
        tell_over(books, catalog, self.ops_channel, ended, now)
        return told + len(ended) + self._ask(books, catalog, now)

    def _ask(self, books: Books, catalog: Catalog, now: datetime) -> int:
        """About freezes that nothing can thaw."""
        told = 0
        for freeze in unwatched(books, catalog, now):
            told += ask_to_lift(books, catalog, self.ops_channel, freeze, now)
        for freeze in self._untold(books, catalog, now):
            tell_of_stray(books, self.ops_channel, freeze, now)
            self._strays.add(freeze.id)
        return told

    def _close(
        self,
        books: Books,
        catalog: Catalog,
        some: Sequence[Request],
        state: RequestState,
        event: Event,
        now: datetime,
    ) -> int:
        closed = [one for one in some if books.requests.close(one.id, state, now)]
        for request in closed:
            evidence = {
                "request": request.id,
                "wish": str(request.wish),
                "freezes": list(request.freezes),
            }
            books.history.append(
                Decision(event, now, BURNBAN, str(request.scope), request.reason, evidence)
            )
        over = [replace(one, closed=state) for one in closed]
        refresh_requests(books, catalog, self.ops_channel, over, now)
        return len(closed)
