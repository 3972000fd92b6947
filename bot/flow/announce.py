"""The messages of the workflow: freezes, lifts, requests and what became of them."""

from collections.abc import Collection, Sequence
from datetime import datetime

from bot.decide.approval import Choice, Request, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.flow.ask.ballot import vote_facts
from bot.flow.ask.callout import by_message, tell_operators
from bot.flow.ask.card import request_facts
from bot.flow.canary.card import card as rollback
from bot.flow.docket import TEMPLATE, docket_facts, places
from bot.flow.facts import Facts, channels_of, epoch, scope_words, services_of
from bot.flow.freeze.outlook import outlook
from bot.flow.freeze.thawing import thaw_words
from bot.flow.override.card import card
from bot.flow.stopped import say_decided
from bot.flow.suspects import undone_facts
from bot.flow.wide import tell_the_rest
from bot.ports import Act, Books, Outgoing

ACTS = {
    Wish.FREEZE: "freeze releases of",
    Wish.UNFREEZE: "lift the freeze of",
    Wish.EXTEND: "extend the freeze of",
    Wish.SHORTEN: "shorten the freeze of",
    Wish.OVERRIDE: "release despite the freeze of",
    Wish.ADJUST: "adjust the budget of",
    Wish.RESTORE: "restore the former version of",
    Wish.ROLLBACK: "roll back",
    Wish.RETRAIN: "start the retraining of",
}
"""What a request asks for, to be followed by the scope."""


def freeze_facts(catalog: Catalog, freeze: Freeze, approvals: Sequence[Vote]) -> Facts:
    """What `frozen` and its kin say."""
    return {
        "freeze": freeze.id,
        "scope": scope_words(freeze.scope),
        "word": catalog.word(freeze.scope),
        "reason": freeze.reason,
        "by": freeze.set_by.id,
        "by_name": freeze.set_by.name,
        "origin": str(freeze.origin),
        "via": str(freeze.set_by.door),
        "starts": epoch(freeze.starts_at),
        "until": epoch(freeze.ends_at),
        "cause": freeze.cause,
        "thaw": thaw_words(catalog, freeze),
        "expected": None,
        "suspect": None,
        "effect": str(freeze.effect),
        "monitored": freeze.monitored,
        "services": services_of(catalog, freeze.scope),
        "approvals": [vote_facts(vote) for vote in approvals if vote.choice is Choice.APPROVE],
    }


def announce_freeze(
    books: Books,
    catalog: Catalog,
    ops: str,
    freeze: Freeze,
    approvals: Sequence[Vote],
    now: datetime,
    under: str = "",
) -> None:
    """Tell every channel that the freeze concerns. `under`: the topic in whose thread it is told,
    where many were decided at once."""
    found = outlook(books, catalog, freeze, now)
    facts = freeze_facts(catalog, freeze, approvals)
    facts["expected"] = None if found is None else found.facts
    facts["suspect"] = undone_facts(books, catalog, freeze, now)
    for channel in channels_of(catalog, freeze.scope, ops):
        topic = f"freeze:{freeze.id}:{channel}"
        act = Act.REPLY if under else Act.POST
        said = Outgoing(topic, channel, under or topic, act, "frozen", facts)
        books.outbox.put(said, now)


def announce_request(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
    called: Collection[str] = (),
) -> None:
    """Post the request where its deciders listen. `called`: who has just been mentioned in another
    one, and is not told again."""
    template, facts = _said(books, catalog, request, votes, now)
    facts["ask"] = [one for one in facts["ask"] if one not in called]
    for topic, channel in places(catalog, ops, request):
        books.outbox.put(Outgoing(topic, channel, topic, Act.POST, template, facts), now)
    tell_the_rest(books, catalog, ops, request, now, ACTS[request.wish])
    if request.shortage:
        tell_operators(books, catalog, ops, [request], request.shortage, now)


def refresh_request(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    """Edit the request's message to say where it stands and who decided; who asked for an override
    is told what became of it."""
    facts = edit_request(books, catalog, ops, request, votes, now)
    if request.wish is not Wish.OVERRIDE or facts["state"] == "pending":
        return
    say_decided(books, request, facts["state"], facts["use_by"], now)
    if facts["state"] in _NEWS:
        _tell_requester(books, catalog, ops, request, facts, now)


def refresh_requests(
    books: Books, catalog: Catalog, ops: str, some: Sequence[Request], now: datetime
) -> None:
    """The same of many; a message that they share is put together once, for it says all of them."""
    for alike in by_message(some):
        last = alike[-1]
        refresh_request(books, catalog, ops, last, books.requests.votes(last.id), now)


_NEWS = ("approved", "used", "denied", "expired", "revoked", "superseded")
"""What became of an override by others, or by time."""


def edit_request(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> Facts:
    """Only edit its message, which may be that of many; what it says now."""
    if request.docket is not None:
        books.history.hold()  # what others of them have become meanwhile is seen
        template, facts = TEMPLATE, docket_facts(books, catalog, request.docket, now)
    else:
        template, facts = _said(books, catalog, request, votes, now)
    for topic, channel in places(catalog, ops, request):
        books.outbox.put(Outgoing(f"{topic}:edit", channel, topic, Act.EDIT, template, facts), now)
    return facts


def _tell_requester(
    books: Books, catalog: Catalog, ops: str, request: Request, facts: Facts, now: datetime
) -> None:
    """In the thread, with a mention: edits do not notify, and a release may wait for this. Once for
    each state."""
    for topic, channel in places(catalog, ops, request)[:1]:
        key = f"{topic}:{facts['state']}"
        reply = Outgoing(key, channel, topic, Act.REPLY, "override_news", facts)
        books.outbox.put(reply, now)


def _said(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> tuple[str, Facts]:
    """The template of a request's message, and its facts."""
    if request.wish is Wish.OVERRIDE:
        return "override", card(books, catalog, request, votes, now)
    if request.wish is Wish.ROLLBACK:
        return "rollback", rollback(catalog, request, votes, now)
    return "request", request_facts(books, catalog, request, votes, now)
