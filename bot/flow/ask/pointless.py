"""Requests that have lost their object."""

from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.edit import EDITS, still_serves
from bot.decide.freeze import Origin
from bot.flow.adjust.adjusted import reversed_already
from bot.flow.poll.unwatched import lost_causes
from bot.ports import Books

_PASSED = "The freezes that this names are over; if another one stops the release, ask anew."


def pointless(books: Books, catalog: Catalog, request: Request, now: datetime) -> str:
    """Why there is nothing left to decide, in a sentence; empty if there is. It asks to lift or to
    pass freezes that are all over already, or an edit that another one has overtaken; or, a request
    of ours, freezes that can thaw by themselves again."""
    if request.wish in EDITS:
        serves = any(still_serves(request, books.freezes.get(n), now) for n in request.freezes)
        return "" if serves else "The freeze is over, or was edited since; nothing changed."
    if request.stretch is not None:
        over = reversed_already(books, request.stretch)
        return "What this asks to put back was put back already; nothing changed." if over else ""
    if request.wish not in (Wish.UNFREEZE, Wish.OVERRIDE):
        return ""
    freezes = [books.freezes.get(number) for number in request.freezes]
    standing = [freeze for freeze in freezes if freeze is not None and not freeze.over(now)]
    if request.wish is Wish.OVERRIDE:
        return "" if standing else _PASSED
    if not standing:
        return "What this asks to lift is over already; nothing changed."
    ours = request.origin is Origin.POLICY
    if ours and not any(lost_causes(catalog, freeze) for freeze in standing):
        return "What caused the freeze is in the specs again: it thaws by itself; nothing changed."
    return ""
