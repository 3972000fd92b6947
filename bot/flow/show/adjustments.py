"""Which time was taken out of which budgets. Nothing is changed."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.decide.adjustment import Adjustment
from bot.decide.catalog import Catalog
from bot.flow.adjust.adjusted import stretch_facts
from bot.flow.facts import Facts, epoch, scope_words
from bot.ports import Books, Clock, Record

SHOWN = 15
"""Adjustments in one message."""
_ALL = 2**31 - 1
"""Each took somebody's approval: there are never too many to look through."""


@dataclass(frozen=True)
class ListAdjustments:
    """The flow behind /budget adjustments and the terminal's verb."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def rows(self, word: str = "all") -> list[Facts]:
        """Newest first: what `burnban adjustments --json` prints."""
        catalog, now = self.catalog(), self.clock.now()
        wanted = {o.id for o in catalog.objectives_in(catalog.scope(word))}
        everything = word.lower() == "all"

        def read(books: Books) -> list[Facts]:
            return [
                _row(books, one, now)
                for one in books.adjustments.newest(_ALL)
                if everything or wanted & set(one.stretch.objectives)
            ]

        return self.record.read(read)

    def listing(self, word: str = "all") -> Facts:
        """The facts of `adjustments`."""
        catalog = self.catalog()
        rows, scope = self.rows(word), catalog.scope(word)
        return {
            "rows": rows[:SHOWN],
            "hidden": max(0, len(rows) - SHOWN),
            "filter": catalog.word(scope),
            "about": scope_words(scope),
        }


def _row(books: Books, adjustment: Adjustment, now: datetime) -> Facts:
    asked = books.requests.get(adjustment.request)
    return {
        "id": adjustment.id,
        "request": adjustment.request,
        "scope": scope_words(asked.scope) if asked else "",
        "reason": adjustment.reason,
        "by": asked.requester.id if asked else "",
        "by_name": asked.requester.name if asked else "",
        "approved": epoch(adjustment.approved_at),
        "reversed": epoch(adjustment.reversed_at),
        "state": _state(adjustment, now),
        **(stretch_facts(adjustment.stretch) or {}),
    }


def _state(adjustment: Adjustment, now: datetime) -> str:
    """`ahead`, `running`, `out`, or `reversed`."""
    if adjustment.reversed_at is not None:
        return "reversed"
    if now < adjustment.stretch.start:
        return "ahead"
    return "running" if now < adjustment.stretch.end else "out"
