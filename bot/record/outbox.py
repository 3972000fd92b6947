"""Messages on their way: claimed with a lease, fenced by a token, paced by lane."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, update
from sqlmodel import Session, col

from bot.errors import LeaseLost
from bot.ports.outbox import Act, Claim, Delivered, Outgoing
from bot.record import outbox_claims, outbox_replies, outbox_rows
from bot.record.dialect import Dialect
from bot.record.outbox_rows import State
from bot.record.statements import change, pick
from bot.record.tables import LaneRow, MessageRow, TopicRow


class SqlOutbox:
    """Satisfies bot.ports.outbox.Outbox."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def put(self, outgoing: Outgoing, now: datetime) -> bool:
        """False if the key is there already; an EDIT in nobody's hands is replaced."""
        return outbox_rows.put(self._session, self._dialect, outgoing, now)

    def put_all(self, outgoing: Sequence[Outgoing], now: datetime) -> None:
        """Only edits that wait already take a statement of their own."""
        outbox_rows.put_all(self._session, self._dialect, outgoing, now)

    def topics(self, keys: Collection[str]) -> dict[str, str]:
        """See Outbox."""
        return outbox_rows.topics(self._session, keys)

    def heads(self, topics: Collection[str]) -> dict[str, Outgoing]:
        """See Outbox."""
        return outbox_rows.heads(self._session, topics)

    def aloud(self, topics: Collection[str]) -> list[Outgoing]:
        """See Outbox."""
        return outbox_replies.aloud(self._session, topics)

    def correct(self, reply: Outgoing, facts: Mapping[str, Any], now: datetime) -> bool:
        """See Outbox."""
        return outbox_replies.correct(self._session, self._dialect, reply, facts, now)

    def claim(self, now: datetime, lease: float, worker: str) -> Claim | None:
        """The oldest row that may go now."""
        return outbox_claims.claim(self._session, self._dialect, now, lease, worker)

    def intend(self, claim: Claim, now: datetime) -> None:
        """About to post. An edit may be repeated without harm: it never becomes a `maybe`."""
        first = func.coalesce(MessageRow.first_try, now)
        maybe = claim.outgoing.act is not Act.EDIT
        tries = col(MessageRow.tries) + 1
        self._fenced(claim, first_try=first, maybe=maybe, tries=tries)

    def sent(self, claim: Claim, channel: str, ts: str, digest: str, now: datetime) -> None:
        """It stands in the channel; a POST is its topic's head from now on."""
        thread = claim.head[1] if claim.head and claim.outgoing.act is Act.REPLY else ""
        outbox_rows.wake(self._session, claim.outgoing.channel, now)
        self._fenced(
            claim,
            state=State.SENT,
            sent_at=now,
            sent_channel=channel,
            ts=ts,
            thread=thread,
            claim_until=None,
        )
        if claim.outgoing.act is Act.REPLY:
            return
        head = {"channel": channel, "ts": ts, "digest": digest, "changed_at": now}
        row = self._dialect.insert(TopicRow).values(topic=claim.outgoing.topic, **head)
        change(self._session, row.on_conflict_do_update(index_elements=["topic"], set_=head))

    def postpone(self, claim: Claim, until: datetime, *, maybe: bool) -> None:
        """Given back; due again at `until`."""
        self._fenced(claim, available_at=until, maybe=maybe, claimed_at=None, claim_until=None)

    def park(self, claim: Claim, now: datetime, until: datetime, why: str) -> None:
        """Given back; due at `until`, or once another message has reached its channel."""
        self._fenced(
            claim,
            parked_at=func.coalesce(MessageRow.parked_at, now),
            available_at=until,
            why=why,
            maybe=claim.maybe,
            **({} if claim.maybe else {"tries": 0}),  # no attempt can have come to stand
            claimed_at=None,
            claim_until=None,
        )

    def behead(self, claim: Claim, now: datetime) -> None:
        """Its topic forgets the head, and it is due again."""
        self._fenced(claim, available_at=now, maybe=False, claimed_at=None, claim_until=None)
        known = (
            col(TopicRow.topic) == claim.outgoing.topic,
            col(TopicRow.ts) == (claim.head[1] if claim.head else ""),
        )
        change(self._session, delete(TopicRow).where(*known))

    def bury(self, claim: Claim, why: str) -> None:
        """It can never be delivered."""
        self._fenced(claim, state=State.DEAD, why=why, claim_until=None)

    def pause(self, lane: str, until: datetime) -> None:
        """Nothing on this lane before then."""
        row = self._dialect.insert(LaneRow).values(name=lane, next_at=until)
        later = col(LaneRow.next_at) < row.excluded.next_at
        change(
            self._session,
            row.on_conflict_do_update(
                index_elements=["name"], set_={"next_at": row.excluded.next_at}, where=later
            ),
        )

    def recent(self, since: datetime) -> list[Delivered]:
        """Posts and replies that somebody was about to send more than once, sent since then."""
        wanted = (
            pick(
                MessageRow.id,
                MessageRow.key,
                MessageRow.sent_channel,
                MessageRow.ts,
                MessageRow.sent_at,
                MessageRow.thread,
            )
            .where(
                col(MessageRow.tries) > 1,
                col(MessageRow.state) == State.SENT,
                col(MessageRow.sent_at) >= since,
                col(MessageRow.act) != str(Act.EDIT),
            )
            .order_by(col(MessageRow.id))
        )
        return [Delivered(*row) for row in self._session.connection().execute(wanted)]

    def backlog(self, now: datetime) -> tuple[int, float]:
        """Unsent rows, and the age of the oldest in seconds."""
        wanted = pick(func.count(), func.min(MessageRow.created_at)).where(outbox_rows.UNSENT)
        count, oldest = self._session.connection().execute(wanted).one()
        return count, max(0.0, (now - oldest).total_seconds()) if oldest else 0.0

    def waiting(self) -> int:
        """Unsent rows that are not parked, nor is their head."""
        return outbox_rows.waiting(self._session)

    def forget(self, edits: datetime, others: datetime) -> int:
        """Edits go, of others the key stays."""
        return outbox_rows.forget(self._session, edits, others)

    def _fenced(self, claim: Claim, **columns: Any) -> None:
        """Change the row if it is still the claimer's. Raises LeaseLost."""
        mine = (
            col(MessageRow.id) == claim.id,
            col(MessageRow.token) == claim.token,
            outbox_rows.UNSENT,
        )
        if change(self._session, update(MessageRow).where(*mine).values(columns)) != 1:
            raise LeaseLost(f"outbox row {claim.id} is in other hands now")
