"""All requests that wait behind one message, a page at a time: the message itself has room for the
first ones only."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.decide.approval import RequestState
from bot.decide.catalog import Catalog
from bot.errors import UserError
from bot.flow.docket import rows_of
from bot.flow.facts import Facts, shortlist
from bot.ports import Books, Clock, Record

PAGE = 15
"""Requests of a page, each with a menu: Slack takes 50 blocks, and 12,000 characters or so."""


@dataclass(frozen=True)
class ShowWaiting:
    """The flow behind "One by one"."""

    record: Record
    clock: Clock
    catalog: Callable[[], Catalog]

    def page(self, docket: int, after: int = 0, before: int | None = None) -> Facts:
        """What waits of a shared message: those that follow request `after`, or that come before
        request `before`. By number, not by place: whatever is decided meanwhile, none is skipped.
        Raises UserError if none waits any more."""
        return self.record.read(lambda books: self._page(books, docket, after, before))

    def _page(self, books: Books, docket: int, after: int, before: int | None) -> Facts:
        now = self.clock.now()
        members = books.requests.together(docket)
        waiting = [one for one in members if one.state(now) is RequestState.PENDING]
        if not waiting:
            raise UserError("None of them waits any more.", "/freeze list")
        ahead = [one for one in waiting if before is None or one.id < before]
        found = [one for one in ahead if one.id > after] if before is None else ahead[-PAGE:]
        some = found[:PAGE] or waiting[-PAGE:]
        place = waiting.index(some[0])
        return {
            "docket": docket,
            "service": shortlist([one.scope.name for one in some]),
            "waiting": len(waiting),
            "first": place + 1,
            "last": place + len(some),
            "rows": rows_of(books, self.catalog(), some, now),
            "previous": some[0].id if place else None,
            "next": some[-1].id if place + len(some) < len(waiting) else None,
        }
