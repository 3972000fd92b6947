"""The decision history, where it begins, and what vouches for it outside."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.decide.decision import Chained, Decision, Event
from bot.decide.people import Actor
from bot.decide.proof import Link, Place, Proof
from bot.decide.seal import Purpose, Seal, Trust


@dataclass(frozen=True, slots=True)
class HistoryFilter:
    """What part of the history is wanted; empty fields do not filter."""

    scopes: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    """Beside what is of these scopes, also outages of sources that touched one of these."""
    events: tuple[Event, ...] = ()
    actors: tuple[str, ...] = ()
    """Ids of those who acted."""
    objective: str = ""
    since: datetime | None = None
    until: datetime | None = None
    """Only what was decided before then."""
    before: int | None = None
    """Only rows with a lower sequence number: the next page."""
    after: int | None = None
    """Only rows with a higher sequence number, and of these the lowest: the page before."""
    limit: int = 20

    def of_scopes(self, decision: Decision) -> bool:
        """Whether it is of these scopes, or an outage that touched one of the services."""
        return not self.scopes or decision.scope in self.scopes or decision.touches(self.services)


class History(Protocol):
    """The decision history: append-only, hash-chained."""

    def hold(self) -> None:
        """Wait until no other transaction writes to the history, and let none until this one ends:
        what is read afterwards stays true as long as all who decide write here."""
        ...

    def append(self, decision: Decision) -> Chained: ...

    def append_all(self, decisions: Sequence[Decision]) -> list[Chained]:
        """The same with many, one after the other."""
        ...

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        ...

    def walk(self, wanted: HistoryFilter) -> Iterator[Link]:
        """All that is wanted, oldest first, a portion in memory at a time; `limit` does not
        count."""
        ...

    def head(self) -> Place:
        """Place and hash of the newest decision; (0, GENESIS) without any."""
        ...

    def scopes(self) -> list[str]:
        """The scopes on record, each once."""
        ...

    def people(self) -> list[Actor]:
        """Who is on record, each id once, as they were called last."""
        ...

    def verify(self, anchors: Sequence[Seal] = ()) -> Proof:
        """Read it all and compute every hash anew. `anchors`: what was said of it outside."""
        ...


class Checkpoints(Protocol):
    """Where the stored history begins, once older decisions were moved out of it."""

    def newest(self) -> Seal | None: ...

    def set(self, seal: Seal) -> None:
        """From now on the decisions up to it may be dropped. Append-only, ever further on."""
        ...

    def drop(self, most: int) -> int:
        """Delete so many of the decisions that the newest checkpoint covers; how many went."""
        ...


class Seals(Protocol):
    """Whoever holds the key that is not in the database."""

    @property
    def known(self) -> frozenset[str]:
        """The public keys whose signatures count here."""
        ...

    def seal(self, purpose: Purpose, seq: int, digest: str, at: datetime) -> Seal:
        """Signed, or without a key unsigned."""
        ...

    def trust(self, seal: Seal) -> Trust: ...


class Outside(Protocol):
    """A place outside the database where anchors are left."""

    def leave(self, line: str) -> None:
        """Keep a line of text there. Raises DeliveryError."""
        ...
