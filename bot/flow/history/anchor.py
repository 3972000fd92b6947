"""The head of the history goes out of the database once an hour: to a channel, a file, a webhook.
Whoever cuts the tail off later cannot take that back."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.seal import Purpose, Seal, written
from bot.errors import DeliveryError
from bot.judge.dates import instant
from bot.ports import Act, Books, Clock, Outgoing, Outside, Record, Seals

log = logging.getLogger(__name__)

LEASE = 120.0
"""Seconds to leave an anchor in one place; whoever does not come back has failed."""
PATIENCE = timedelta(hours=2)
"""A place that fails for longer than this is told to the operators: it may mend itself before."""
CHANNEL = "channel"


@dataclass(frozen=True)
class LeaveAnchors:
    """The flow behind the hourly anchors. `places` by name; `channel` is one more, by way of the
    outbox."""

    record: Record
    clock: Clock
    seals: Seals
    channel: str
    places: Mapping[str, Outside]
    ops_channel: str

    def run(self) -> int:
        """How many anchors were left, by this replica."""
        now = self.clock.now().astimezone(UTC)
        turn = f"{now:%Y-%m-%dT%H}"
        due = self.record.read(lambda books: self._due(books, turn))
        return sum(self._leave(name, turn, now) for name in due)

    def _due(self, books: Books, turn: str) -> list[str]:
        """Where this hour's anchor is still to be left; without a history there is none."""
        names = [*([CHANNEL] if self.channel else []), *self.places]
        last = {name: books.chores.last(chore(name)) for name in names}
        due = [name for name, known in last.items() if known is None or known[0] < turn]
        return due if due and books.history.head()[0] else []

    def _leave(self, name: str, turn: str, now: datetime) -> int:
        if name == CHANNEL:
            seal = self.record.write(lambda books: self._posted(books, turn, now))
        else:
            seal = self._taken(name, turn, now)
        if seal is None:
            return 0
        newest = "history: decision %d is the newest, its hash is %s: anchored in the %s"
        log.info(newest, seal.seq, seal.hash, name)
        return 1

    def _taken(self, name: str, turn: str, now: datetime) -> Seal | None:
        seal = self.record.write(lambda books: self._claimed(books, name, turn, now))
        if seal is None:
            return None
        try:
            self.places[name].leave(written(seal))
        except DeliveryError as error:
            self._failed(name, error, now)
            return None
        self.record.write(lambda books: books.chores.done(chore(name), turn, now))
        return seal

    def _claimed(self, books: Books, name: str, turn: str, now: datetime) -> Seal | None:
        if not books.chores.claim(chore(name), turn, now, LEASE):
            return None
        return self.seals.seal(Purpose.ANCHOR, *books.history.head(), now)

    def _posted(self, books: Books, turn: str, now: datetime) -> Seal | None:
        """One message a day, the hours in its thread: they disturb nobody."""
        seal = self._claimed(books, CHANNEL, turn, now)
        if seal is None:
            return None
        books.chores.done(chore(CHANNEL), turn, now)
        facts = anchor_facts(seal)
        topic = f"anchor:{self.channel}:{now:%Y-%m-%d}"
        day = Outgoing(topic, self.channel, topic, Act.POST, "anchor", facts)
        if not books.outbox.put(day, now):
            key = f"anchor:{self.channel}:{turn}"
            hour = Outgoing(key, self.channel, topic, Act.REPLY, "anchor", facts)
            books.outbox.put(hour, now)
        return seal

    def _failed(self, name: str, error: DeliveryError, now: datetime) -> None:
        log.warning("the history could not be anchored in the %s: %s", name, error)
        self.record.write(lambda books: self._tell(books, name, error, now))

    def _tell(self, books: Books, name: str, error: DeliveryError, now: datetime) -> None:
        last = books.chores.last(chore(name))
        if not self.ops_channel or (last is not None and now - last[1] < PATIENCE):
            return
        since = f"since {instant(last[1])}" if last else "yet"
        facts = {
            "title": f"The history has not been anchored in the {name} {since}",
            "text": "Without anchors outside the database nobody notices that its tail was cut. It"
            " is tried again every few minutes; `burnban doctor` looks at it too.",
            "faults": [str(error)],
        }
        key = f"anchor:{name}:failed:{now:%Y-%m-%d}"
        told = Outgoing(key, self.ops_channel, key, Act.POST, "ops_notice", facts)
        books.outbox.put(told, now)


def anchor_facts(seal: Seal) -> dict[str, object]:
    """What the message `anchor` says."""
    return {
        "seq": seal.seq,
        "hash": seal.hash,
        "at": int(seal.at.timestamp()),
        "signed": bool(seal.signature),
        "line": written(seal),
    }


def chore(name: str) -> str:
    """What the hourly anchor of a place is called among the chores."""
    return f"anchor {name}"
