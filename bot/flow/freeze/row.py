"""A freeze among others, in a row."""

from collections.abc import Iterable, Sequence

from bot.decide.approval import Vote
from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.flow.ask.ballot import vote_facts
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.freeze.origin import approved_by
from bot.flow.freeze.thawing import thaw_words
from bot.ports import Books


def freeze_rows(books: Books, catalog: Catalog, freezes: Sequence[Freeze]) -> list[Facts]:
    """One for each."""
    votes = approved_by(books, freezes)
    return [_row(catalog, one, votes.get(one.id, ())) for one in freezes]


def _row(catalog: Catalog, freeze: Freeze, approvals: Iterable[Vote]) -> Facts:
    """Which it is, who set it or asked for it and who approved, why, and from when until when it
    stands."""
    return {
        "id": freeze.id,
        "scope": scope_words(freeze.scope),
        "effect": str(freeze.effect),
        "reason": freeze.reason,
        "by": freeze.set_by.id,
        "by_name": freeze.set_by.name,
        "origin": str(freeze.origin),
        "approvals": [vote_facts(vote) for vote in approvals],
        "since": epoch(freeze.starts_at),
        "until": epoch(freeze.ends_at),
        "thaw": thaw_words(catalog, freeze),
    }
