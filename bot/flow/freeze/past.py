"""What stands in the channels about freezes that are over is corrected: it tells nobody any more to
hold a release."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.flow.announce import edit_request, freeze_facts
from bot.flow.facts import Facts, epoch
from bot.flow.freeze.origin import request_of
from bot.flow.freeze.thread import own_topic, replies_of, threads_of
from bot.flow.stopped import say_over
from bot.ports import Act, Books, Outgoing


@dataclass(frozen=True, slots=True)
class Past:
    """A freeze that is over, in one of its channels."""

    freeze: Freeze
    channel: str
    thread: str
    """The topic under which it was announced."""
    how: str
    """lifted, thawed, freeze_ended or freeze_cancelled."""
    said: Facts
    """Who ended it and why, and what stands still: see `freeze_over`."""


def correct(
    books: Books,
    catalog: Catalog,
    ops: str,
    past: Sequence[Past],
    standing: Sequence[Freeze],
    now: datetime,
) -> None:
    """Edit the announcement of each, the message of many once none of them stands, the requests
    that people approved, and what was said of the releases that they stopped. `standing`: what is
    in force still."""
    real = [one for one in past if not one.freeze.monitored]
    freezes = {one.freeze.id: one.freeze for one in real}
    numbers = {number: request_of(books, freeze) for number, freeze in freezes.items()}
    _announcements(books, catalog, real, numbers, now)
    _replies(books, real, now)
    _of_many(books, real, standing, now)
    for asked in sorted({number for number in numbers.values() if number is not None}):
        request = books.requests.get(asked)
        if request is not None and request.docket is None:
            edit_request(books, catalog, ops, request, books.requests.votes(asked), now)
    say_over(books, freezes, {freeze.id for freeze in standing}, now)


def _announcements(
    books: Books,
    catalog: Catalog,
    past: Iterable[Past],
    numbers: dict[int, int | None],
    now: datetime,
) -> None:
    own = {own_topic(one.freeze, one.channel): one for one in past}
    # Of several effects at once only the strictest was announced: of the others nothing stands.
    for topic in books.outbox.heads(own):
        one = own[topic]
        number = numbers[one.freeze.id]
        votes = [] if number is None else books.requests.votes(number)
        facts = freeze_facts(catalog, one.freeze, votes)
        facts |= {"how": one.how, "ended": epoch(_end(one, now)), **one.said}
        edit = Outgoing(f"{topic}:edit", one.channel, topic, Act.EDIT, "freeze_over", facts)
        books.outbox.put(edit, now)


def _end(one: Past, now: datetime) -> datetime | None:
    return one.freeze.ends_at if one.how == "freeze_ended" else now


def _replies(books: Books, past: Iterable[Past], now: datetime) -> None:
    """What the channel was told in their threads as if they stood."""
    ended = {(one.thread, one.freeze.id): one for one in past}
    for reply in replies_of(books, {thread for thread, _ in ended}):
        one = ended.get((reply.topic, reply.facts["freeze"]))
        if one is not None:
            over = {"over": epoch(_end(one, now)), "how": one.how}
            books.outbox.correct(reply, {**reply.facts, **over}, now)


def _of_many(books: Books, past: Sequence[Past], standing: Sequence[Freeze], now: datetime) -> None:
    shared = {one.thread: one.channel for one in past if one.thread.startswith("freezes:")}
    if not shared:
        return
    left = [(freeze, channel) for freeze in standing for channel in set(shared.values())]
    alive = set(threads_of(books, left))
    for topic, head in books.outbox.heads(set(shared) - alive).items():
        if head.template == "frozen_many" and head.facts:
            facts = {**head.facts, "over": epoch(now)}
            edit = Outgoing(f"{topic}:edit", head.channel, topic, Act.EDIT, head.template, facts)
            books.outbox.put(edit, now)
