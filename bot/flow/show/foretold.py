"""How the forecasts of a stretch of time came true."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.flow.facts import Facts
from bot.judge.score import Outcome, score
from bot.ports import Books

Foretold = Mapping[str, Sequence[Outcome]]
"""By service."""


def foretold(books: Books, catalog: Catalog, since: datetime, until: datetime) -> Foretold:
    """What became of those that were for an instant of it."""
    owners = {one.id: one.service for one in catalog.objectives}
    accounts = {a.id: a.objective for a in books.ledger.accounts(list(owners)).values()}
    begun, ended = int(since.timestamp()), int(until.timestamp())
    found: dict[str, list[Outcome]] = {}
    for account, outcomes in books.forecasts.outcomes(list(accounts), begun, ended).items():
        found.setdefault(owners[accounts[account]], []).extend(outcomes)
    return found


def foretold_facts(found: Foretold, ours: Callable[[str], bool]) -> Facts | None:
    """The record of those of some services; None if none was scored."""
    mine = score([one for service, some in found.items() if ours(service) for one in some])
    if not mine.count:
        return None
    return {
        "count": mine.count,
        "hits": mine.hits,
        "coverage": mine.coverage,
        "error": mine.error,
        "brier": mine.brier,
    }
