"""What /healthz says: whether polls succeed, and whether messages leave."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from bot.ports import Account, Books
from bot.wiring.core import Core

MISSED = 5
"""Polls without an answer, of every objective, after which a process says that it is not well."""
GRACE = 60.0
"""Seconds on top: slices are asked for a little after their end."""


def health(
    core: Core, moving: Callable[[], Mapping[str, Any]] = dict
) -> Callable[[], dict[str, Any]]:
    """What answers /healthz; `moving` adds to it. A `problem` among the facts makes it a 503.
    Raises RecordError without a database."""
    began = core.clock.now()

    def look() -> dict[str, Any]:
        now = core.clock.now()
        objectives = core.catalog().objectives

        def read(books: Books) -> tuple[tuple[int, float], dict[str, Account]]:
            return books.outbox.backlog(now), books.ledger.accounts([o.id for o in objectives])

        (unsent, age), accounts = core.record.read(read)
        known = {o.id: accounts[o.id].read_until for o in objectives if o.id in accounts}
        last = max((at for at in known.values() if at is not None), default=None)
        facts = {
            "last_poll": last,
            "unsent_messages": unsent,
            "oldest_unsent_seconds": round(age, 1),
            **moving(),
        }
        overdue = [_overdue(known.get(o.id), began, now) > MISSED * o.step for o in objectives]
        if overdue and all(overdue):
            facts["problem"] = f"no objective was measured in its last {MISSED} polls"
        return facts

    return look


def _overdue(read_until: int | None, began: datetime, now: datetime) -> float:
    """Seconds since the newest slice; who has just begun is given time."""
    since = max(read_until or 0, int(began.timestamp()))
    return now.timestamp() - since - GRACE
