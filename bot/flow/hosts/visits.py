"""Visits to what waits at code hosts: claimed over all replicas, one at a time each, given back
with what came of it."""

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import BurnbanError, DeliveryError, LeaseLost, RateLimited, Refused, Undecidable
from bot.ports import Act, Books, Clock, Outgoing, Record
from bot.ports.hosts import Watch

log = logging.getLogger(__name__)

LEASE = 60.0
"""Seconds that somebody may have one in hand; some calls of a host's, each with a deadline."""
_SOON, _LATE = timedelta(seconds=15), timedelta(minutes=10)

Visit = Callable[[Watch], Watch | None]
"""Does what is to be done; the watch as it is to be kept, None when nothing is left to do."""


class Visits:
    """How every kind of watch is visited, whatever is done there."""

    def __init__(self, record: Record, clock: Clock, ops: str) -> None:
        self._record, self._clock, self._ops = record, clock, ops

    def pay(self, key: str, visit: Visit) -> bool:
        """One visit, if it is due and ours; whether it was made. What fails is tried again, later
        each time; what a host refuses is told to the operators, each fault once a day."""
        now = self._clock.now()
        watch = self._record.write(lambda books: books.watches.claim(key, now, LEASE))
        if watch is None:
            return False
        try:
            self._settle(watch, visit(watch))
        except LeaseLost:
            log.info("%s went to another replica, or was told anew", key)
        except RateLimited as error:
            self._wait(watch, error.retry_after)
        except (DeliveryError, Undecidable) as error:
            self._failed(watch, error)
        return True

    def about_to_answer(self, watch: Watch) -> None:
        """Whoever takes over must know that an answer may have gone out. Raises LeaseLost."""
        now = self._clock.now()
        self._record.write(lambda books: books.watches.mark_maybe(watch, now))

    def _settle(self, watch: Watch, kept: Watch | None) -> None:
        now = self._clock.now()

        def work(books: Books) -> None:
            if kept is None:
                books.watches.drop(watch)
            else:
                books.watches.keep(replace(kept, tries=0, maybe=False), now)

        self._record.write(work)

    def _wait(self, watch: Watch, seconds: float) -> None:
        """A host that asks for patience gets it from all replicas, for all that waits there."""
        now = self._clock.now()
        until = now + timedelta(seconds=seconds)
        log.info("%s asks for patience: nothing of it before %s", watch.host, until)

        def work(books: Books) -> None:
            # Nobody knows what an answer under way came to; this one certainly did not arrive.
            books.watches.keep(replace(watch, due_at=until), now)
            books.watches.pause(watch.host, until)

        self._try(work)

    def _failed(self, watch: Watch, error: BurnbanError) -> None:
        now = self._clock.now()
        pause = min(_LATE, _SOON * 2 ** min(watch.tries, 6))
        log.warning("%s: %s; it is tried again in %d s", watch.key, error, pause.seconds)
        maybe = watch.maybe or not isinstance(error, Refused | Undecidable)
        later = replace(watch, tries=watch.tries + 1, due_at=now + pause, maybe=maybe)

        def work(books: Books) -> None:
            books.watches.keep(later, now)
            if isinstance(error, Refused) and self._ops:
                books.outbox.put(self._notice(watch, error, now), now)

        self._try(work)

    def _try(self, work: Callable[[Books], None]) -> None:
        try:
            self._record.write(work)
        except LeaseLost as error:
            log.info("%s", error)

    def _notice(self, watch: Watch, error: Refused, now: datetime) -> Outgoing:
        key = f"host:{watch.host}:{error.code}:{now:%F}"
        facts = {
            "title": f"{watch.host} refuses what Burnban does there",
            "text": "What waits there goes on waiting until this is mended; it is tried again"
            " every few minutes. `burnban doctor` looks at keys and permissions.",
            "faults": [f"{watch.place}: {error}"],
        }
        return Outgoing(key, self._ops, key, Act.POST, "ops_notice", facts)
