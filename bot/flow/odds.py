"""The chance that a budget which burns will be gone: only from whoever has a record to show."""

from datetime import datetime

from bot.decide.catalog import Catalog
from bot.flow.facts import Facts
from bot.flow.foresee import look_ahead, wanted_of
from bot.judge.expectation import Forecast
from bot.judge.objective import Objective
from bot.judge.outlook_words import likely
from bot.judge.reason import Reason
from bot.judge.verdict import Verdict
from bot.ports import Books

PROVEN = 10
"""Forecasts that have come true or not, without which no chance is spoken of in a warning."""
UNLIKELY = 0.05
"""A chance below that beside a warning would only confuse."""


def odds_facts(
    books: Books,
    catalog: Catalog,
    objective: Objective,
    verdict: Verdict,
    since: datetime,
    now: datetime,
) -> Facts | None:
    """{chance, likely (in words), by, hits, forecasts}: how likely the budget is gone before `by`
    (seconds since 1970), and in how many past forecasts the 80 % range held; None where there is
    nothing to say.
    `since`: when it began to burn. What was forecast before then did not know of it, and is worked
    out anew."""
    if verdict.left is None or verdict.left <= 0:
        return None
    said = _said(books, catalog, objective, since, now)
    if not isinstance(said, Forecast) or said.left <= 0:
        return None
    record = said.record
    if record.count < PROVEN or said.probability < UNLIKELY:
        return None
    return {
        "chance": said.probability,
        "likely": likely(said.probability),
        "by": said.until,
        "hits": record.hits,
        "forecasts": record.count,
    }


def _said(
    books: Books, catalog: Catalog, objective: Objective, since: datetime, now: datetime
) -> Forecast | Reason | None:
    accounts = books.ledger.accounts([objective.id])
    account = accounts.get(objective.id)
    if account is None:
        return None
    kept = books.forecasts.newest([account.id]).get(account.id)
    if kept is not None and isinstance(kept.said, Forecast) and kept.said.at > since.timestamp():
        return kept.said
    wanted = wanted_of(books, catalog, [objective], accounts, now)
    return look_ahead(books, wanted, now)[0] if wanted else None
