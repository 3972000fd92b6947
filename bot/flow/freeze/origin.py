"""Which request of people brought a freeze about, and which freeze a request: the history knows."""

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.decision import Event
from bot.decide.freeze import Freeze
from bot.ports import Books, HistoryFilter

_RECENT = 200
"""Freezes of one scope that are looked through."""


def request_of(books: Books, freeze: Freeze) -> int | None:
    """The number of the request that was approved; None if nobody had to be asked."""
    wanted = HistoryFilter(
        scopes=(str(freeze.scope),),
        events=(Event.FROZEN,),
        since=freeze.starts_at,
        limit=_RECENT,
    )
    for chained in books.history.find(wanted):
        evidence = chained.decision.evidence
        if evidence.get("freeze") == freeze.id and "request" in evidence:
            return int(evidence["request"])
    return None


def set_by(books: Books, freeze: Freeze) -> list[Vote]:
    """The votes by which it was set, for its first message to go on saying so."""
    number = request_of(books, freeze)
    return [] if number is None else books.requests.votes(number)


def freeze_of(books: Books, request: Request) -> Freeze | None:
    """The freeze that an approved request has set."""
    if request.wish is not Wish.FREEZE or request.closed is not RequestState.APPROVED:
        return None
    wanted = HistoryFilter(
        scopes=(str(request.scope),),
        events=(Event.FROZEN,),
        since=request.created_at,
        limit=_RECENT,
    )
    for chained in books.history.find(wanted):
        evidence = chained.decision.evidence
        if evidence.get("request") == request.id and "freeze" in evidence:
            return books.freezes.get(int(evidence["freeze"]))
    return None
