"""What became of a forecast, from the account, once its time has come."""

from bot.judge.budget import limit_of, window_at
from bot.judge.exact import rest
from bot.judge.ledger import Balances, between
from bot.judge.objective import Objective
from bot.judge.score import Issued, Outcome

_POINTS = 48


def outcome_of(
    issued: Issued, objective: Objective, balances: Balances, opened: int
) -> Outcome | None:
    """How it came; None if the account has not been read up to `issued.until` yet, or there was no
    traffic by which to tell. `balances` reach back to one window before `issued.at`."""
    if balances.last.at < issued.until:
        return None
    length = issued.until - issued.at
    instants = {issued.at + length * n // _POINTS for n in range(1, _POINTS + 1)}
    seen = [_left(objective, balances, opened, at) for at in sorted(instants)]
    left = seen[-1]
    if left is None:
        return None
    return Outcome(issued, left, any(one is not None and one <= 0 for one in seen))


def _left(objective: Objective, balances: Balances, opened: int, at: int) -> float | None:
    start, end = window_at(objective, at)
    spend = between(balances.at(start), balances.at(at))
    if spend.eligible <= 0:
        return None
    limit = limit_of(objective.budget, end - start, at - max(start, opened))
    return float(rest(spend.bad, spend.eligible, limit))
