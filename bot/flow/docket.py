"""Requests of a storm that share one message: what it says of them."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from bot.decide.approval import Request, RequestState, Vote
from bot.decide.catalog import Catalog
from bot.flow.ask.ballot import ballot_facts
from bot.flow.facts import Facts, asked_in, epoch, shortlist
from bot.flow.mention import MOST
from bot.ports import Books

SHOWN = 15
"""Requests that the message names one by one, each with its own menu, if there are no more."""
FIRST = 5
"""Of more than those: nobody reads forty rows in a channel, and all are listed on demand."""
NAMED = 40
"""Others that it names."""
DONE = 5
"""Decided ones that it names."""
TEMPLATE = "requests"


def topic_of(docket: int) -> str:
    """The topic under which the message and its thread stand."""
    return f"requests:{docket}"


def topic_for(request: Request) -> str:
    """The topic of a request's message, which many may share."""
    return f"request:{request.id}" if request.docket is None else topic_of(request.docket)


def places(catalog: Catalog, ops: str, request: Request) -> list[tuple[str, str]]:
    """Topics and channels of a request's messages: one, but for everything."""
    first = topic_for(request)
    channels = asked_in(catalog, request.scope, ops)
    return [(f"{first}:{name}" if n else first, name) for n, name in enumerate(channels)]


def docket_facts(books: Books, catalog: Catalog, docket: int, now: datetime) -> Facts:
    """What the message says now. `upto`: the newest that whoever reads it
    has been told of; the buttons decide no later one."""
    members = books.requests.together(docket)
    waiting = [one for one in members if one.state(now) is RequestState.PENDING]
    done = [one for one in members if one.state(now) is not RequestState.PENDING]
    shown = waiting if len(waiting) <= SHOWN else waiting[:FIRST]
    rows = rows_of(books, catalog, shown, now)
    counts = Counter(str(one.state(now)) for one in members)
    asked = dict.fromkeys(who for row in rows for who in row["ask"])
    trouble = dict.fromkeys(row["escalation"] for row in rows if row["escalation"])
    return {
        "docket": docket,
        "upto": max(one.id for one in members),
        "state": "pending" if waiting else "closed",
        "service": shortlist([one.scope.name for one in waiting or members]),
        "total": len(members),
        "waiting": len(waiting),
        "counts": dict(counts),
        "rows": rows,
        "done": rows_of(books, catalog, done[-DONE:], now),
        "more": len(waiting) - len(shown),
        "others": [one.scope.name for one in waiting[len(shown) :][:NAMED]],
        "ask": list(asked)[:MOST],
        "escalation": list(trouble)[:2],
        "expires": epoch(min((one.expires_at for one in waiting), default=None)),
    }


def rows_of(books: Books, catalog: Catalog, some: Sequence[Request], now: datetime) -> list[Facts]:
    """Requests as the message names them, with their votes."""
    known = books.requests.several({one.id for one in some})
    return [_row(catalog, one, known[one.id][1], now) for one in some]


def _row(catalog: Catalog, request: Request, votes: Sequence[Vote], now: datetime) -> Facts:
    return ballot_facts(catalog, request, votes) | {
        "request": request.id,
        "service": request.scope.name,
        "reason": request.reason,
        "asked": epoch(request.created_at),
        "state": str(request.state(now)),
    }


def told_of(members: Sequence[Request], upto: int, now: datetime) -> list[Request]:
    """Those that wait, of which whoever clicked has been told."""
    return [one for one in members if one.id <= upto and one.state(now) is RequestState.PENDING]
