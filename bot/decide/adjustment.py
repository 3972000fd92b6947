"""Budget adjustments: time that does not count against a budget, by decision of people."""

from dataclasses import dataclass
from datetime import datetime

from bot.decide.approval import Stretch


@dataclass(frozen=True, slots=True)
class Adjustment:
    """An approved adjustment: the stored facts. The ledger keeps what was counted; this only says
    what is not held against the budget."""

    id: int
    request: int
    stretch: Stretch
    reason: str
    approved_at: datetime
    reversed_at: datetime | None = None

    def holds(self, objective: str) -> bool:
        """Whether it takes anything out of the budget of this objective."""
        return self.reversed_at is None and objective in self.stretch.objectives
