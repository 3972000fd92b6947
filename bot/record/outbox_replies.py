"""Outbox rows of replies that the channel shows too: they are corrected like heads, by their key,
but never posted anew."""

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from bot.ports.outbox import Act, Outgoing
from bot.record.dialect import Dialect
from bot.record.outbox_rows import State, outgoing_of, put
from bot.record.statements import change, fetch, first
from bot.record.tables import MessageRow

WAIT = timedelta(seconds=2)
"""So long a correction waits, again and again, for a reply that is still on its way."""
_REPLY = text("messages.act = 'reply'")
"""As the partial index says it."""


def aloud(session: Session, topics: Collection[str]) -> list[Outgoing]:
    """Oldest first."""
    wanted = (
        select(MessageRow)
        .where(_REPLY, col(MessageRow.topic).in_(list(topics)), col(MessageRow.broadcast))
        .order_by(col(MessageRow.id))
    )
    return [outgoing_of(row) for row in fetch(session, wanted)]


def correct(
    session: Session, dialect: Dialect, reply: Outgoing, facts: Mapping[str, Any], now: datetime
) -> bool:
    """The row remembers what it says, so that nothing is said twice."""
    said = json.dumps(facts, allow_nan=False)
    if json.loads(said) == reply.facts:
        return False
    mine = (col(MessageRow.key) == reply.key, _REPLY)
    change(session, update(MessageRow).where(*mine).values(facts=said))
    key, channel, template = f"{reply.key}:edit", reply.channel, reply.template
    edit = Outgoing(key, channel, reply.key, Act.EDIT, template, facts, broadcast=True)
    return put(session, dialect, edit, now)


def stands(session: Session, key: str) -> tuple[str, str] | None:
    """Channel id and ts of a reply; None while it does not stand, or never will."""
    row = _row(session, key)
    return (row.sent_channel, row.ts) if row is not None and row.state == State.SENT else None


def coming(session: Session, key: str) -> bool:
    """Whether it is still on its way."""
    row = _row(session, key)
    return row is not None and row.state == State.NEW


def _row(session: Session, key: str) -> MessageRow | None:
    return first(session, select(MessageRow).where(col(MessageRow.key) == key, _REPLY))
