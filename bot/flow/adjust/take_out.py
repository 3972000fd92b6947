"""An approved adjustment: stored, recorded with both figures, told with what it changes."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.decide.adjustment import Adjustment
from bot.decide.approval import Choice, Request, Stretch, Vote
from bot.decide.catalog import Catalog
from bot.decide.decision import Decision, Event
from bot.flow.adjust.adjusted import (
    SHOWN,
    Figure,
    figure_row,
    figures,
    held_by,
    stretch_evidence,
    stretch_facts,
)
from bot.flow.ask.ballot import vote_facts
from bot.flow.facts import channels_of, scope_words
from bot.ports import Act, Books, Outgoing


def carry_out(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    votes: Sequence[Vote],
    evidence: Mapping[str, Any],
    now: datetime,
) -> None:
    """People have decided. `evidence`: the votes. Decisions of the past stay as they were: from now
    on verdicts leave the time out, or count it again, and what follows from that follows its usual
    way. An adjustment that somebody has reversed meanwhile is left alone."""
    stretch = request.stretch
    if stretch is None:
        return
    number = stretch.reverses
    more = (stretch,) if number is None else ()
    found = figures(books, catalog, stretch.objectives, now, more=more, less=number)
    if number is None:
        fresh = Adjustment(0, request.id, stretch, request.reason, now)
        number = books.adjustments.add(fresh).id
    elif not books.adjustments.reverse(number, now):
        return
    rows = [figure_row(figure) for figure in found]
    whole = {
        **evidence,
        "adjustment": number,
        **stretch_evidence(stretch),
        "figures": rows,
    }
    event = Event.BUDGET_ADJUSTED if stretch.reverses is None else Event.ADJUSTMENT_REVERSED
    version = catalog.policy_for(request.scope).version
    decider, scope = votes[-1].voter, str(request.scope)
    books.history.append(Decision(event, now, decider, scope, request.reason, whole, version))
    _tell(books, catalog, ops, request, stretch, number, found, votes, now)


def _tell(
    books: Books,
    catalog: Catalog,
    ops: str,
    request: Request,
    stretch: Stretch,
    number: int,
    found: Sequence[Figure],
    votes: Sequence[Vote],
    now: datetime,
) -> None:
    rows = [figure_row(figure) for figure in found]
    facts = {
        "adjustment": number,
        "request": request.id,
        "reversed": stretch.reverses is not None,
        "scope": scope_words(request.scope),
        "word": catalog.word(request.scope),
        "reason": request.reason,
        "by": request.requester.id,
        "by_name": request.requester.name,
        "approvals": [vote_facts(vote) for vote in votes if vote.choice is Choice.APPROVE],
        "rows": rows[:SHOWN],
        "more": max(0, len(rows) - SHOWN),
        "freezes": held_by(books, catalog, found, now),
        "ahead": stretch.end > now,
        "stretch": stretch_facts(stretch),
    }
    mark = "reversed" if stretch.reverses is not None else "told"
    for channel in channels_of(catalog, request.scope, ops):
        topic = f"adjustment:{number}:{mark}:{channel}"
        books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "adjusted", facts), now)
