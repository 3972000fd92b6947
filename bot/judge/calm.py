"""Most looks at most objectives find nothing: that is seen without working out every figure."""

from fractions import Fraction

from bot.judge.budget import Budget, budget_of
from bot.judge.burning import edges_of
from bot.judge.exact import is_below, product
from bot.judge.ledger import Balances, Spend, between
from bot.judge.objective import Objective
from bot.judge.verdict import STALE_AFTER


def calm(objective: Objective, balances: Balances, opened: int, spent: Fraction) -> bool:
    """Whether `judge`, at the time of the newest row, would find the objective healthy, with no
    alert firing and less than `spent` (0 … 1) of the budget spent. False where it takes a closer
    look to say: then ask `judge`."""
    budget, newest = budget_of(objective, balances, opened), balances.last
    lately = balances.at(newest.at - STALE_AFTER * objective.step)
    if between(lately, newest).observed <= 0 or not _whole(budget.spend, budget.elapsed):
        return False
    if not _below(budget, spent):
        return False
    age = newest.at - opened
    for alert, (_, limit) in zip(objective.alerts, edges_of(objective), strict=True):
        short = balances.over(alert.short)
        if not _whole(short, min(alert.short, age)):
            return False
        if short.bad > 0 and not is_below(short.bad, short.eligible, limit):
            return False
    return True


def _whole(spend: Spend, expected: int) -> bool:
    """Every second of it was observed."""
    return expected > 0 and spend.observed >= expected


def _below(budget: Budget, share: Fraction) -> bool:
    """Less than that share of the budget was spent."""
    spend, limit = budget.spend, product(share, budget.limit)
    return spend.eligible > 0 and is_below(spend.bad, spend.eligible, limit)
