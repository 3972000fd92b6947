"""Warnings say at once that nobody asks for a freeze any more: no poll may come that would."""

from dataclasses import replace
from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.flow.grounds import judge_now
from bot.flow.poll.bundle import Bundle, tell
from bot.flow.poll.case import Case, Told
from bot.ports import Books


def edit_warnings(
    books: Books, catalog: Catalog, ops: str, request: Request, now: datetime
) -> None:
    """Bring the open warnings about what a request for a freeze would have frozen up to date."""
    if request.wish is not Wish.FREEZE:
        return
    known = {one.id: one for one in catalog.objectives_in(request.scope)}
    episodes = books.episodes.currents(list(known))
    alone = [known[name] for name, one in episodes.items() if one.summary is None]
    for objective, verdict in judge_now(books, alone, now) if alone else ():
        told = Told(catalog, objective.source, ops, now)
        Case(books, told, objective, verdict, catalog.policy_of(objective)).edit()
    for summary in sorted({one.summary for one in episodes.values() if one.summary is not None}):
        tell(books, Told(catalog, "", ops, now), replace(Bundle.of(books, summary), patient=False))
