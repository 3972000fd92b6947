"""What dates come to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.decide.schedule import Occurrence, Schedule


class Calendar(Protocol):
    """Recurrences, zones and public holidays, worked out."""

    def occurrences(
        self, schedule: Schedule, since: datetime, until: datetime
    ) -> Sequence[Occurrence]:
        """Those of a schedule that are not over at `since` and begin by `until`, in order, no two
        with the same start."""
        ...
