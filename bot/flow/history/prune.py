"""Old decisions leave the database: only when somebody says so, only after they were exported, and
under a seal that lets the rest be proven. Nothing here is ever done by itself."""

from dataclasses import dataclass
from datetime import datetime

from bot.decide.decision import Decision, Event
from bot.decide.people import Actor
from bot.decide.proof import Place
from bot.decide.scope import EVERYTHING
from bot.decide.seal import Purpose, Seal
from bot.errors import RecordError
from bot.flow.history.export import Begin, Gone, Shelf, send
from bot.ports import Books, Clock, HistoryFilter, Record, Seals

PORTION = 2_000
"""Rows that are deleted in one transaction: others write between two of them."""


@dataclass(frozen=True)
class Prune:
    """The flow behind `burnban history prune`: first `send`, then `seal`, then `drop`."""

    record: Record
    clock: Clock
    seals: Seals

    def end(self, before: datetime) -> Place | None:
        """The last of the decisions that come before the first one made at or after an instant;
        None if there is none to move out."""
        return self.record.read(lambda books: _end(books, before))

    def send(self, end: Place, begin: Begin) -> Gone:
        """Hand over every row up to there, oldest first."""

        def work(books: Books) -> Gone:
            base = books.checkpoints.newest()
            wanted = HistoryFilter(after=base.seq if base else 0, before=end[0] + 1)
            return send(books, wanted, begin)

        return self.record.read(work)

    def seal(self, gone: Gone, shelf: Shelf, actor: Actor) -> Seal:
        """Say in the history, in one transaction with the checkpoint, what was moved out and where
        to. Raises RecordError if it is not what was sent."""

        def work(books: Books) -> Seal:
            books.history.hold()
            now = self.clock.now()
            last = books.history.find(HistoryFilter(before=gone.last[0] + 1, limit=1))
            if [(row.seq, row.hash) for row in last] != [gone.last]:
                raise RecordError("the history is not what was exported; nothing was moved out")
            seal = self.seals.seal(Purpose.CHECKPOINT, *gone.last, now)
            books.checkpoints.set(seal)
            evidence = {
                "last": seal.seq,
                "hash": seal.hash,
                "first": gone.first,
                "rows": gone.count,
                "file": shelf.file,
                "sha256": shelf.sha256,
                "key": seal.key,
                "signature": seal.signature,
                "sealed_at": seal.at.isoformat(),
            }
            reason = f"decisions {gone.first} to {seal.seq} were moved out into {shelf.file}"
            books.history.append(
                Decision(Event.HISTORY_PRUNED, now, actor, str(EVERYTHING), reason, evidence)
            )
            return seal

        return self.record.write(work)

    def drop(self) -> int:
        """Delete what the newest checkpoint covers, a portion at a time; how many went. May be done
        again after it broke off."""
        dropped = 0
        while portion := self.record.write(lambda books: books.checkpoints.drop(PORTION)):
            dropped += portion
        return dropped


def _end(books: Books, before: datetime) -> Place | None:
    base = books.checkpoints.newest()
    start = base.seq if base else 0
    later = books.history.find(HistoryFilter(since=before, after=start, limit=1))
    last = later[0].seq - 1 if later else books.history.head()[0]
    if last <= start:
        return None
    (found,) = books.history.find(HistoryFilter(before=last + 1, limit=1))
    return found.seq, found.hash
