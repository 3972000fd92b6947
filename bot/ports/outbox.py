"""Messages on their way, and requests that were acted upon."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class Act(StrEnum):
    """What is done with a message."""

    POST = "post"
    """The head of a topic."""
    REPLY = "reply"
    """Into the thread under the topic's head."""
    EDIT = "edit"
    """The head itself, in place; several unsent edits of one topic are one."""


EDITS = "*edits"
"""The lane of all edits; no channel is called so."""


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
    """A reply that also shows in the channel; an edit of such a reply, whose topic is its key."""
    patient: bool = False
    """An edit that only brings figures up to date: it waits until its head has stood unchanged for
    a while. One that says what somebody did, or that it is over, does not wait."""

    @property
    def lane(self) -> str:
        """What it takes turns with. Slack counts posts by channel and edits by workspace, so that
        neither waits for the other."""
        return EDITS if self.act is Act.EDIT else self.channel


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
    parked_at: datetime | None = None
    """When it was first refused for a fault that is not its own."""


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
        """False if the key is there already. An unsent EDIT of the same topic is replaced, and
        stays impatient if it was; one in somebody's hands is followed by the new one."""
        ...

    def put_all(self, outgoing: Sequence[Outgoing], now: datetime) -> None:
        """The same with many, one after the other."""
        ...

    def topics(self, keys: Collection[str]) -> dict[str, str]:
        """The topic of each post or reply of these keys, sent or not; those that were never put in
        are left out."""
        ...

    def heads(self, topics: Collection[str]) -> dict[str, Outgoing]:
        """The post of each topic that has one by its own key, as it was put in: without facts, once
        they were forgotten."""
        ...

    def aloud(self, topics: Collection[str]) -> list[Outgoing]:
        """The replies under these topics that the channel shows too, as they read now, oldest
        first: without facts, once they were forgotten."""
        ...

    def correct(self, reply: Outgoing, facts: Mapping[str, Any], now: datetime) -> bool:
        """Let one of those say this from now on; False if it says it already. Where it was deleted,
        or never arrives, nothing is posted in its place."""
        ...

    def claim(self, now: datetime, lease: float, worker: str) -> Claim | None:
        """The oldest row that is due, of a lane that is open now and has no row in other hands; it
        is leased, its token raised, and the lane closed for as long as Slack's pace asks (PACE).
        Posts and replies go before edits, patient edits last. A REPLY or EDIT waits for its
        topic's head; if there is none, a REPLY becomes claimable with head None and an EDIT
        becomes a POST: the head. A parked POST says what the newest EDIT of its topic says."""
        ...

    def intend(self, claim: Claim, now: datetime) -> None:
        """About to post: from now on nobody can know whether it was sent, unless told."""
        ...

    def sent(self, claim: Claim, channel: str, ts: str, digest: str, now: datetime) -> None:
        """It stands in the channel (its real id) at `ts`."""
        ...

    def postpone(self, claim: Claim, until: datetime, *, maybe: bool) -> None: ...

    def park(self, claim: Claim, now: datetime, until: datetime, why: str) -> None:
        """Refused for a fault that is not its own: given back, due again at `until`, or once
        another message has reached its channel. It stays a `maybe` if the claim was one; a newer
        EDIT does not hurry it."""
        ...

    def behead(self, claim: Claim, now: datetime) -> None:
        """The head of its topic is gone from the channel: the topic forgets it, and the row is due
        again."""
        ...

    def bury(self, claim: Claim, why: str) -> None:
        """It can never be delivered."""
        ...

    def pause(self, lane: str, until: datetime) -> None:
        """Nothing on this lane before then."""
        ...

    def recent(self, since: datetime) -> list[Delivered]:
        """Posts and replies that were attempted more than once, sent since then: what the sweeper
        looks at."""
        ...

    def backlog(self, now: datetime) -> tuple[int, float]:
        """Unsent rows, and the age of the oldest in seconds."""
        ...

    def waiting(self) -> int:
        """Unsent rows that are not parked, nor wait for a head that is."""
        ...

    def forget(self, edits: datetime, others: datetime) -> int:
        """Delete finished edits put before `edits`; of other finished rows put before `others` keep
        the key, and not what they said. How many rows."""
        ...


class Receipts(Protocol):
    """Requests that were acted upon: Slack retries, and replays, act once."""

    def first_time(self, key: str, now: datetime) -> bool:
        """Stores the key; False if it was there."""
        ...

    def first_times(self, keys: Collection[str], now: datetime) -> set[str]:
        """Stores the keys; those of them that were not there."""
        ...

    def forget(self, before: datetime) -> int: ...
