"""The outbox in memory."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.errors import LeaseLost
from bot.ports import Act, Claim, Delivered, Outgoing
from tests.fake_record_state import State

SLACK = timedelta(seconds=60)
STILL = timedelta(seconds=10)


@dataclass(frozen=True, slots=True)
class Row:
    """A message with what became of it."""

    id: int
    outgoing: Outgoing
    created_at: datetime
    available_at: datetime
    state: str = "new"
    attempts: int = 0
    tries: int = 0
    maybe: bool = False
    token: int = 0
    first_try: datetime | None = None
    claimed_at: datetime | None = None
    claim_until: datetime | None = None
    parked_at: datetime | None = None
    sent_at: datetime | None = None
    sent: tuple[str, str] = ("", "")
    thread: str = ""
    why: str = ""

    def free(self, now: datetime) -> bool:
        """In nobody's hands."""
        if self.claim_until is None or self.claim_until <= now:
            return True
        return self.claimed_at is not None and self.claimed_at > now + SLACK


class MemoryOutbox:
    """Satisfies Outbox."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._rows: dict[int, Row] = state.messages

    def put(self, outgoing: Outgoing, now: datetime) -> bool:
        """Facts go through JSON, as in a database."""
        self._state.write()
        outgoing = replace(outgoing, facts=json.loads(json.dumps(outgoing.facts, allow_nan=False)))
        if outgoing.act is Act.EDIT:
            edits = [r for r in self._unsent() if _edits(r, outgoing.topic)]
            waiting = [r for r in edits if r.claim_until is None]
            for row in waiting:
                patient = row.outgoing.patient and outgoing.patient
                merged = replace(outgoing, key=row.outgoing.key, patient=patient)
                self._set(
                    row, outgoing=merged, available_at=row.available_at if row.parked_at else now
                )
            if waiting:
                return True
        elif any(r.outgoing.key == outgoing.key for r in self._rows.values() if not _edit(r)):
            return False
        number = max(self._rows, default=0) + 1
        self._rows[number] = Row(number, outgoing, now, now)
        return True

    def put_all(self, outgoing: Sequence[Outgoing], now: datetime) -> None:
        """One after the other."""
        for one in outgoing:
            self.put(one, now)

    def topics(self, keys: Collection[str]) -> dict[str, str]:
        """Of those that are there."""
        every = (row.outgoing for row in self._rows.values())
        return {one.key: one.topic for one in every if one.key in keys}

    def heads(self, topics: Collection[str]) -> dict[str, Outgoing]:
        """Posts by their own key."""
        posts = (r.outgoing for r in self._rows.values() if r.outgoing.act is Act.POST)
        return {one.topic: one for one in posts if one.key == one.topic and one.key in topics}

    def aloud(self, topics: Collection[str]) -> list[Outgoing]:
        """Replies that are broadcast."""
        replies = (r.outgoing for r in self._rows.values() if r.outgoing.act is Act.REPLY)
        return [one for one in replies if one.broadcast and one.topic in topics]

    def correct(self, reply: Outgoing, facts: Mapping[str, Any], now: datetime) -> bool:
        """The row remembers it."""
        plain = json.loads(json.dumps(facts, allow_nan=False))
        if plain == reply.facts:
            return False
        row = self._reply(reply.key)
        if row is not None:
            self._set(row, outgoing=replace(row.outgoing, facts=plain))
        edit = replace(reply, key=f"{reply.key}:edit", topic=reply.key, act=Act.EDIT, facts=plain)
        return self.put(edit, now)

    def _reply(self, key: str) -> Row | None:
        every = (r for r in self._rows.values() if r.outgoing.act is Act.REPLY)
        return next((r for r in every if r.outgoing.key == key), None)

    def _standing(self, row: Row) -> tuple[str, str, str] | None:
        head = self._state.heads.get(row.outgoing.topic)
        reply = self._reply(row.outgoing.topic) if _corrects(row) else None
        return (*reply.sent, "") if head is None and reply and reply.state == "sent" else head

    def claim(self, now: datetime, lease: float, worker: str) -> Claim | None:
        """Posts before edits, patient edits last, the oldest first."""
        self._state.write()
        for row in sorted(self._unsent(), key=lambda r: (_edit(r), r.outgoing.patient, r.id)):
            if not self._eligible(row, now):
                continue
            head = self._standing(row)
            if self._became_another(row, now):
                return self.claim(now, lease, worker)
            until = now + timedelta(seconds=lease)
            counts = {"token": row.token + 1, "attempts": row.attempts + 1}
            taken = self._set(row, claimed_at=now, claim_until=until, **counts)
            pace = timedelta(seconds=1.2 if _edit(row) else 1)
            self._state.lanes[row.outgoing.lane] = now + pace
            return _claim(taken, head)
        return None

    def intend(self, claim: Claim, now: datetime) -> None:
        """Edits never become a maybe."""
        row = self._mine(claim)
        maybe = not _edit(row)
        self._set(row, maybe=maybe, first_try=row.first_try or now, tries=row.tries + 1)

    def sent(self, claim: Claim, channel: str, ts: str, digest: str, now: datetime) -> None:
        """A post is its topic's head."""
        row = self._mine(claim)
        self._wake(claim.outgoing.channel, now)
        reply = claim.outgoing.act is Act.REPLY
        thread = claim.head[1] if claim.head and reply else ""
        self._set(row, state="sent", sent_at=now, sent=(channel, ts), thread=thread)
        if not reply:
            self._state.heads[claim.outgoing.topic] = (channel, ts, digest)
            self._state.changed[claim.outgoing.topic] = now

    def postpone(self, claim: Claim, until: datetime, *, maybe: bool) -> None:
        """Given back."""
        self._set(self._mine(claim), available_at=until, maybe=maybe, claim_until=None)

    def park(self, claim: Claim, now: datetime, until: datetime, why: str) -> None:
        """Given back, as refused."""
        row = self._mine(claim)
        back = {"available_at": until, "maybe": claim.maybe, "claim_until": None}
        tries = row.tries if claim.maybe else 0
        self._set(row, **back, parked_at=row.parked_at or now, why=why, tries=tries)

    def behead(self, claim: Claim, now: datetime) -> None:
        """No head any more."""
        self._set(self._mine(claim), available_at=now, maybe=False, claim_until=None)
        known = self._state.heads.get(claim.outgoing.topic)
        if known is not None and known[:2] == claim.head:
            self._state.heads.pop(claim.outgoing.topic)
            self._state.changed.pop(claim.outgoing.topic, None)

    def bury(self, claim: Claim, why: str) -> None:
        """Never."""
        self._set(self._mine(claim), state="dead", why=why)

    def pause(self, lane: str, until: datetime) -> None:
        """Not before then."""
        self._state.write()
        self._state.lanes[lane] = max(until, self._state.lanes.get(lane, until))

    def recent(self, since: datetime) -> list[Delivered]:
        """Tried more than once."""
        return [
            Delivered(row.id, row.outgoing.key, *row.sent, row.sent_at, row.thread)
            for row in self._rows.values()
            if row.tries > 1 and row.sent_at is not None and row.sent_at >= since and not _edit(row)
        ]

    def backlog(self, now: datetime) -> tuple[int, float]:
        """Unsent, and the oldest one's age."""
        ages = [(now - row.created_at).total_seconds() for row in self._unsent()]
        return len(ages), max(0.0, *ages) if ages else 0.0

    def waiting(self) -> int:
        """Unsent, neither it nor its head parked."""
        unsent = list(self._unsent())
        parked = {r.outgoing.topic for r in unsent if r.parked_at and r.outgoing.act is Act.POST}
        return sum(not r.parked_at and r.outgoing.topic not in parked for r in unsent)

    def forget(self, edits: datetime, others: datetime) -> int:
        """Edits go, others keep their key."""
        self._state.write()
        done = [row for row in self._rows.values() if row.state != "new"]
        old = [r for r in done if _edit(r) and r.created_at < edits and r.id < max(self._rows)]
        for row in old:
            del self._rows[row.id]
        said = [r for r in done if not _edit(r) and r.created_at < others and r.outgoing.facts]
        for row in said:
            self._set(row, outgoing=replace(row.outgoing, facts={}))
        return len(old) + len(said)

    def _wake(self, channel: str, now: datetime) -> None:
        for row in self._unsent():
            parked = row.parked_at is not None and row.outgoing.channel == channel
            if parked and row.claim_until is None:
                self._set(row, available_at=min(now, row.available_at))

    def _became_another(self, row: Row, now: datetime) -> bool:
        """Changed instead of claimed."""
        outgoing = row.outgoing
        edits = [r for r in self._unsent() if _edits(r, outgoing.topic)]
        newer = [r for r in edits if r.id > row.id]
        if _edit(row) and newer:
            self._set(row, state="dropped")
        elif _corrects(row) and self._standing(row) is None:
            reply = self._reply(outgoing.topic)
            if reply is not None and reply.state == "new":
                self._set(row, available_at=now + timedelta(seconds=2))
            else:
                self._set(row, state="dropped")
        elif _edit(row) and not _corrects(row) and outgoing.topic not in self._state.heads:
            key = f"{outgoing.key}:{row.id}"
            self._set(row, outgoing=replace(outgoing, key=key, act=Act.POST, patient=False))
        elif outgoing.act is Act.POST and row.parked_at and not row.maybe and newer:
            edit = newer[-1].outgoing
            self._set(newer[-1], state="dropped")
            said: dict[str, Any] = {
                "template": edit.template,
                "facts": edit.facts,
                "channel": edit.channel,
            }
            self._set(row, outgoing=replace(outgoing, **said))
        else:
            return False
        return True

    def _unsent(self) -> Iterator[Row]:
        return (row for row in list(self._rows.values()) if row.state == "new")

    def _eligible(self, row: Row, now: datetime) -> bool:
        lane, topic = row.outgoing.lane, row.outgoing.topic
        if row.available_at > now or self._state.lanes.get(lane, now) > now:
            return False
        if any(r.outgoing.lane == lane and not r.free(now) for r in self._unsent()):
            return False
        changed = self._state.changed.get(topic)
        if row.outgoing.patient and changed and abs(now - changed) < STILL:
            return False
        heads = (r for r in self._unsent() if r.outgoing.topic == topic)
        return row.outgoing.act is Act.POST or not any(r.outgoing.act is Act.POST for r in heads)

    def _mine(self, claim: Claim) -> Row:
        self._state.write()
        row = self._rows[claim.id]
        if row.token != claim.token or row.state != "new":
            raise LeaseLost(f"outbox row {claim.id} is in other hands now")
        return row

    def _set(self, row: Row, **changes: Any) -> Row:
        self._rows[row.id] = replace(row, **changes)
        return self._rows[row.id]


def _edit(row: Row) -> bool:
    return row.outgoing.act is Act.EDIT


def _corrects(row: Row) -> bool:
    return _edit(row) and row.outgoing.broadcast


def _edits(row: Row, topic: str) -> bool:
    return _edit(row) and row.outgoing.topic == topic


def _claim(row: Row, head: tuple[str, str, str] | None) -> Claim:
    known, digest = (head[:2], head[2]) if head else (None, "")
    return Claim(
        row.id,
        row.outgoing,
        row.attempts,
        row.maybe,
        row.token,
        row.first_try,
        known,
        digest,
        row.parked_at,
    )
