"""A request that nobody decides is put before the fallback group as well."""

import logging
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.approval import Request, Vote
from bot.decide.ballot import escalates
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.errors import DeliveryError
from bot.flow.announce import refresh_request
from bot.flow.ask.calling import uncalled
from bot.flow.ask.callout import by_message, tell_escalated
from bot.flow.ask.pointless import pointless
from bot.flow.ask.remembering import Remembering
from bot.flow.mention import MOST, whom_of
from bot.ports import Books, Clock, Directory, Record

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Escalate:
    """The flow of the ticker. Of all replicas one asks, once for each request."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]
    directory: Directory
    ops_channel: str

    def run(self) -> int:
        """How many requests were escalated."""
        now, catalog = self.clock.now(), self.catalog()
        pending = self.record.read(lambda books: books.requests.pending(now))
        due = [r for r in pending if escalates(r, catalog.policy_for(r.scope).approvals, now)]
        asking = replace(self, directory=Remembering(self.directory))
        return sum(asking._together(catalog, some) for some in by_message(due))

    def _together(self, catalog: Catalog, some: Sequence[Request]) -> int:
        """Those that share a message."""
        people = {name for request in some for name in self._people(catalog, request)}
        now = self.clock.now()
        return self.record.write(
            lambda books: ask_fallback(
                books, catalog, self.ops_channel, some, sorted(people)[:MOST], now
            )
        )

    def _people(self, catalog: Catalog, request: Request) -> list[str]:
        fallback = catalog.policy_for(request.scope).approvals.fallback
        try:
            return uncalled(self.directory, catalog, request, (fallback,))
        except DeliveryError as error:
            log.warning("who is in %s could not be looked up: %s", fallback, error)
            return []


def ask_fallback(
    books: Books,
    catalog: Catalog,
    ops: str,
    some: Sequence[Request],
    people: Sequence[str],
    now: datetime,
) -> int:
    """Ask the fallback group about requests that share a message, unless it was asked or nothing is
    left to decide; about how many. `people`: those of it whom the specs do not name by their
    ids."""
    asked: defaultdict[str, list[Request]] = defaultdict(list)
    told: tuple[Request, list[Vote]] | None = None
    for number, (request, votes) in books.requests.several_locked({r.id for r in some}).items():
        policy = catalog.policy_for(request.scope)
        fallback = policy.approvals.fallback
        if pointless(books, catalog, request, now) or not books.requests.escalate(number, now):
            continue
        asked[fallback].append(request)
        told = replace(request, escalated_at=now), votes
        _note(books, request, fallback, policy.version, now)
    if told is not None:
        refresh_request(books, catalog, ops, *told, now)  # it speaks for all of them
    for fallback, theirs in asked.items():
        names = (one for r in theirs for one in whom_of(catalog, r, (fallback,)))
        called = list(dict.fromkeys([*names, *people]))[:MOST]
        tell_escalated(books, catalog, ops, theirs, fallback, called, now)
    return sum(len(theirs) for theirs in asked.values())


def _note(books: Books, request: Request, fallback: str, policy: str, now: datetime) -> None:
    evidence = {
        "request": request.id,
        "wish": str(request.wish),
        "to": fallback,
        "waited": int((now - request.created_at).total_seconds()),
    }
    books.history.append(
        Decision(
            Event.REQUEST_ESCALATED, now, BURNBAN, str(request.scope), request.reason, evidence,
            policy,
        )
    )  # fmt: skip
