"""The next row of the outbox: oldest first, one worker a channel at a time.

A claim locks the channel first and looks at its rows after that: what another replica has claimed
in this channel meanwhile is then to be seen. Channels that others are busy with are skipped.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.ports.outbox import Act, Claim
from bot.record.dialect import Dialect
from bot.record.leases import free
from bot.record.outbox_rows import State, claim_of, head
from bot.record.statements import change, first, numbered, pick
from bot.record.tables import ChannelRow, MessageRow

PACE = timedelta(seconds=1)
"""Slack takes about one message a second and channel."""
_EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def claim(
    session: Session, dialect: Dialect, now: datetime, lease: float, worker: str
) -> Claim | None:
    """The oldest row that is due, of a channel that may be written to now."""
    _know_channels(session, dialect)
    tried: list[str] = []
    while (channel := _channel(session, now, tried)) is not None:
        found = _claim_in(session, channel, now, lease, worker)
        if found is not None:
            return found
        tried.append(channel)
    return None


def _know_channels(session: Session, dialect: Dialect) -> None:
    """A row for each channel that has none; here and not at `put`, where transactions that write
    to several new channels could wait for each other."""
    known = pick(ChannelRow.name).where(col(ChannelRow.name) == col(MessageRow.channel))
    fresh = (
        pick(MessageRow.channel, literal(_EVER, type_=ChannelRow.__table__.c.next_at.type))  # type: ignore[attr-defined] # a table class has its table
        .where(_UNSENT(MessageRow), ~known.exists())
        .distinct()
        .order_by(MessageRow.channel)
    )
    row = dialect.insert(ChannelRow).from_select(["name", "next_at"], fresh)
    change(session, row.on_conflict_do_nothing())


def _channel(session: Session, now: datetime, tried: list[str]) -> str | None:
    """Lock the channel of the oldest eligible row."""
    wanted = (
        pick(ChannelRow.name)
        .join(MessageRow, col(MessageRow.channel) == col(ChannelRow.name))
        .where(col(ChannelRow.next_at) <= now, col(ChannelRow.name).not_in(tried), _eligible(now))
        .order_by(col(MessageRow.id))
        .limit(1)
        .with_for_update(of=ChannelRow, skip_locked=True)
    )
    return session.connection().execute(wanted).scalar()


def _claim_in(
    session: Session, channel: str, now: datetime, lease: float, worker: str
) -> Claim | None:
    while True:
        wanted = (
            select(MessageRow)
            .where(col(MessageRow.channel) == channel, _eligible(now))
            .order_by(col(MessageRow.id))
            .with_for_update(skip_locked=True)
        )
        row = first(session, wanted)
        if row is None:
            return None
        standing = head(session, row.topic)
        if row.act == Act.EDIT and (why := _needless(session, row, standing[0])):
            _set(session, row, state=State.DROPPED, why=why)
            continue
        until = now + timedelta(seconds=lease)
        row.token, row.attempts = row.token + 1, row.attempts + 1
        _set(
            session,
            row,
            token=row.token,
            attempts=row.attempts,
            claimed_at=now,
            claim_until=until,
            worker=worker,
        )
        paced = update(ChannelRow).where(col(ChannelRow.name) == channel)
        change(session, paced.values(next_at=now + PACE))
        return claim_of(row, standing)


def _needless(session: Session, row: MessageRow, known: tuple[str, str] | None) -> str:
    """Why an edit need not be sent; empty if it must."""
    if known is None:
        return "its head never came to stand"
    newer = select(MessageRow).where(
        col(MessageRow.topic) == row.topic,
        _UNSENT(MessageRow),
        col(MessageRow.act) == str(Act.EDIT),
        col(MessageRow.id) > numbered(row.id),
    )
    return "a newer edit follows" if first(session, newer) else ""


def _set(session: Session, row: MessageRow, **columns: Any) -> None:
    change(session, update(MessageRow).where(col(MessageRow.id) == row.id).values(columns))


def _UNSENT(row: Any) -> ColumnElement[bool]:  # noqa: N802
    unsent: ColumnElement[bool] = col(row.state) == literal(State.NEW, literal_execute=True)
    return unsent


def _eligible(now: datetime) -> ColumnElement[bool]:
    """Due, in nobody's hands, no older row of the channel being sent, its head not under way."""
    older, post = aliased(MessageRow), aliased(MessageRow)
    in_hands = pick(older.id).where(
        col(older.channel) == col(MessageRow.channel),
        _UNSENT(older),
        col(older.id) < col(MessageRow.id),
        ~free(col(older.claim_until), col(older.claimed_at), now),
    )
    head_under_way = pick(post.id).where(
        col(post.topic) == col(MessageRow.topic), _UNSENT(post), col(post.act) == str(Act.POST)
    )
    return and_(
        _UNSENT(MessageRow),
        col(MessageRow.available_at) <= now,
        free(col(MessageRow.claim_until), col(MessageRow.claimed_at), now),
        ~in_hands.exists(),
        or_(col(MessageRow.act) == str(Act.POST), ~head_under_way.exists()),
    )
