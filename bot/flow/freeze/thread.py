"""Where what is to be said about a freeze belongs: under its announcement, wherever that stands."""

from collections.abc import Sequence

from bot.decide.freeze import Freeze
from bot.ports import Books


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
