"""What the message of a request says, but for that of an override or of a rollback."""

from collections.abc import Sequence
from datetime import datetime

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.override import over_since
from bot.flow.adjust.adjusted import stretch_facts
from bot.flow.ask.ballot import asked_facts
from bot.flow.facts import Facts, epoch, services_of
from bot.flow.freeze.origin import freeze_of
from bot.flow.freeze.row import freeze_rows
from bot.flow.freeze.thawing import thaw_words
from bot.flow.suspects import undone_facts
from bot.ports import Books, HistoryFilter

_PLAIN = (Wish.RESTORE, Wish.RETRAIN)
"""Their evidence is no budget's."""


def request_facts(
    books: Books,
    catalog: Catalog,
    request: Request,
    votes: Sequence[Vote],
    now: datetime,
) -> Facts:
    """The facts of `request`; edited as it is decided. `ask`: whom it mentions."""
    freeze = freeze_of(books, request)
    freezes = [f for i in request.freezes if (f := books.freezes.get(i)) is not None]
    return asked_facts(catalog, request, votes) | {
        "disputed": request.disputed,
        "state": str(request.state(now)),
        "asked": epoch(request.created_at),
        "until": epoch(request.until if freeze is None else freeze.ends_at),
        "lasts": request.lasts,
        "thaw": _thaw(catalog, request, now),
        "cause": request.cause,
        "services": services_of(catalog, request.scope),
        "freezes": freeze_rows(books, catalog, freezes),
        "evidence": None if request.wish in _PLAIN else dict(request.evidence) or None,
        "stretch": stretch_facts(request.stretch),
        "withdrawn": _withdrawn(books, request),
        "over": _over(freeze, now),
        "suspect": _suspect(books, catalog, request, now),
    }


def _suspect(books: Books, catalog: Catalog, request: Request, now: datetime) -> Facts | None:
    """Who is to blame and serves no more, once it is frozen."""
    if request.wish is not Wish.FREEZE or request.closed is not RequestState.APPROVED:
        return None
    return undone_facts(books, catalog, asked_freeze(request, now), now)


def _over(freeze: Freeze | None, now: datetime) -> int | None:
    """Since when the freeze that was set is over, if it is."""
    if freeze is None or not freeze.over(now):
        return None
    return epoch(over_since([freeze], now))


def asked_freeze(request: Request, now: datetime) -> Freeze:
    """The freeze that follows if the request is approved now; not stored."""
    return Freeze(
        0, request.scope, request.reason, request.origin, request.requester, now,
        ends_at=request.ends(now), cause=request.cause,
    )  # fmt: skip


def _thaw(catalog: Catalog, request: Request, now: datetime) -> str:
    """What ends by itself the freeze that is asked for: as it will be said of the freeze."""
    if request.wish is not Wish.FREEZE:
        return ""
    return thaw_words(catalog, asked_freeze(request, now))


def _withdrawn(books: Books, request: Request) -> str:
    """Why the policy took it back: that stands in the history only."""
    if request.closed is not RequestState.CANCELLED or request.origin is not Origin.POLICY:
        return ""
    wanted = HistoryFilter(
        scopes=(str(request.scope),), events=(Event.REQUEST_CANCELLED,), since=request.created_at
    )
    found = books.history.find(wanted)
    mine = (one.decision for one in found if one.decision.evidence.get("request") == request.id)
    return next((one.reason for one in mine), "")
