"""The freezes of one poll: a few are told one by one, many of one channel in one message."""

from collections import defaultdict
from collections.abc import Sequence

from bot.decide.freeze import Freeze
from bot.decide.summary import share
from bot.flow.announce import announce_freeze
from bot.flow.facts import Facts, channels_of, epoch, shortlist
from bot.flow.poll.case import Told
from bot.ports import Act, Books, Outgoing

NAMED = 40
"""Services that the message names; the thread has them all."""


def tell_freezes(books: Books, told: Told) -> None:
    """Tell of what this transaction has set. Of many, each has its story in the thread."""
    alike: defaultdict[tuple[str, str, bool], list[Freeze]] = defaultdict(list)
    for freeze in told.frozen:
        channel = next(iter(channels_of(told.catalog, freeze.scope, told.ops)), "")
        alike[channel, str(freeze.effect), freeze.monitored].append(freeze)
    for (channel, _, _), some in alike.items():
        under = _head(books, told, channel, some) if channel and share(len(some), 0) else ""
        for freeze in some:
            announce_freeze(books, told.catalog, told.ops, freeze, (), told.now, under=under)


def _head(books: Books, told: Told, channel: str, some: Sequence[Freeze]) -> str:
    """The message of all; its topic."""
    topic = f"freezes:{some[0].id}:{channel}"
    facts = freezes_facts(some)
    books.outbox.put(Outgoing(topic, channel, topic, Act.POST, "frozen_many", facts), told.now)
    return topic


def freezes_facts(some: Sequence[Freeze]) -> Facts:
    """What it says."""
    names = [freeze.scope.name for freeze in some]
    return {
        "service": shortlist(names),
        "services": names[:NAMED],
        "total": len(some),
        "effect": str(some[0].effect),
        "monitored": some[0].monitored,
        "since": epoch(some[0].starts_at),
    }
