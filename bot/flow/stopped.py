"""Messages that a release was stopped: under which topic each stands, and what is said there once
the release went, what stopped it is over, or its override is decided."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.decide.approval import Request
from bot.decide.gate_answer import Answer
from bot.decide.override import Grant, binds
from bot.flow.facts import Facts, epoch
from bot.ports import Act, Books, Outgoing

_WORD, _DATA = "refused", "data"
_PARTS = 3
_LOOKED_AT = 50
"""Overrides of a service, the newest first."""


@dataclass(frozen=True, slots=True)
class Stop:
    """What one such message is about."""

    topic: str
    service: str
    freezes: frozenset[int]
    """Empty: there were no data."""


def stopping(answer: Answer) -> list[int]:
    """The freezes that stop it, in their order: one that is only watched stops nothing."""
    found = (one.freeze for one in answer.grounds if not one.outcome.goes)
    return sorted({freeze for freeze in found if freeze is not None})


def topic_of(books: Books, service: str, answer: Answer, author: str, now: datetime) -> str:
    """One for each service and each set of freezes; where there were no data, for each day and each
    time until there are. `author`: who is told in private, if anybody."""
    stops = ",".join(str(one) for one in stopping(answer))
    told = f":{author}" if author else ""
    if stops:
        return f"{_WORD}:{service}:{stops}{told}"
    today = f"{_WORD}:{service}:{_DATA} {now:%F}"
    known = (one for one in books.answers.stops() if one.startswith(today))
    same = (one for one in known if _told(one) == author)
    return next(same, f"{today}T{now:%H%M%S}{told}")


def _told(topic: str) -> str:
    """The author in a topic; empty: its team is told."""
    return "".join(topic.split(":")[_PARTS:])


def say_over(books: Books, gone: Collection[int], standing: Collection[int], now: datetime) -> None:
    """The freezes `gone` have just ended: what they stopped, and none of those `standing` stops
    still, says so and asks for nothing more."""
    over = (s for s in _stops(books) if s.freezes & set(gone) and not s.freezes & set(standing))
    for stop, head in _heads(books, over):
        went = _went(books, stop, head.facts)
        news = {"at": epoch(now), "override": None} if went is None else went
        _edit(books, head, {"over": news}, now)


def say_gone(books: Books, used: Grant, now: datetime) -> None:
    """An override has just let a release through: the message that told of its stop says so."""
    mine = (s for s in _stops(books) if s.service == used.change.service and s.freezes)
    for _, head in _heads(books, mine):
        if _is(head.facts, used):
            _edit(books, head, {"over": _by(used)}, now)


def blinded(books: Books, services: Collection[str]) -> list[Stop]:
    """Of these services: the messages that there were no data, and that it is not over."""
    return [one for one in _stops(books) if not one.freezes and one.service in services]


def say_seen(books: Books, stops: Collection[Stop], now: datetime) -> None:
    """There are data again: what the lack of them stopped says so, once."""
    books.history.hold()  # as the gate does, before it counts
    for _, head in _heads(books, stops):
        _edit(books, head, {"over": {"at": epoch(now), "override": None}}, now)
    books.answers.passed([one.topic for one in stops])


def say_decided(
    books: Books, asked: Request, state: str, use_by: int | None, now: datetime
) -> None:
    """An override waits no longer: the messages that point to it say what became of it (`state`),
    unless they say already that the stop is over. `use_by`: until when it lets the release go, in
    seconds; None if it does not."""
    mine = (s for s in _stops(books) if s.service == asked.scope.name and s.freezes)
    for stop, head in _heads(books, mine):
        pending = head.facts.get("pending") or {}
        if pending.get("request") == asked.id and _stands(books, stop, head.facts, now):
            said = {"request": asked.id, "state": state, "use_by": use_by}
            _edit(books, head, {"pending": None, "decided": said}, now)


def _stands(books: Books, stop: Stop, facts: Mapping[str, Any], now: datetime) -> bool:
    freezes = [found for one in stop.freezes if (found := books.freezes.get(one)) is not None]
    held = any(binds(freeze, now) for freeze in freezes)
    return held and _went(books, stop, facts) is None


def _stops(books: Books) -> Iterable[Stop]:
    for topic in books.answers.stops():
        parts = topic.split(":")
        if parts[0] != _WORD or len(parts) < _PARTS:
            continue
        numbers = parts[2].split(",")
        if all(one.isdecimal() for one in numbers):
            yield Stop(topic, parts[1], frozenset(int(one) for one in numbers))
        elif parts[2].startswith(_DATA):
            yield Stop(topic, parts[1], frozenset())


def _heads(books: Books, stops: Iterable[Stop]) -> Iterable[tuple[Stop, Outgoing]]:
    """Those of which it is still known what they said."""
    wanted = {one.topic: one for one in stops}
    heads = books.outbox.heads(wanted) if wanted else {}
    return [(wanted[topic], head) for topic, head in heads.items() if head.facts]


def _went(books: Books, stop: Stop, facts: Mapping[str, Any]) -> Facts | None:
    """How the release went while it was stopped, if it did."""
    grants = books.grants.of_service(stop.service, _LOOKED_AT)
    found = (one for one in grants if one.used_at is not None and one.freezes and _is(facts, one))
    return next((_by(one) for one in found if stop.freezes <= set(one.freezes)), None)


def _is(facts: Mapping[str, Any], grant: Grant) -> bool:
    return bool(facts["name"] == grant.change.name)


def _by(used: Grant) -> Facts:
    return {"at": epoch(used.used_at), "override": used.request}


def _edit(books: Books, head: Outgoing, news: Facts, now: datetime) -> None:
    facts = {**head.facts, **news}
    key = f"{head.topic}:edit"
    edit = Outgoing(key, head.channel, head.topic, Act.EDIT, "release_stopped", facts)
    books.outbox.put(edit, now)
