"""Those who may decide are called, and the operators told that nobody may: once for all requests
that share a message."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.decide.approval import Request
from bot.decide.catalog import Catalog
from bot.decide.scope import Reach, Scope
from bot.flow.docket import places, topic_for
from bot.flow.facts import Facts, asked_in, epoch, scope_words, shortlist
from bot.ports import Act, Books, Outgoing

NAMED = 40
"""Requests that one call names."""


def by_message(requests: Iterable[Request]) -> list[list[Request]]:
    """Those that share a message together, each other by itself."""
    found: defaultdict[str, list[Request]] = defaultdict(list)
    for request in requests:
        found[topic_for(request)].append(request)
    return list(found.values())


def call(
    books: Books,
    catalog: Catalog,
    ops: str,
    some: Sequence[Request],
    whom: Sequence[str],
    now: datetime,
) -> None:
    """Mention people in the thread of requests that wait for them and share a message; the same
    people once for each message."""
    facts = _about(some) | {"ask": list(whom)}
    shared = some[0].docket is not None
    for topic, channel in places(catalog, ops, some[0])[:1]:
        key = f"{topic}:called" + (f":{','.join(sorted(whom))}" if shared else "")
        books.outbox.put(Outgoing(key, channel, topic, Act.REPLY, "called", facts), now)


def tell_escalated(
    books: Books,
    catalog: Catalog,
    ops: str,
    some: Sequence[Request],
    fallback: str,
    people: Sequence[str],
    now: datetime,
) -> None:
    """In the thread and the channel: `fallback` is asked too, and these of it are mentioned."""
    waited = min((now - one.created_at).total_seconds() for one in some)
    facts = _about(some) | {"fallback": fallback, "ask": list(people), "waited": int(waited)}
    for topic, channel in places(catalog, ops, some[0])[:1]:
        key = f"{topic}:escalation{_mark(some)}"
        message = Outgoing(key, channel, topic, Act.REPLY, "escalated", facts, broadcast=True)
        books.outbox.put(message, now)


def tell_operators(
    books: Books,
    catalog: Catalog,
    ops: str,
    some: Sequence[Request],
    sentence: str,
    now: datetime,
) -> None:
    """That requests cannot be decided, and why; once for each, and once for those that share a
    message."""
    first = some[0]
    if not ops or ops in asked_in(catalog, first.scope, ops):
        return
    key = f"{topic_for(first)}:escalated{_mark(some)}"
    which = f"request {first.id} about {scope_words(first.scope)}"
    if len(some) > 1:
        which = f"these {len(some)} requests: {shortlist(_names(some), NAMED)}"
    told = {"title": f"Nobody can decide {which}", "text": sentence, "faults": []}
    books.outbox.put(Outgoing(key, ops, key, Act.POST, "ops_notice", told), now)


def _about(some: Sequence[Request]) -> Facts:
    first, names = some[0], _names(some)
    return {
        "request": first.id,
        "scope": shortlist([_name(one.scope) for one in some])
        if len(some) > 1
        else scope_words(first.scope),
        "total": len(some),
        "shared": first.docket is not None,
        "names": names[:NAMED],
        "expires": epoch(min(one.expires_at for one in some)),
    }


def _names(some: Sequence[Request]) -> list[str]:
    return [f"{_name(one.scope)} (request {one.id})" for one in some]


def _name(scope: Scope) -> str:
    return scope.name if scope.reach is Reach.SERVICE else scope_words(scope)


def _mark(some: Sequence[Request]) -> str:
    """What joins a shared message later is told of by itself."""
    return "" if some[0].docket is None else f":{max(one.id for one in some)}"
