"""Outbox rows: how they are put in and read."""

import json
from datetime import datetime
from enum import StrEnum

from sqlalchemy import text, update
from sqlmodel import Session, col, select

from bot.ports.outbox import Act, Claim, Outgoing
from bot.record.dialect import Dialect
from bot.record.statements import change, first, numbered
from bot.record.tables import MessageRow, TopicRow


class State(StrEnum):
    """Where a message stands."""

    NEW = "new"
    SENT = "sent"
    DEAD = "dead"
    """It can never be delivered."""
    DROPPED = "dropped"
    """It has become needless: an edit without a head, or older than another unsent one."""


UNSENT = text("messages.state = 'new'")
"""As the partial indexes say it."""


def put(session: Session, dialect: Dialect, outgoing: Outgoing, now: datetime) -> bool:
    """Store it. An unsent edit that somebody has in hands is left alone: a second row follows it,
    lest the old text arrive last. Its lease is not looked at, for `now` may be a replayed time."""
    facts = json.dumps(outgoing.facts, allow_nan=False)
    if outgoing.act is Act.EDIT:
        fresh = {
            "template": outgoing.template,
            "facts": facts,
            "available_at": now,
            **({} if outgoing.patient else {"patient": False}),
        }
        waiting = (
            col(MessageRow.topic) == outgoing.topic,
            UNSENT,
            col(MessageRow.act) == str(Act.EDIT),
            col(MessageRow.claim_until).is_(None),
        )
        if change(session, update(MessageRow).where(*waiting).values(**fresh)):
            return True
    row = dialect.insert(MessageRow).values(
        key=outgoing.key,
        channel=outgoing.channel,
        lane=outgoing.lane,
        topic=outgoing.topic,
        act=str(outgoing.act),
        template=outgoing.template,
        facts=facts,
        broadcast=outgoing.broadcast,
        patient=outgoing.patient,
        state=State.NEW,
        created_at=now,
        available_at=now,
        why="",
    )
    return change(session, row.on_conflict_do_nothing()) == 1


def head(session: Session, topic: str) -> tuple[tuple[str, str] | None, str]:
    """The topic's head as channel id and ts, and its digest."""
    row = first(session, select(TopicRow).where(col(TopicRow.topic) == topic))
    return ((row.channel, row.ts), row.digest) if row else (None, "")


def claim_of(row: MessageRow, standing: tuple[tuple[str, str] | None, str]) -> Claim:
    """The row for its worker."""
    outgoing = Outgoing(
        row.key,
        row.channel,
        row.topic,
        Act(row.act),
        row.template,
        json.loads(row.facts),
        row.broadcast,
        row.patient,
    )
    known, digest = standing
    return Claim(
        numbered(row.id),
        outgoing,
        row.attempts,
        row.maybe,
        row.token,
        row.first_try,
        known,
        digest,
    )
