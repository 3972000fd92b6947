"""Which request of people brought a freeze about, and which freeze a request: the history knows."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from bot.decide.approval import Choice, Request, RequestState, Vote, Wish
from bot.decide.decision import Event, read_back
from bot.decide.freeze import Freeze, Origin
from bot.decide.scope import Scope
from bot.ports import Books, HistoryFilter

_RECENT = 200
"""Freezes of one scope that are looked through."""


def request_of(books: Books, freeze: Freeze) -> int | None:
    """The number of the request that was approved; None if nobody had to be asked."""
    pairs = _pairs(books, freeze.scope, freeze.starts_at)
    return next((request for number, request in pairs if number == freeze.id), None)


def set_by(books: Books, freeze: Freeze) -> list[Vote]:
    """The votes by which it was set, for its first message to go on saying so."""
    number = request_of(books, freeze)
    return [] if number is None else books.requests.votes(number)


def approved_by(books: Books, freezes: Iterable[Freeze]) -> dict[int, list[Vote]]:
    """Of many at once: the approvals by which each was set, by its number. Those about which nobody
    had to be asked are left out."""
    asked = {one.id: one for one in freezes if one.origin is not Origin.SCHEDULE}
    if not asked:
        return {}
    wanted = HistoryFilter(
        scopes=tuple({str(one.scope) for one in asked.values()}),
        events=(Event.FROZEN,),
        since=min(one.starts_at for one in asked.values()),
    )
    found = (read_back(link.body).evidence for link in books.history.walk(wanted))
    rows = (row for row in found if "freeze" in row and "request" in row)
    numbers = {int(row["freeze"]): int(row["request"]) for row in rows}
    requests = books.requests.several({numbers[one] for one in asked if one in numbers})
    votes = {one: requests[n][1] for one, n in numbers.items() if one in asked and n in requests}
    return {one: [v for v in cast if v.choice is Choice.APPROVE] for one, cast in votes.items()}


def freeze_of(books: Books, request: Request) -> Freeze | None:
    """The freeze that an approved request has set."""
    if request.wish is not Wish.FREEZE or request.closed is not RequestState.APPROVED:
        return None
    pairs = _pairs(books, request.scope, request.created_at)
    found = next((number for number, asked in pairs if asked == request.id), None)
    return None if found is None else books.freezes.get(found)


def _pairs(books: Books, scope: Scope, since: datetime) -> Iterator[tuple[int, int]]:
    """Freezes that were asked for, each with its request, the newest first."""
    events = (Event.FROZEN,)
    wanted = HistoryFilter(scopes=(str(scope),), events=events, since=since, limit=_RECENT)
    for chained in books.history.find(wanted):
        evidence = chained.decision.evidence
        if "freeze" in evidence and "request" in evidence:
            yield int(evidence["freeze"]), int(evidence["request"])
