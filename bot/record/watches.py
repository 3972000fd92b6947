"""What we look after at code hosts."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, update
from sqlmodel import Session, col, select

from bot.errors import LeaseLost
from bot.ports.hosts import Watch, WatchKind
from bot.record.dialect import Dialect
from bot.record.leases import free
from bot.record.statements import change, fetch, first
from bot.record.tables import WatchRow


class SqlWatches:
    """Satisfies bot.ports.hosts.Watches."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def put(self, watch: Watch, now: datetime) -> None:
        """In place of what is there."""
        row = self._dialect.insert(WatchRow).values(key=watch.key, token=0, **_columns(watch, now))
        fresh = {**_columns(watch, now), "token": col(WatchRow.token) + 1, "claim_until": None}
        change(self._session, row.on_conflict_do_update(index_elements=["key"], set_=fresh))

    def add(self, watch: Watch, now: datetime) -> bool:
        """False if there is one."""
        row = self._dialect.insert(WatchRow).values(key=watch.key, token=0, **_columns(watch, now))
        return change(self._session, row.on_conflict_do_nothing()) == 1

    def of(self, kind: WatchKind, host: str = "") -> list[Watch]:
        """By when they are due."""
        wanted = select(WatchRow).where(col(WatchRow.kind) == str(kind))
        if host:
            wanted = wanted.where(col(WatchRow.host) == host)
        rows = fetch(self._session, wanted.order_by(col(WatchRow.due_at), col(WatchRow.key)))
        return [_watch(row) for row in rows]

    def claim(self, key: str, now: datetime, lease: float) -> Watch | None:
        """One statement: of two who try at once, the second finds it taken."""
        left = free(col(WatchRow.claim_until), col(WatchRow.claimed_at), now)
        mine = update(WatchRow).where(col(WatchRow.key) == key, col(WatchRow.due_at) <= now, left)
        until = now + timedelta(seconds=lease)
        taken = {"token": col(WatchRow.token) + 1, "claimed_at": now, "claim_until": until}
        if change(self._session, mine.values(taken)) != 1:
            return None
        row = first(self._session, select(WatchRow).where(col(WatchRow.key) == key))
        return _watch(row) if row is not None else None

    def keep(self, watch: Watch, now: datetime) -> None:
        """Given back."""
        given = {**_columns(watch, now), "claimed_at": None, "claim_until": None}
        self._fenced(watch, update(WatchRow).values(given))

    def mark_maybe(self, watch: Watch, now: datetime) -> None:
        """About to send."""
        del now
        self._fenced(watch, update(WatchRow).values(maybe=True))

    def drop(self, watch: Watch) -> None:
        """Nothing is left to do."""
        self._fenced(watch, delete(WatchRow))

    def remove(self, key: str) -> bool:
        """False if it was not there."""
        return change(self._session, delete(WatchRow).where(col(WatchRow.key) == key)) == 1

    def pause(self, host: str, until: datetime) -> None:
        """Nothing of this host before then."""
        theirs = col(WatchRow.host) == host, col(WatchRow.due_at) < until
        change(self._session, update(WatchRow).where(*theirs).values(due_at=until))

    def _fenced(self, watch: Watch, statement: Any) -> None:
        mine = col(WatchRow.key) == watch.key, col(WatchRow.token) == watch.token
        if change(self._session, statement.where(*mine)) != 1:
            raise LeaseLost(f"{watch.key} is in other hands now")


def _columns(watch: Watch, now: datetime) -> dict[str, Any]:
    return {
        "kind": str(watch.kind),
        "host": watch.host,
        "place": watch.place,
        "facts": json.dumps(dict(watch.facts)),
        "mark": watch.mark,
        "reports": watch.reports,
        "tries": watch.tries,
        "maybe": watch.maybe,
        "told_at": watch.told_at,
        "due_at": watch.due_at or now,
    }


def _watch(row: WatchRow) -> Watch:
    found = Watch(row.key, WatchKind(row.kind), row.host, row.place, json.loads(row.facts))
    return replace(
        found,
        mark=row.mark,
        reports=row.reports,
        tries=row.tries,
        maybe=row.maybe,
        told_at=row.told_at,
        due_at=row.due_at,
        token=row.token,
    )
