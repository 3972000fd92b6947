"""What the flows need from the world, in their own words. Adapters satisfy these structurally."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from bot.decide.approval import Choice, Request, RequestState, Vote, Wish
from bot.decide.catalog import Catalog
from bot.decide.decision import Chained, Decision, Event
from bot.decide.episode import Standing
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Actor, Group, Person
from bot.decide.scope import Scope
from bot.judge.ledger import Balances, Slice
from bot.judge.objective import Objective
from bot.judge.thinning import Stretch

T = TypeVar("T")


class Clock(Protocol):
    """The time: aware, UTC."""

    def now(self) -> datetime: ...


# ---------------------------------------------------------------- measure


@dataclass(frozen=True, slots=True)
class Ask:
    """Slices wanted of one objective, oldest first."""

    objective: Objective
    stretch: Stretch
    seen: int | None
    """End of the newest observed slice of the account. Counting continues from there: a series
    that was alive before `seen` is no newcomer. None: the account is empty, the first sample of
    every series is a baseline."""


@dataclass(frozen=True, slots=True)
class Reading:
    """The answer to one Ask: a slice for every step of its stretch, or the reason why not."""

    objective: str
    slices: tuple[Slice, ...] = ()
    fault: str | None = None


class Source(Protocol):
    """Where counts come from."""

    name: str

    def read(self, asks: Sequence[Ask]) -> Sequence[Reading]:
        """One Reading per Ask, in order, within the source's own total deadline. Never raises for
        a source that is down: every Reading then carries the fault."""
        ...

    def check(self) -> str:
        """One line on how the source is doing (its version, say). Raises SourceError."""
        ...

    def newest(self, now: datetime) -> int:
        """End of the newest slice worth asking for: samples need a moment to arrive."""
        ...

    def close(self) -> None: ...


# ---------------------------------------------------------------- record


@dataclass(frozen=True, slots=True)
class Account:
    """An objective's account in the ledger."""

    id: int
    objective: str
    opened: int | None
    """`at` of its first row; None while it has none."""
    read_until: int | None
    """End of the newest slice asked for, observed or not."""
    seen_until: int | None
    """End of the newest observed slice."""
    token: int = 0
    """Fencing: a claim raises it, a write with an older one is refused."""


class Ledger(Protocol):
    """Accounts and their running totals."""

    def open(self, objectives: Sequence[Objective], now: datetime) -> None:
        """Make sure that each objective has an account. A changed indicator, method, source or
        step starts a new account: old counts are not comparable; they stay stored."""
        ...

    def claim(
        self, objectives: Sequence[str], now: datetime, lease: float, limit: int
    ) -> list[Account]:
        """Accounts of these objectives that are due (`due_at <= now`) and not leased to anybody,
        leased to the caller for `lease` seconds; SKIP LOCKED."""
        ...

    def append(self, account: Account, slices: Sequence[Slice], read_until: int) -> None:
        """Add the slices that the account does not have yet, under the claim's token. Raises
        LeaseLost if somebody else has claimed the account since."""
        ...

    def release(self, account: Account, due_at: datetime) -> None:
        """Give the claim back; next due then. A lost lease is no matter."""
        ...

    def accounts(self, objectives: Sequence[str]) -> dict[str, Account]:
        """The present accounts by objective id; those without are missing."""
        ...

    def balances(self, wanted: Mapping[int, Sequence[int]]) -> dict[int, Balances]:
        """Per account id: the opening row, and for each instant the last row at or before it."""
        ...

    def rows(self, account: int, since: int, until: int) -> Balances | None:
        """All rows of a stretch, with the one before it."""
        ...

    def restate(self, account: int, at: int, eligible: float, bad: float) -> None:
        """Late truth: add the differences to the totals from `at` on."""
        ...

    def thin(self, now: datetime, limit: int) -> int:
        """Delete rows that the tiers no longer keep (never an account's first and newest row), at
        most about `limit`; how many went."""
        ...


class Standings(Protocol):
    """What has been said about each objective."""

    def get(self, objectives: Sequence[str]) -> dict[str, Standing]: ...

    def put(self, standings: Sequence[Standing]) -> None: ...


@dataclass(frozen=True, slots=True)
class Episode:
    """A stretch of trouble with one objective, told in one message."""

    id: int
    objective: str
    opened_at: datetime
    level: int
    closed_at: datetime | None = None
    acknowledged_by: str = ""
    acknowledged_at: datetime | None = None


class Episodes(Protocol):
    """Episodes, open and closed."""

    def open(self, objective: str, level: int, now: datetime) -> Episode: ...

    def current(self, objective: str) -> Episode | None:
        """The open episode of an objective."""
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


class Requests(Protocol):
    """Requests and their votes. `get_locked` serialises decisions on one request."""

    def add(self, request: Request) -> Request: ...

    def get(self, request: int) -> Request | None: ...

    def get_locked(self, request: int) -> tuple[Request, list[Vote]] | None:
        """The request row locked until the end of the transaction, with its votes."""
        ...

    def votes(self, request: int) -> list[Vote]: ...

    def vote(self, request: int, vote: Vote) -> bool:
        """False if this voter's vote is stored already (unique per request and voter)."""
        ...

    def close(self, request: int, state: RequestState, now: datetime) -> bool:
        """Set the final state once; False if it had one."""
        ...

    def pending(self, now: datetime) -> list[Request]: ...

    def lapsed(self, now: datetime) -> list[Request]:
        """Not closed, but past their expiry."""
        ...


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

    def append(self, decision: Decision) -> Chained: ...

    def find(self, wanted: HistoryFilter) -> list[Chained]:
        """Newest first."""
        ...

    def verify(self) -> tuple[int, int | None]:
        """How many rows were read, and the sequence number of the first bad one (None: sound)."""
        ...


class Act(StrEnum):
    """What is done with a message."""

    POST = "post"
    """The head of a topic."""
    REPLY = "reply"
    """Into the thread under the topic's head."""
    EDIT = "edit"
    """The head itself, in place; several unsent edits of one topic are one."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message to be sent: what it says (template and facts), not yet how it looks."""

    key: str
    """Unique for ever: a second row with the same key is not stored. Edits are exempt."""
    channel: str
    topic: str
    """What the message is about (`episode:12`, `request:7`): its head is edited in place."""
    act: Act
    template: str
    facts: Mapping[str, Any]
    broadcast: bool = False
    """A reply that also shows in the channel."""


@dataclass(frozen=True, slots=True)
class Claim:
    """An outbox row in the hands of one worker."""

    id: int
    outgoing: Outgoing
    attempts: int
    maybe: bool
    """An earlier attempt ended without an answer: look in the channel first."""
    token: int
    first_try: datetime | None
    head: tuple[str, str] | None
    """Channel id and ts of the topic's head, once it stands."""
    head_digest: str = ""
    """Digest of the head as last sent: an edit that changes nothing is not sent."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """A message that was sent lately, for the sweeper."""

    id: int
    key: str
    channel: str
    ts: str
    at: datetime
    thread: str = ""


class Outbox(Protocol):
    """Messages on their way. Every change after a claim is fenced by its token (LeaseLost)."""

    def put(self, outgoing: Outgoing, now: datetime) -> bool:
        """False if the key is there already. An unsent EDIT of the same topic is replaced."""
        ...

    def claim(self, now: datetime, lease: float, worker: str) -> Claim | None:
        """The oldest row that is due, of a channel that may be written to now and has no older
        unsent row in other hands; it is leased, its token raised, and the channel's next slot
        moved one second ahead. A REPLY or EDIT waits for its topic's head; if the head is dead, a
        REPLY becomes claimable with head None and an EDIT is dropped."""
        ...

    def intend(self, claim: Claim, now: datetime) -> None:
        """About to post: from now on nobody can know whether it was sent, unless told."""
        ...

    def sent(self, claim: Claim, channel: str, ts: str, digest: str, now: datetime) -> None:
        """It stands in the channel (its real id) at `ts`."""
        ...

    def postpone(self, claim: Claim, until: datetime, *, maybe: bool) -> None: ...

    def bury(self, claim: Claim, why: str) -> None:
        """It can never be delivered."""
        ...

    def pause(self, channel: str, until: datetime) -> None:
        """Nothing to this channel before then."""
        ...

    def head(self, topic: str) -> tuple[str, str] | None: ...

    def recent(self, since: datetime) -> list[Delivered]:
        """Posts and replies that were attempted more than once, sent since then: what the sweeper
        looks at."""
        ...

    def backlog(self, now: datetime) -> tuple[int, float]:
        """Unsent rows, and the age of the oldest in seconds."""
        ...


class Receipts(Protocol):
    """Requests that were acted upon: Slack retries, and replays, act once."""

    def first_time(self, key: str, now: datetime) -> bool:
        """Stores the key; False if it was there."""
        ...

    def forget(self, before: datetime) -> int: ...


class Books(Protocol):
    """Everything stored, inside one transaction."""

    ledger: Ledger
    standings: Standings
    episodes: Episodes
    freezes: Freezes
    requests: Requests
    history: History
    outbox: Outbox
    receipts: Receipts


class Record(Protocol):
    """The database. A failed transaction leaves nothing behind (RecordError)."""

    def write(self, work: Callable[[Books], T]) -> T:
        """Run `work` in one writing transaction; commit before returning."""
        ...

    def read(self, work: Callable[[Books], T]) -> T:
        """Run `work` on one consistent snapshot, without writing."""
        ...

    def check(self) -> str:
        """One line on how the database is doing. Raises RecordError."""
        ...

    def close(self) -> None: ...


# ---------------------------------------------------------------- tell


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message as Slack takes it."""

    text: str
    blocks: tuple[Mapping[str, Any], ...] = ()
    metadata: Mapping[str, Any] = field(default_factory=dict)


class Renderer(Protocol):
    """From facts to a message, within Slack's limits."""

    def message(self, template: str, facts: Mapping[str, Any]) -> Rendered: ...

    def view(self, template: str, facts: Mapping[str, Any]) -> Mapping[str, Any]:
        """A modal."""
        ...


class Messenger(Protocol):
    """The way to a channel. Raises RateLimited, Refused or Unclear."""

    def post(
        self, channel: str, message: Rendered, key: str, thread: str | None, *, broadcast: bool
    ) -> tuple[str, str]:
        """Channel id and ts of the new message; `key` travels in its metadata."""
        ...

    def edit(self, channel: str, ts: str, message: Rendered) -> None: ...

    def find(self, channel: str, key: str, since: datetime, thread: str | None) -> list[str]:
        """ts of our messages that bear this key, oldest first."""
        ...

    def delete(self, channel: str, ts: str) -> None: ...


class Directory(Protocol):
    """Who is who, asked live. Raises DeliveryError when Slack does not answer."""

    def person(self, user: str) -> Person: ...

    def membership(self, group: Group, user: str) -> str | None:
        """How `user` is found to belong to the group now (`user group S1, asked live`); None if
        they do not."""
        ...

    def members(self, group: Group) -> frozenset[str]: ...


__all__ = [
    "Account",
    "Act",
    "Actor",
    "Ask",
    "Balances",
    "Books",
    "Catalog",
    "Chained",
    "Choice",
    "Claim",
    "Clock",
    "Decision",
    "Delivered",
    "Directory",
    "Episode",
    "Episodes",
    "Event",
    "Freeze",
    "Freezes",
    "Group",
    "History",
    "HistoryFilter",
    "Ledger",
    "Messenger",
    "Objective",
    "Origin",
    "Outbox",
    "Outgoing",
    "Person",
    "Reading",
    "Receipts",
    "Record",
    "Rendered",
    "Renderer",
    "Request",
    "RequestState",
    "Requests",
    "Scope",
    "Slice",
    "Source",
    "Standing",
    "Standings",
    "Stretch",
    "Vote",
    "Wish",
]
