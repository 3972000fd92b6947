"""Requests that have lost their object."""

from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.ports import Books


def pointless(books: Books, request: Request, now: datetime) -> bool:
    """Whether it asks to lift freezes that are all over already."""
    if request.wish is not Wish.UNFREEZE:
        return False
    freezes = [books.freezes.get(number) for number in request.freezes]
    return all(freeze is None or not freeze.stops(now) for freeze in freezes)
