"""What the flows around the history need: keys, a place outside that remembers, full histories."""

from dataclasses import dataclass, field
from datetime import datetime

from bot.decide.decision import Chained, Decision
from bot.decide.seal import Seal, read
from bot.errors import DeliveryError
from bot.ports import Books, Record
from bot.record.seals import KeyedSeals, new_key
from tests.record_samples import decision

OURS = KeyedSeals(new_key()[0])
THEIRS = KeyedSeals(new_key()[0])
UNKEYED = KeyedSeals()


@dataclass
class FakeOutside:
    """Satisfies Outside; `fault` makes it fail."""

    lines: list[str] = field(default_factory=list)
    fault: str = ""

    def leave(self, line: str) -> None:
        """Remembered, or refused."""
        if self.fault:
            raise DeliveryError(self.fault)
        self.lines.append(line)

    @property
    def anchors(self) -> list[Seal]:
        """What was left here."""
        return [read(line) for line in self.lines]


def fill(record: Record, *decisions: Decision) -> list[Chained]:
    """These decisions, in one transaction."""
    return record.write(lambda books: [books.history.append(one) for one in decisions])


def filled(record: Record, rows: int, since: float = 0) -> list[Chained]:
    """So many decisions, a second apart."""
    return fill(record, *(decision(at=since + n) for n in range(rows)))


def unsent(record: Record, now: datetime) -> list[tuple[str, str, str]]:
    """Channel, template and key of what waits in the outbox, as it would go out."""

    def work(books: Books) -> list[tuple[str, str, str]]:
        found = []
        while claim := books.outbox.claim(now, 60, "w"):
            out = claim.outgoing
            found.append((out.channel, out.template, out.key))
            books.outbox.sent(claim, out.channel, f"{len(found)}.0", "", now)
            books.outbox.pause(out.lane, now)
        return found

    return record.write(work)
