"""The sweeper: what was posted twice in spite of everything is taken back."""

import logging
from dataclasses import dataclass
from datetime import timedelta

from bot.errors import DeliveryError
from bot.ports import Clock, Messenger, Record

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(hours=1)


@dataclass(frozen=True)
class Sweep:
    """Looks again at messages whose posting took more than one attempt."""

    record: Record
    clock: Clock
    messenger: Messenger

    def run(self) -> int:
        """How many doubles were deleted."""
        since = self.clock.now() - LOOK_BACK
        gone = 0
        for one in self.record.read(lambda books: books.outbox.recent(since)):
            try:
                begun = one.at - timedelta(minutes=15)
                standing = self.messenger.find(one.channel, one.key, begun, one.thread or None)
                for ts in standing:
                    if ts != one.ts and one.ts in standing:
                        self.messenger.delete(one.channel, ts)
                        gone += 1
            except DeliveryError as error:
                log.warning("sweeping %s: %s", one.channel, error)
        return gone
