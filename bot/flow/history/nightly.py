"""The history is verified every night, by one replica; a failure is told to the operators."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from bot.decide.seal import Seal
from bot.errors import UserError
from bot.flow.history.prove import Examined, examine
from bot.ports import Act, Books, Clock, Outgoing, Record, Seals

log = logging.getLogger(__name__)

HOUR = 3
"""Of the night, UTC."""
LEASE = 1_800.0
"""Seconds after which a verification that nobody finished falls to another replica."""
_CHORE = "verify history"


@dataclass(frozen=True)
class VerifyNightly:
    """The flow behind the nightly look. `anchors`: what was left outside, as far as it can be read
    from here."""

    record: Record
    clock: Clock
    seals: Seals
    anchors: Callable[[], Sequence[Seal]]
    ops_channel: str

    def run(self) -> bool | None:
        """Whether the history is sound; None if it is not for us to look now."""
        now = self.clock.now().astimezone(UTC)
        turn = f"{now - timedelta(hours=HOUR):%Y-%m-%d}"
        last = self.record.read(lambda books: books.chores.last(_CHORE))
        if last is not None and last[0] >= turn:
            return None
        if not self.record.write(lambda books: books.chores.claim(_CHORE, turn, now, LEASE)):
            return None
        problem, facts = self._look()
        if problem:
            log.error("history: %s", problem)
        self.record.write(lambda books: self._conclude(books, turn, problem, facts, now))
        return not problem

    def _look(self) -> tuple[str, dict[str, object]]:
        try:
            anchors, unread = self.anchors(), ""
        except UserError as error:
            anchors, unread = (), error.sentence.rstrip(".")
        found = examine(self.record, self.seals, anchors)
        if not (problem := found.problem or unread):
            seq, mark = found.proof.newest
            log.info("history: sound; decision %d is the newest, its hash is %s", seq, mark)
        return problem, _facts(found, problem)

    def _conclude(
        self, books: Books, turn: str, problem: str, facts: dict[str, object], now: datetime
    ) -> None:
        books.chores.done(_CHORE, turn, now)
        if problem and self.ops_channel:
            key = f"history broken:{turn}"
            told = Outgoing(key, self.ops_channel, key, Act.POST, "history_broken", facts)
            books.outbox.put(told, now)


def _facts(found: Examined, problem: str) -> dict[str, object]:
    broken = found.proof.broken
    return {
        "problem": problem,
        "rows": found.proof.rows,
        "bad": broken.seq if broken else None,
        "flaw": str(broken.flaw) if broken else "",
        "newest": found.proof.newest[0],
    }
