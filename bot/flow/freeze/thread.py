"""Where what is to be said about a freeze belongs: under its announcement, wherever that stands."""

from collections.abc import Collection, Sequence

from bot.decide.freeze import Freeze
from bot.ports import Books, Outgoing

_STANDING = ("freeze_begun", "freeze_edited")
"""Replies that the channel shows too, and that say that a freeze stands."""


def own_topic(freeze: Freeze, channel: str) -> str:
    """Of its announcement in a channel: what all messages of it stand under, unless many freezes
    were announced together."""
    return f"freeze:{freeze.id}:{channel}"


def threads_of(books: Books, places: Sequence[tuple[Freeze, str]]) -> list[str]:
    """For each freeze and channel the topic in whose thread its story goes on."""
    own = [own_topic(freeze, channel) for freeze, channel in places]
    told = books.outbox.topics(own)
    return [told.get(topic, topic) for topic in own]


def thread_of(books: Books, freeze: Freeze, channel: str) -> str:
    """Of one."""
    return threads_of(books, [(freeze, channel)])[0]


def replies_of(books: Books, threads: Collection[str]) -> list[Outgoing]:
    """What was said in these threads of freezes that stand, oldest first: to be corrected. What was
    forgotten is left out."""
    found = books.outbox.aloud(threads) if threads else []
    return [one for one in found if one.template in _STANDING and one.facts]
