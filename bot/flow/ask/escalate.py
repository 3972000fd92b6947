"""A request that nobody decides is put before the fallback group as well."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.decide.approval import Request
from bot.decide.ballot import escalates
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.decide.people import BURNBAN
from bot.errors import DeliveryError
from bot.flow.announce import places, refresh_request
from bot.flow.ask.calling import uncalled
from bot.flow.ask.pointless import pointless
from bot.flow.facts import epoch, scope_words
from bot.flow.mention import whom
from bot.ports import Act, Books, Clock, Directory, Outgoing, Record

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
        return sum(self._ask(catalog, request) for request in due)

    def _ask(self, catalog: Catalog, request: Request) -> bool:
        people = self._people(catalog, request)
        now = self.clock.now()
        return self.record.write(
            lambda books: ask_fallback(books, catalog, self.ops_channel, request, people, now)
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
    request: Request,
    people: Sequence[str],
    now: datetime,
) -> bool:
    """Ask the fallback group, unless it was asked or nothing is left to decide. `people`: those of
    it whom the specs do not name by their ids."""
    locked = books.requests.get_locked(request.id)
    if locked is None or pointless(books, catalog, locked[0], now):
        return False
    policy = catalog.policy_for(request.scope)
    fallback = policy.approvals.fallback
    if not books.requests.escalate(request.id, now):
        return False
    asked = replace(locked[0], escalated_at=now)
    evidence = {
        "request": request.id,
        "wish": str(request.wish),
        "to": fallback,
        "waited": int((now - request.created_at).total_seconds()),
    }
    books.history.append(
        Decision(
            Event.REQUEST_ESCALATED, now, BURNBAN, str(request.scope), request.reason, evidence,
            policy.version,
        )
    )  # fmt: skip
    refresh_request(books, catalog, ops, asked, locked[1], now)
    named = whom(catalog, request.scope, (fallback,), request.requester.id)
    facts = {
        "request": request.id,
        "scope": scope_words(request.scope),
        "fallback": fallback,
        "ask": list(dict.fromkeys([*named, *people])),
        "waited": evidence["waited"],
        "expires": epoch(request.expires_at),
    }
    for topic, channel in places(catalog, ops, request)[:1]:
        message = Outgoing(
            f"{topic}:escalation", channel, topic, Act.REPLY, "escalated", facts, broadcast=True
        )
        books.outbox.put(message, now)
    return True
