"""Outbox rows: how they are put in and read."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, case, delete, func, literal, text, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, UTCDateTime, col, select

from bot.ports.outbox import EDITS, Act, Claim, Outgoing
from bot.record.dialect import Dialect
from bot.record.statements import change, fetch, first, numbered, pick
from bot.record.tables import MessageRow, TopicRow


class State(StrEnum):
    """Where a message stands."""

    NEW = "new"
    SENT = "sent"
    DEAD = "dead"
    """It can never be delivered."""
    DROPPED = "dropped"
    """It has become needless: an edit for which another speaks."""


_NONE = "{}"
UNSENT = text("messages.state = 'new'")
"""As the partial indexes say it."""


_WAITING = (
    update(MessageRow)
    .where(
        col(MessageRow.topic) == bindparam("about"),
        UNSENT,
        col(MessageRow.act) == str(Act.EDIT),
        col(MessageRow.claim_until).is_(None),
    )
    .values(
        template=bindparam("template"),
        facts=bindparam("facts"),
        channel=bindparam("channel"),
        available_at=case(
            (col(MessageRow.parked_at).is_(None), bindparam("now", type_=UTCDateTime())),
            else_=MessageRow.available_at,
        ),
    )
)
_TOPICS = pick(MessageRow.topic).where(
    col(MessageRow.topic).in_(bindparam("topics", expanding=True)),
    UNSENT,
    col(MessageRow.act) == str(Act.EDIT),
    col(MessageRow.claim_until).is_(None),
)
_IMPATIENT = _WAITING.values(patient=False)
"""Made once: every vote puts messages."""


def put(session: Session, dialect: Dialect, outgoing: Outgoing, now: datetime) -> bool:
    """Store it. An unsent edit that somebody has in hands is left alone: a second row follows it,
    lest the old text arrive last. Its lease is not looked at, for `now` may be a replayed time."""
    said = _said(outgoing)
    if outgoing.act is Act.EDIT:
        waiting = _WAITING if outgoing.patient else _IMPATIENT
        if change(session, waiting, {**said, "about": outgoing.topic, "now": now}):
            return True
    return change(session, dialect.fresh(MessageRow), _new(outgoing, now)) == 1


def put_all(
    session: Session, dialect: Dialect, outgoing: Sequence[Outgoing], now: datetime
) -> None:
    """The same with many, one after the other."""
    edited = {one.topic for one in outgoing if one.act is Act.EDIT}
    waiting = set(session.connection().scalars(_TOPICS, {"topics": edited})) if edited else set()
    rows: list[dict[str, Any]] = []
    for one in outgoing:
        edit = one.act is Act.EDIT
        if edit and one.topic in waiting:
            _insert(session, dialect, rows)
            rows = []
            put(session, dialect, one, now)
        else:
            waiting |= {one.topic} if edit else set()
            rows.append(_new(one, now))
    _insert(session, dialect, rows)


def _insert(session: Session, dialect: Dialect, rows: list[dict[str, Any]]) -> None:
    if rows:
        session.connection().execute(dialect.fresh(MessageRow), rows)


def _said(outgoing: Outgoing) -> dict[str, Any]:
    facts = json.dumps(outgoing.facts, allow_nan=False)
    return {"template": outgoing.template, "facts": facts, "channel": outgoing.channel}


def _new(outgoing: Outgoing, now: datetime) -> dict[str, Any]:
    return {
        **_said(outgoing),
        "key": outgoing.key,
        "lane": outgoing.lane,
        "topic": outgoing.topic,
        "act": str(outgoing.act),
        "broadcast": outgoing.broadcast,
        "patient": outgoing.patient,
        "state": State.NEW,
        "created_at": now,
        "available_at": now,
        "why": "",
    }


def topics(session: Session, keys: Collection[str]) -> dict[str, str]:
    """By key."""
    wanted = pick(MessageRow.key, MessageRow.topic).where(col(MessageRow.key).in_(list(keys)))
    return {row.key: row.topic for row in session.connection().execute(wanted)}


def heads(session: Session, topics: Collection[str]) -> dict[str, Outgoing]:
    """Posts whose key is their topic."""
    wanted = select(MessageRow).where(
        col(MessageRow.key).in_(list(topics)), col(MessageRow.act) == str(Act.POST)
    )
    return {row.topic: outgoing_of(row) for row in fetch(session, wanted) if row.key == row.topic}


def head(session: Session, topic: str) -> tuple[tuple[str, str] | None, str]:
    """The topic's head as channel id and ts, and its digest."""
    row = first(session, select(TopicRow).where(col(TopicRow.topic) == topic))
    return ((row.channel, row.ts), row.digest) if row else (None, "")


def wake(session: Session, channel: str, now: datetime) -> None:
    """A message has reached the channel: what is parked for it may be tried again, the oldest
    first."""
    parked = (
        pick(MessageRow.id)
        .where(
            col(MessageRow.lane).in_((channel, EDITS)),
            col(MessageRow.channel) == channel,
            UNSENT,
            col(MessageRow.parked_at).is_not(None),
            col(MessageRow.available_at) > now,
            col(MessageRow.claim_until).is_(None),
        )
        .correlate(None)
        .with_for_update(skip_locked=True)  # who puts edits holds several rows, in its own order
    )
    mine = col(MessageRow.id).in_(parked)
    change(session, update(MessageRow).where(mine).values(available_at=now))


def waiting(session: Session) -> int:
    """Unsent rows that are not parked, nor is their head."""
    post = aliased(MessageRow)
    parked_head = pick(post.id).where(
        col(post.topic) == col(MessageRow.topic),
        col(post.state) == literal(State.NEW, literal_execute=True),
        col(post.act) == str(Act.POST),
        col(post.parked_at).is_not(None),
    )
    wanted = pick(func.count()).select_from(MessageRow)
    free = (UNSENT, col(MessageRow.parked_at).is_(None), ~parked_head.exists())
    return int(session.connection().execute(wanted.where(*free)).scalar_one())


def forget(session: Session, edits: datetime, others: datetime) -> int:
    """Delete finished edits, empty other finished rows. The newest row stays: SQLite would give
    its number to another row, and a late worker could take that for its own."""
    newest = pick(func.max(MessageRow.id)).scalar_subquery()
    finished, edit = col(MessageRow.state) != State.NEW, col(MessageRow.act) == str(Act.EDIT)
    old_edits = (finished, edit, col(MessageRow.created_at) < edits, col(MessageRow.id) < newest)
    gone = change(session, delete(MessageRow).where(*old_edits))
    told = (finished, ~edit, col(MessageRow.created_at) < others, col(MessageRow.facts) != _NONE)
    return gone + change(session, update(MessageRow).where(*told).values(facts=_NONE))


def claim_of(row: MessageRow, standing: tuple[tuple[str, str] | None, str]) -> Claim:
    """The row for its worker."""
    known, digest = standing
    return Claim(
        numbered(row.id),
        outgoing_of(row),
        row.attempts,
        row.maybe,
        row.token,
        row.first_try,
        known,
        digest,
        row.parked_at,
    )


def outgoing_of(row: MessageRow) -> Outgoing:
    """As it was put in."""
    return Outgoing(
        row.key,
        row.channel,
        row.topic,
        Act(row.act),
        row.template,
        json.loads(row.facts),
        row.broadcast,
        row.patient,
    )
