"""Work that is due once a turn."""

from datetime import datetime
from typing import Protocol


class Chores(Protocol):
    """Work that is due once a turn over all replicas. Turns are texts that sort as they follow each
    other: `2026-03-02T14` for an hour, `2026-03-02` for a night."""

    def claim(self, name: str, turn: str, now: datetime, lease: float) -> bool:
        """Whether this turn is still to be done, and nobody is at it or at a later one: then it is
        ours for so many seconds. A turn that is not reported done falls due again."""
        ...

    def done(self, name: str, turn: str, now: datetime) -> None:
        """This turn is not due again, nor is one before it."""
        ...

    def last(self, name: str) -> tuple[str, datetime] | None:
        """The turn that was done last, and when."""
        ...
