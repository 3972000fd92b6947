"""The next row of the outbox: oldest first, one worker a lane at a time.

A claim locks the lane first and looks at its rows after that: what another replica has claimed
on this lane meanwhile is then to be seen. Lanes that others are busy with are skipped.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, literal, or_, update
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from bot.ports.outbox import EDITS, Act, Claim
from bot.record import outbox_replies
from bot.record.dialect import Dialect
from bot.record.leases import free
from bot.record.outbox_rows import State, claim_of, head
from bot.record.statements import change, first, numbered, pick
from bot.record.tables import LaneRow, MessageRow, TopicRow

PACE = timedelta(seconds=1)
"""Slack takes about one message a second and channel …"""
PACE_OF: Mapping[str, timedelta] = {EDITS: timedelta(seconds=1.2)}
"""… and fifty edits a minute and workspace (tier 3)."""
STILL = timedelta(seconds=10)
"""A patient edit waits until its head has stood unchanged for so long."""
_EVER = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def claim(
    session: Session, dialect: Dialect, now: datetime, lease: float, worker: str
) -> Claim | None:
    """The next row that is due, of a lane that is open now."""
    _know_lanes(session, dialect)
    tried: list[str] = []
    while (lane := _lane(session, now, tried)) is not None:
        found = _claim_in(session, lane, now, lease, worker)
        if found is not None:
            return found
        tried.append(lane)
    return None


def _know_lanes(session: Session, dialect: Dialect) -> None:
    """A row for each lane that has none; here and not at `put`, where transactions that write
    to several new channels could wait for each other."""
    known = pick(LaneRow.name).where(col(LaneRow.name) == col(MessageRow.lane))
    fresh = (
        pick(MessageRow.lane, literal(_EVER, type_=LaneRow.__table__.c.next_at.type))  # type: ignore[attr-defined] # a table class has its table
        .where(_UNSENT(MessageRow), ~known.exists())
        .distinct()
        .order_by(MessageRow.lane)
    )
    row = dialect.insert(LaneRow).from_select(["name", "next_at"], fresh)
    change(session, row.on_conflict_do_nothing())


def _lane(session: Session, now: datetime, tried: list[str]) -> str | None:
    """Lock the lane of the next eligible row: edits only when no post may go."""
    wanted = (
        pick(LaneRow.name)
        .join(MessageRow, col(MessageRow.lane) == col(LaneRow.name))
        .where(col(LaneRow.next_at) <= now, col(LaneRow.name).not_in(tried), _eligible(now))
        .order_by(col(LaneRow.name) == EDITS, col(MessageRow.id))
        .limit(1)
        .with_for_update(of=LaneRow, skip_locked=True)
    )
    return session.connection().execute(wanted).scalar()


def _claim_in(
    session: Session, lane: str, now: datetime, lease: float, worker: str
) -> Claim | None:
    while True:
        wanted = (
            select(MessageRow)
            .where(col(MessageRow.lane) == lane, _eligible(now))
            .order_by(col(MessageRow.patient), col(MessageRow.id))
            .with_for_update(skip_locked=True)
        )
        row = first(session, wanted)
        if row is None:
            return None
        standing = _standing(session, row)
        if _became_another(session, row, standing[0], now):
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
        paced = update(LaneRow).where(col(LaneRow.name) == lane)
        change(session, paced.values(next_at=now + PACE_OF.get(lane, PACE)))
        return claim_of(row, standing)


def _standing(session: Session, row: MessageRow) -> tuple[tuple[str, str] | None, str]:
    """What it is to change or to stand under, and its digest. A reply has none before its first
    correction."""
    known, digest = head(session, row.topic)
    if known is None and row.act == Act.EDIT and row.broadcast:
        known = outbox_replies.stands(session, row.topic)
    return known, digest


def _became_another(
    session: Session, row: MessageRow, known: tuple[str, str] | None, now: datetime
) -> bool:
    """True if the row was changed instead of claimed: look again."""
    if row.act == Act.EDIT:
        if _edit_of(session, row, col(MessageRow.id) > numbered(row.id)) is not None:
            _set(session, row, state=State.DROPPED, why="a newer edit follows")
            return True
        if known is None and row.broadcast:
            _await(session, row, now)
        elif known is None:
            _become_head(session, row)
        return known is None
    if row.act != Act.POST or row.parked_at is None or row.maybe:
        return False
    newer = _edit_of(session, row, col(MessageRow.claim_until).is_(None))
    if newer is None:
        return False
    _set(session, newer, state=State.DROPPED, why="the parked head says it")
    said = {"template": newer.template, "facts": newer.facts}
    _set(session, row, **said, channel=newer.channel, lane=newer.channel)
    return True


def _edit_of(session: Session, row: MessageRow, which: ColumnElement[bool]) -> MessageRow | None:
    """The newest unsent edit of the same topic."""
    wanted = select(MessageRow).where(
        col(MessageRow.topic) == row.topic,
        _UNSENT(MessageRow),
        col(MessageRow.act) == str(Act.EDIT),
        which,
    )
    newest = wanted.order_by(col(MessageRow.id).desc())
    return first(session, newest.with_for_update(skip_locked=True))


def _await(session: Session, row: MessageRow, now: datetime) -> None:
    """What corrects a reply follows it, and falls with it."""
    if outbox_replies.coming(session, row.topic):
        _set(session, row, available_at=now + outbox_replies.WAIT)
    else:
        _set(session, row, state=State.DROPPED, why="the reply does not stand")


def _become_head(session: Session, row: MessageRow) -> None:
    """What was to change the head is to be it: it died before it stood, or somebody deleted it."""
    post = {"act": str(Act.POST), "lane": row.channel, "patient": False}
    _set(session, row, **post, key=f"{row.key}:{row.id}")


def _set(session: Session, row: MessageRow, **columns: Any) -> None:
    change(session, update(MessageRow).where(col(MessageRow.id) == row.id).values(columns))


def _UNSENT(row: Any) -> ColumnElement[bool]:  # noqa: N802
    unsent: ColumnElement[bool] = col(row.state) == literal(State.NEW, literal_execute=True)
    return unsent


def _eligible(now: datetime) -> ColumnElement[bool]:
    """Due, in nobody's hands and no other of its lane either, its head not under way; a patient
    edit besides only once its head has been still for a while."""
    other, post = aliased(MessageRow), aliased(MessageRow)
    in_hands = pick(other.id).where(
        col(other.lane) == col(MessageRow.lane),
        _UNSENT(other),
        ~free(col(other.claim_until), col(other.claimed_at), now),
    )
    head_under_way = pick(post.id).where(
        col(post.topic) == col(MessageRow.topic), _UNSENT(post), col(post.act) == str(Act.POST)
    )
    # A change from the future was noted before the clock jumped back.
    moving = pick(TopicRow.topic).where(
        col(TopicRow.topic) == col(MessageRow.topic),
        col(TopicRow.changed_at) > now - STILL,
        col(TopicRow.changed_at) <= now + STILL,
    )
    return and_(
        _UNSENT(MessageRow),
        col(MessageRow.available_at) <= now,
        ~in_hands.exists(),
        or_(col(MessageRow.act) == str(Act.POST), ~head_under_way.exists()),
        or_(~col(MessageRow.patient), ~moving.exists()),
    )
