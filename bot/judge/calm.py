"""Most looks at most objectives find nothing: that is seen without working out every figure."""

from fractions import Fraction

from bot.judge.budget import limit_of, window_at
from bot.judge.burning import edges_of
from bot.judge.exact import NONE, ONE, is_below, product
from bot.judge.ledger import Balances, between
from bot.judge.objective import Objective
from bot.judge.verdict import STALE_AFTER


def calm(
    objective: Objective,
    balances: Balances,
    opened: int,
    below: Fraction = ONE,
    least: Fraction = NONE,
) -> bool:
    """Whether `judge`, at the time of the newest row, would find the objective healthy, with no
    alert firing, and at least the share `least` but less than `below` (0 … 1) of the budget spent.
    False where it takes a closer look to say: then ask `judge`."""
    newest = balances.last
    lately = balances.at(newest.at - STALE_AFTER * objective.step)
    return (
        newest.observed > lately.observed
        and _spent_within(objective, balances, opened, below, least)
        and _burns_nowhere(objective, balances, newest.at - opened)
    )


def _spent_within(
    objective: Objective, balances: Balances, opened: int, below: Fraction, least: Fraction
) -> bool:
    """Of a window that was seen from its beginning."""
    last = balances.last.at
    start, end = window_at(objective, last)
    spend, elapsed = between(balances.at(start), balances.last), last - max(start, opened)
    if spend.observed < elapsed or spend.eligible <= 0:
        return False
    limit = limit_of(objective.budget, end - start, elapsed)
    if not is_below(spend.bad, spend.eligible, product(below, limit)):
        return False
    return not least or not is_below(spend.bad, spend.eligible, product(least, limit))


def _burns_nowhere(objective: Objective, balances: Balances, age: int) -> bool:
    """The short window of each alert was seen, and is below its threshold: no alert fires, whatever
    its long window says."""
    newest = balances.last
    for alert, (_, limit) in zip(objective.alerts, edges_of(objective), strict=True):
        first = balances.at(newest.at - alert.short)
        if newest.observed - first.observed < min(alert.short, age):
            return False
        bad = newest.bad - first.bad
        if bad > 0 and not is_below(bad, newest.eligible - first.eligible, limit):
            return False
    return True
