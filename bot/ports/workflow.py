"""What the workflow stores: standings, episodes, freezes, requests."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.decide.approval import Request, RequestState, Vote, Wish
from bot.decide.episode import Standing
from bot.decide.freeze import Freeze, FreezeVersion


class Standings(Protocol):
    """What has been said about each objective."""

    def get(self, objectives: Sequence[str]) -> dict[str, Standing]: ...

    def hold(self, objectives: Sequence[str], *, wait: bool = True) -> dict[str, Standing]:
        """The same, theirs alone who ask until their transaction ends. Without `wait` those in
        other hands are left out."""
        ...

    def faults(self) -> dict[str, str]:
        """By objective, why it cannot be counted now: of all of which that was said."""
        ...

    def put(self, standings: Sequence[Standing]) -> None: ...

    def leave(self, objectives: Sequence[str]) -> dict[str, int]:
        """Those of them that were cut off by an outage and can be judged again leave it: which, and
        the number of the outage. Each is answered once."""
        ...


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of trouble with one objective, told in one message, or in one with others."""

    id: int
    objective: str
    opened_at: datetime
    level: int
    closed_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None
    channel: str = ""
    """Where it is told; empty if nowhere."""
    summary: int | None = None
    """The first of the episodes with which it shares a message; None: it has one to itself."""


class Episodes(Protocol):
    """Episodes, open and closed."""

    def open(self, objective: str, level: int, now: datetime, channel: str = "") -> Episode: ...

    def gather(self, episodes: Sequence[int], summary: int) -> None:
        """From now on they share the message of the episode `summary`, itself perhaps among
        them."""
        ...

    def current(self, objective: str) -> Episode | None:
        """The open episode of an objective."""
        ...

    def currents(self, objectives: Sequence[str]) -> dict[str, Episode]:
        """The open episodes of these objectives, by objective."""
        ...

    def lately(self, channel: str, since: datetime) -> list[Episode]:
        """Those of a channel that opened then or later, open and closed, oldest first."""
        ...

    def together(self, summary: int) -> list[Episode]:
        """All that share one message, open and closed, oldest first."""
        ...

    def get(self, episode: int) -> Episode | None: ...

    def raise_to(self, episode: int, level: int) -> None: ...

    def acknowledge(self, episode: int, by: str, now: datetime) -> bool:
        """False if somebody has already, or the episode is closed."""
        ...

    def close(self, episode: int, now: datetime) -> None: ...


class Freezes(Protocol):
    """Freezes, with the facts their state is derived from."""

    def add(self, freeze: Freeze) -> Freeze:
        """Stores it; the answer bears its id (the given id is ignored)."""
        ...

    def get(self, freeze: int) -> Freeze | None: ...

    def standing(self, now: datetime) -> list[Freeze]:
        """All that stop releases now or will."""
        ...

    def lapsed(self, now: datetime) -> list[Freeze]:
        """Those over by their own end whose end nobody has been told of yet."""
        ...

    def settle(self, freeze: int) -> None:
        """The end of a lapsed freeze has been told."""
        ...

    def lift(self, freeze: int, now: datetime) -> bool:
        """False if it was over already."""
        ...

    def cooling(self, freeze: int, since: datetime | None) -> None: ...

    def edit(
        self, freeze: int, former: FreezeVersion, reason: str, ends_at: datetime | None
    ) -> bool:
        """Replace reason and end, and keep what it was in `former`. False if it is over, or another
        edit came before."""
        ...

    def versions(self, freeze: int) -> list[FreezeVersion]:
        """What it was before each edit, oldest first."""
        ...

    def forgotten(self, before: datetime, others: Sequence[int] = ()) -> list[Freeze]:
        """Those without an end that people have set, and these `others`, last brought to mind
        before then. In a writing transaction those in other hands are left out."""
        ...

    def reminded(self, freeze: int, now: datetime) -> None:
        """Whoever set it has been reminded."""
        ...


class Requests(Protocol):
    """Requests and their votes. `get_locked` serialises decisions on one request."""

    def add(self, request: Request) -> Request: ...

    def get(self, request: int) -> Request | None: ...

    def get_locked(self, request: int) -> tuple[Request, list[Vote]] | None:
        """The request row locked until the end of the transaction, with its votes."""
        ...

    def several(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """Those of them that there are, with their votes."""
        ...

    def several_locked(self, requests: Collection[int]) -> dict[int, tuple[Request, list[Vote]]]:
        """As `get_locked`, the lowest number first: two who lock several never wait for each
        other."""
        ...

    def votes(self, request: int) -> list[Vote]: ...

    def vote(self, request: int, vote: Vote) -> bool:
        """False if this voter's vote is stored already (unique per request and voter)."""
        ...

    def vote_all(self, votes: Sequence[tuple[int, Vote]]) -> None:
        """Votes on requests that are locked, none of them stored yet, in one go. Raises RecordError
        if one is."""
        ...

    def withdraw(self, request: int, voter: str) -> bool:
        """Take this voter's vote away; False if there is none."""
        ...

    def escalate(self, request: int, now: datetime) -> bool:
        """The fallback group is asked as well; False if it was, or the request is closed."""
        ...

    def join(self, request: int, cause: str, reason: str, evidence: Mapping[str, Any]) -> bool:
        """Another cause for the same request, in place of a second one; `evidence` takes the place
        of the former. False if it is decided, or being decided, already."""
        ...

    def gather(self, requests: Collection[int], docket: int) -> None:
        """From now on they share the message of the request `docket`, itself perhaps among them."""
        ...

    def together(self, docket: int) -> list[Request]:
        """All that share one message, whatever became of them, oldest first."""
        ...

    def close(self, request: int, state: RequestState, now: datetime) -> bool:
        """Set the final state once; False if it had one."""
        ...

    def close_all(self, states: Mapping[int, RequestState], now: datetime) -> None:
        """As `close`, of many in one go; those that had a state keep it."""
        ...

    def cancel(
        self, request: Request, now: datetime, state: RequestState = RequestState.CANCELLED
    ) -> bool:
        """Whoever asked takes it back, or needs it no more. False if it is decided, or being
        decided, already, or asks for more objectives by now than this `request` did."""
        ...

    def pending(self, now: datetime) -> list[Request]: ...

    def newest(self, wish: Wish, scopes: Sequence[str] = (), limit: int = 20) -> list[Request]:
        """Newest first, whatever became of them; of these scopes, as text, or of all."""
        ...

    def lapsed(self, now: datetime) -> list[Request]:
        """Not closed, but past their expiry."""
        ...
