"""Things to be stored; every argument has a plain default."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.decide.approval import Choice, Request, Vote, Wish
from bot.decide.decision import Decision, Event
from bot.decide.freeze import Freeze, Origin
from bot.decide.people import Actor
from bot.decide.quorum import Quorum
from bot.decide.scope import Reach, Scope
from bot.judge.ledger import Slice
from bot.ports import Account, Act, Outgoing, Record
from tests.builders import NOON, actor, objective, when

NOW = when(NOON)
RANKER = Scope(Reach.SERVICE, "ranker")


def later(seconds: float) -> datetime:
    """So long after NOW."""
    return NOW + timedelta(seconds=seconds)


def freeze(ends: float | None = None, starts: float = 0, cause: str = "") -> Freeze:
    """Of the ranker, from NOW on; `starts` and `ends` in seconds from NOW."""
    end = None if ends is None else later(ends)
    return Freeze(
        0, RANKER, "too many errors", Origin.MANUAL, actor(), later(starts), end, cause=cause
    )


def request(needed: int = 1, expires: float = 3_600) -> Request:
    """A wish to freeze the ranker."""
    return Request(
        0, Wish.FREEZE, RANKER, "errors", actor(), Origin.MANUAL, Quorum.of(needed), NOW,
        later(expires),
    )  # fmt: skip


def vote(name: str = "bob", choice: Choice = Choice.APPROVE, at: float = 0) -> Vote:
    """Of somebody in the group."""
    return Vote(actor(name), choice, later(at), "user group S1, asked live")


def decision(
    event: Event = Event.FROZEN,
    scope: str = "service:ranker",
    objective: str = "",
    at: float = 0,
    by: Actor | None = None,
    evidence: Mapping[str, Any] | None = None,
) -> Decision:
    """Made NOW by ada."""
    given = {"bad": 12.5} if evidence is None else evidence
    return Decision(event, later(at), by or actor(), scope, "why", given, "v1", objective)


def outgoing(
    key: str = "k1",
    act: Act = Act.POST,
    topic: str = "",
    channel: str = "#ml",
    facts: Mapping[str, Any] | None = None,
    *,
    patient: bool = False,
) -> Outgoing:
    """A message about itself unless a topic is given."""
    said = facts or {"n": 1}
    return Outgoing(key, channel, topic or key, act, "burn_warning", said, patient=patient)


def claimed(record: Record, *services: str) -> list[Account]:
    """Opened and claimed NOW, in the order of the names."""
    objectives = [objective(name) for name in services or ("ranker",)]
    ids = [one.id for one in objectives]

    def work(books: Any) -> list[Account]:
        books.ledger.open(objectives, NOW)
        found = {a.objective: a for a in books.ledger.claim(ids, NOW, 60, len(ids))}
        return [found[name] for name in ids]

    return record.write(work)


def append(record: Record, account: Account, pieces: Sequence[Slice], until: int) -> bool:
    """Slices for one account, read until then; False if its lease is lost."""
    return bool(record.write(lambda books: books.ledger.append_many([(account, pieces, until)])))


def release(record: Record, account: Account, due: float) -> None:
    """Give one claim back, due so long after NOW."""
    record.write(lambda books: books.ledger.release_many([account], later(due)))


def head_of(record: Record, topic: str, at: float = 3_600) -> tuple[str, str] | None:
    """Where the head of a topic stands: what a reply is told that goes now."""
    reply = outgoing(f"where is {topic}", Act.REPLY, topic)

    def work(books: Any) -> Any:
        books.outbox.put(reply, later(at))
        return books.outbox.claim(later(at), 15, "w9")

    found = record.write(work)
    assert found.outgoing == reply
    head: tuple[str, str] | None = found.head
    return head
