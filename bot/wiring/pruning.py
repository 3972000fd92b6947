"""`burnban history prune`: nothing leaves the database before it is proven, exported and sealed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

from bot import record
from bot.decide.people import Actor
from bot.decide.proof import Place
from bot.decide.seal import Seal
from bot.errors import UserError
from bot.flow.history.prove import examine
from bot.flow.history.prune import Prune
from bot.ports import Seals
from bot.wiring.core import Core
from bot.wiring.exporting import to_file


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to move out: from where to where."""

    first: int
    last: Place
    before: datetime


@dataclass(frozen=True)
class Pruning:
    """One pruning, step by step. `anchors`: those that the history is compared with before."""

    core: Core
    seals: Seals
    anchors: Sequence[Seal]

    @property
    def _flow(self) -> Prune:
        return Prune(self.core.record, self.core.clock, self.seals)

    def plan(self, before: datetime) -> Plan | None:
        """What would move out; None if nothing would. What an earlier pruning left is finished.
        Raises UserError for whoever may not, and for a history that is not sound."""
        self._demand_owner()
        self._flow.drop()
        found = examine(self.core.record, self.seals, self.anchors)
        if found.problem:
            sentence = f"The history is not as it was written: {found.problem}. Nothing moves out."
            raise UserError(sentence, "burnban history verify")
        end = self._flow.end(before)
        return None if end is None else Plan(found.proof.base[0] + 1, end, before)

    def run(self, plan: Plan, out: Path, actor: Actor) -> int:
        """Export, seal, delete; how many went. Raises UserError, RecordError."""
        filters = {"until": plan.before.isoformat()}
        sending = partial(self._flow.send, plan.last)
        gone, shelf = to_file(out, "jsonl", sending, filters, self.seals, self.core.clock)
        self._flow.seal(gone, shelf, actor)
        return self._flow.drop()

    def _demand_owner(self) -> None:
        """On PostgreSQL the role that Burnban runs as can only add to the history."""
        url = self.core.settings.database_url.get_secret_value()
        who, excess = record.overpowered(url)
        if who and not excess:
            sentence = f"{who} may only add to the history; the owner of the tables prunes."
            raise UserError(sentence, "DATABASE_URL=postgresql://owner@… burnban history prune …")
