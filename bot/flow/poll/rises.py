"""What the channel was told when a warning got worse keeps to what stands for releases, and is over
when the warning is."""

from collections.abc import Mapping
from datetime import datetime

from bot.flow.facts import Facts
from bot.ports import Books

_RISES = ("burn_rose", "summary_rose")
_FOLLOWED = ("frozen", "effect", "freezing", "releases_line")
"""Its figures stay those that it was about."""


def restate_rises(books: Books, edited: Mapping[str, Facts], now: datetime) -> None:
    """`edited`: what warnings say now, by their topic."""
    replies = books.outbox.aloud(edited) if edited else []
    for one in replies:
        if one.template in _RISES and one.facts:
            books.outbox.correct(one, {**one.facts, **_news(edited[one.topic])}, now)


def _news(facts: Facts) -> Facts:
    if facts["state"] == "resolved":
        return {"over": facts["resolved_at"]}
    return {key: facts[key] for key in _FOLLOWED if key in facts}
