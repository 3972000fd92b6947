"""The decision history."""

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.decide.decision import Chained, Decision, Event


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What part of the history is wanted; empty fields do not filter."""

    scopes: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    objective: str = ""
    since: datetime | None = None
    before: int | None = None
    """Only rows with a lower sequence number: the next page."""
    limit: int = 20


class History(Protocol):
    """The decision history: append-only, hash-chained."""

    def hold(self) -> None:
        """Wait until no other transaction writes to the history, and let none until this one ends:
        what is read afterwards stays true as long as all who decide write here."""
        ...

    def append(self, decision: Decision) -> Chained: ...

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        ...

    def verify(self) -> tuple[int, int | None]:
        """How many rows were read, and the sequence number of the first bad one (None: sound)."""
        ...
