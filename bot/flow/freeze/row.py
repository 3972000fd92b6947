"""A freeze among others, in a row."""

from bot.decide.catalog import Catalog
from bot.decide.freeze import Freeze
from bot.flow.facts import Facts, epoch, scope_words
from bot.flow.freeze.thawing import thaw_words


def freeze_row(catalog: Catalog, freeze: Freeze) -> Facts:
    """Which it is, who set it, why, and from when until when it stands."""
    return {
        "id": freeze.id,
        "scope": scope_words(freeze.scope),
        "effect": str(freeze.effect),
        "reason": freeze.reason,
        "by": freeze.set_by.id,
        "by_name": freeze.set_by.name,
        "since": epoch(freeze.starts_at),
        "until": epoch(freeze.ends_at),
        "thaw": thaw_words(catalog, freeze),
    }
