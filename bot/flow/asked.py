"""Requests for a freeze that wait for their decision."""

from datetime import datetime

from bot.decide.approval import Wish
from bot.decide.catalog import Catalog
from bot.ports import Books


def freezes_asked(books: Books, catalog: Catalog, service: str, now: datetime) -> list[int]:
    """The numbers of those that would freeze this service, oldest first."""
    return [
        request.id
        for request in books.requests.pending(now)
        if request.wish is Wish.FREEZE and catalog.covers(request.scope, service)
    ]
