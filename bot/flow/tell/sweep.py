"""The sweeper: what was posted twice in spite of everything is taken back, and what was delivered
long ago is forgotten."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import DeliveryError, RateLimited
from bot.ports import Clock, Delivered, Messenger, Record

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(hours=1)
EDITS_KEPT = timedelta(hours=1)
KEPT = timedelta(days=30)
"""What other messages said; their keys are kept for good."""


@dataclass(frozen=True)
class Sweep:
    """Looks again at messages whose posting took more than one attempt."""

    record: Record
    clock: Clock
    messenger: Messenger

    def run(self) -> int:
        """How many doubles were deleted."""
        now = self.clock.now()
        self.record.write(lambda books: books.outbox.forget(now - EDITS_KEPT, now - KEPT))
        silent: set[str] = set()
        gone = 0
        for one in self.record.read(lambda books: books.outbox.recent(now - LOOK_BACK)):
            if one.channel in silent:
                continue
            try:
                gone += self._single(one)
            except RateLimited as error:
                log.info("sweeping goes on later: %s", error)
                break
            except DeliveryError as error:
                silent.add(one.channel)
                log.warning("sweeping %s: %s", one.channel, error)
        return gone

    def _single(self, one: Delivered) -> int:
        begun = one.at - timedelta(minutes=15)
        standing = self.messenger.find(one.channel, one.key, begun, one.thread or None)
        doubles = [ts for ts in standing if ts != one.ts and one.ts in standing]
        for ts in doubles:
            self.messenger.delete(one.channel, ts)
        return len(doubles)
