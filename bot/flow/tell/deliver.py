"""Deliver one message from the outbox: at least once, and never twice as far as Slack lets us.

The steps are those of any transactional outbox with reconciliation: claim with a lease, look in
the channel if an earlier attempt ended without an answer, store the intent, post, store the
outcome. A crash between any two of them is repaired by whoever claims the row next.
"""

import hashlib
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from bot.errors import LeaseLost, RateLimited, Refused, Unclear
from bot.flow.tell import refusal
from bot.ports import Act, Books, Claim, Clock, Messenger, Record, Rendered, Renderer

log = logging.getLogger(__name__)

LEASE = 15.0
"""Seconds a worker may hold a row; three times the longest request to Slack."""


@dataclass(frozen=True)
class Deliver:
    """One worker's way of emptying the outbox."""

    record: Record
    clock: Clock
    renderer: Renderer
    messenger: Messenger
    worker: str
    ops_channel: str
    monotonic: Callable[[], float]
    lease: float = LEASE
    named: set[str] = field(default_factory=set)
    """Faults that the log has named already."""

    def run(self, most: int = 50) -> int:
        """Deliver what is due, `most` at a time; how many rows were handled."""
        for done in range(most):
            if not self.one():
                return done
        return most

    def until_empty(self, deadline: float = 60.0) -> int:
        """Deliver everything that is not parked, waiting for the channels' pace; gives up after
        `deadline` seconds."""
        began = self.monotonic()
        done = 0
        while self.monotonic() - began < deadline:
            done += self.run()
            if not self.record.read(lambda books: books.outbox.waiting()):
                break
            Event().wait(0.2)
        return done

    def one(self) -> bool:
        """Claim and handle one row; False if none was due."""
        began = self.monotonic()
        claim = self.record.write(
            lambda books: books.outbox.claim(self.clock.now(), self.lease, self.worker)
        )
        if claim is None:
            return False
        try:
            self._handle(claim, began)
        except LeaseLost:
            log.info("outbox row %s went to another worker", claim.id)
        return True

    def _handle(self, claim: Claim, began: float) -> None:
        try:
            message = self.renderer.message(claim.outgoing.template, claim.outgoing.facts)
            self._send(claim, message, began)
        except RateLimited as error:
            until = self.clock.now() + timedelta(seconds=error.retry_after)

            def wait(books: Books) -> None:
                books.outbox.pause(claim.outgoing.lane, until)
                books.outbox.postpone(claim, until, maybe=claim.maybe)

            self.record.write(wait)
        except Refused as error:
            self._refused(claim, error)
        except Unclear as error:
            log.warning("outbox row %s: %s; will look before trying again", claim.id, error)
            pause = timedelta(seconds=min(300, 2 ** min(claim.attempts, 8)))
            until = self.clock.now() + pause
            self.record.write(lambda books: books.outbox.postpone(claim, until, maybe=True))

    def _send(self, claim: Claim, message: Rendered, began: float) -> None:
        if claim.outgoing.act is Act.EDIT:
            self._edit(claim, message)
            return
        found = self._look(claim) if claim.maybe else []
        if not found:
            found = [self._post(claim, message, began)]
        channel, ts = found[0]
        self._store(claim, channel, ts, message)

    def _look(self, claim: Claim) -> list[tuple[str, str]]:
        """Our message of an earlier attempt, if it stands in the channel."""
        since = (claim.first_try or self.clock.now()) - timedelta(minutes=15)
        channel = claim.head[0] if claim.head else claim.outgoing.channel
        thread = claim.head[1] if claim.outgoing.act is Act.REPLY and claim.head else None
        return [
            (channel, ts) for ts in self.messenger.find(channel, claim.outgoing.key, since, thread)
        ]

    def _post(self, claim: Claim, message: Rendered, began: float) -> tuple[str, str]:
        self.record.write(lambda books: books.outbox.intend(claim, self.clock.now()))
        if self.monotonic() - began > self.lease / 2:
            raise Unclear("too little of the lease is left to post safely")
        outgoing = claim.outgoing
        replying = outgoing.act is Act.REPLY and claim.head is not None
        channel = claim.head[0] if replying and claim.head else outgoing.channel
        thread = claim.head[1] if replying and claim.head else None
        broadcast = outgoing.broadcast and thread is not None
        return self.messenger.post(channel, message, outgoing.key, thread, broadcast=broadcast)

    def _edit(self, claim: Claim, message: Rendered) -> None:
        if claim.head is None:
            self.record.write(lambda books: books.outbox.bury(claim, "nothing to edit"))
            return
        channel, ts = claim.head
        if digest(message) != claim.head_digest:
            self.messenger.edit(channel, ts, message)
        self._store(claim, channel, ts, message)

    def _store(self, claim: Claim, channel: str, ts: str, message: Rendered) -> None:
        now = self.clock.now()
        mark = digest(message)
        self.record.write(lambda books: books.outbox.sent(claim, channel, ts, mark, now))

    def _refused(self, claim: Claim, error: Refused) -> None:
        """Slack said no: what is at fault decides what becomes of the message."""
        now = self.clock.now()
        if error.code in refusal.GONE and claim.head is not None:
            self._gone(claim, error, now)
            return
        dead = refusal.own_fault(error) or refusal.expired(claim.parked_at, now)
        until = now + refusal.pause(claim.parked_at, now)
        why = f"{error.code} {error.detail}".strip()

        def work(books: Books) -> None:
            if dead:
                books.outbox.bury(claim, why)
            else:
                books.outbox.park(claim, now, until, why)
            for notice in refusal.notices(claim, error, self.ops_channel, now):
                books.outbox.put(notice, now)

        self._name(claim, error, now)
        self.record.write(work)

    def _gone(self, claim: Claim, error: Refused, now: datetime) -> None:
        """Somebody deleted the head, or it may no longer be edited: what is still to be said gets
        a new one. Mere figures are not worth that where a workspace has an edit window, nor is what
        corrects a reply: its story has gone on."""
        said = claim.outgoing
        reply = said.act is Act.EDIT and said.broadcast
        needless = reply or (error.code == "edit_window_closed" and said.patient)
        log.info("the head of %s: %s", claim.outgoing.topic, error.code)
        self.record.write(
            lambda books: (
                books.outbox.bury(claim, error.code)
                if needless
                else books.outbox.behead(claim, now)
            )
        )

    def _name(self, claim: Claim, error: Refused, now: datetime) -> None:
        """In the log, once a day for each place and fault."""
        own = f" ({claim.outgoing.template})" if refusal.own_fault(error) else ""
        where = refusal.place(claim, error) + own
        mark = f"{now:%F} {where} {error.code}"
        if mark not in self.named:
            self.named.add(mark)
            log.error("messages to %s: %s. %s", where, error, refusal.remedy(error.code))


def digest(message: Rendered) -> str:
    """What a message looks like, in 64 characters: equal ones need not be sent again."""
    body = json.dumps([message.text, list(message.blocks)], sort_keys=True, default=dict)
    return hashlib.sha256(body.encode()).hexdigest()
