"""Which overrides there are, and what is still to be reviewed. Nothing is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Request, Wish
from bot.decide.catalog import Catalog
from bot.decide.override import Review, over_since, override_state
from bot.flow.facts import Facts, epoch
from bot.flow.override.card import named, release_facts, released
from bot.ports import Books, Clock, Record

SHOWN = 15
"""In one message."""


@dataclass(frozen=True)
class ListOverrides:
    """The flow behind /override list and /override reviews."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def overrides(self, word: str = "all", limit: int = SHOWN) -> Facts:
        """The newest overrides of a scope, those that wait or can be used first. `more`: whether
        there are older ones."""
        catalog, now = self.catalog(), self.clock.now()
        scope = catalog.scope(word)
        scopes = [f"service:{name}" for name in catalog.services if catalog.covers(scope, name)]

        def look(books: Books) -> list[Facts]:
            found = books.requests.newest(Wish.OVERRIDE, scopes, limit + 1)
            return [_row(books, one, now) for one in found]

        found = self.record.read(look) if scopes else []
        rows = sorted(found[:limit], key=lambda row: row["state"] not in ("pending", "approved"))
        return {"rows": rows, "more": len(found) > limit, "filter": catalog.word(scope)}

    def reviews(self, limit: int | None = SHOWN) -> Facts:
        """What was let through in an emergency and nobody has reviewed; the one due first first."""
        now = self.clock.now()

        def look(books: Books) -> list[Facts]:
            return [row for one in books.reviews.open() if (row := _review(books, one, now))]

        rows = self.record.read(look)
        overdue = sum(row["overdue"] for row in rows)
        return {"rows": rows[:limit], "total": len(rows), "overdue": overdue, "filter": "all"}


def _row(books: Books, request: Request, now: datetime) -> Facts:
    grant = books.grants.of_request(request.id)
    state = override_state(request, grant, now, over_since(named(books, request), now))
    return {
        **release_facts(released(request)),
        "request": request.id,
        "state": str(state),
        "reason": request.reason,
        "requester": request.requester.id,
        "requester_name": request.requester.name,
        "asked": epoch(request.created_at),
        "expires": epoch(request.expires_at),
        "use_by": epoch(grant.use_by) if grant else None,
        "used_by": grant.used_by if grant else "",
        "emergency": grant is not None and grant.emergency,
        "exempt": grant is not None and not grant.emergency and not request.quorum.needs,
        "freezes": list(request.freezes),
    }


def _review(books: Books, review: Review, now: datetime) -> Facts | None:
    grant = books.grants.get(review.grant)
    request = books.requests.get(grant.request) if grant else None
    if request is None:
        return None
    return {
        **release_facts(released(request)),
        "request": request.id,
        "incident": request.incident,
        "reason": request.reason,
        "requester": request.requester.id,
        "requester_name": request.requester.name,
        "owner": review.owner,
        "opened": epoch(review.opened_at),
        "due": epoch(review.due_at),
        "overdue": review.overdue(now),
    }
