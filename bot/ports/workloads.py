"""Objects of clusters that are followed from release to release."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.decide.followed import Workload


class Workloads(Protocol):
    """What each of them may be found to run."""

    def find(self, keys: Sequence[str]) -> dict[str, Workload]:
        """Those that are there."""
        ...

    def put(self, workload: Workload) -> None:
        """In place of what was known under its key."""
        ...

    def forget(self, before: datetime) -> int:
        """Delete those that nothing was heard of since then; how many went."""
        ...
