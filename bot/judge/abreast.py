"""Two versions that serve side by side: what the account of each took in over the same stretches of
time."""

from itertools import pairwise

from bot.judge.canary import Look
from bot.judge.ledger import Balances, Spend, between


def account_of(objective: str, version: str) -> str:
    """The name of the account that an objective has for one version alone."""
    return f"{objective}@{version}"


def abreast(mine: Balances, other: Balances, since: int, until: int) -> list[Look]:
    """A look for each stretch from one instant that both accounts have a row at to the next, in
    since <= at <= until (seconds since 1970). Where rows were thinned the stretches are longer;
    their counts stay exact."""
    theirs = {row.at for row in other.rows}
    instants = [row.at for row in mine.rows if since <= row.at <= until and row.at in theirs]
    return [
        _look(between(mine.at(start), mine.at(end)), between(other.at(start), other.at(end)))
        for start, end in pairwise(instants)
    ]


def _look(mine: Spend, other: Spend) -> Look:
    return Look(*_counts(mine), *_counts(other))


def _counts(spend: Spend) -> tuple[float, float]:
    """Totals are doubles: of fractions of events, the last digits may not agree."""
    total = max(0.0, spend.eligible)
    return min(total, max(0.0, spend.bad)), total
