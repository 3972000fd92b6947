"""Requests for a freeze that wait for their decision."""

from collections.abc import Iterable
from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.ports import Books


def freezes_asked(books: Books, catalog: Catalog, service: str, now: datetime) -> list[int]:
    """The numbers of those that would freeze this service, oldest first."""
    return freezes_among(books.requests.pending(now), catalog, service)


def freezes_among(requests: Iterable[Request], catalog: Catalog, service: str) -> list[int]:
    """The same among requests that wait."""
    return [
        request.id
        for request in requests
        if request.wish is Wish.FREEZE and catalog.covers(request.scope, service)
    ]
