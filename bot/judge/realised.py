"""What became of a forecast, from the account, once its time has come."""

from bot.judge.budget import limit_of, window_at
from bot.judge.exact import rest
from bot.judge.ledger import Balances, between
from bot.judge.objective import Objective
from bot.judge.outlook import path_of
from bot.judge.score import Issued, Outcome


def outcome_of(
    issued: Issued, objective: Objective, balances: Balances, opened: int
) -> Outcome | None:
    """How it came; None if the account has not been read up to `issued.until` yet, or there was no
    traffic by which to tell. `balances` reach back to one window before `issued.at`."""
    if balances.last.at < issued.until:
        return None
    seen = [_left(objective, balances, opened, at) for at in _looks(issued)]
    left = seen[-1]
    if left is None:
        return None
    return Outcome(issued, left, any(one is not None and one <= 0 for one in seen))


def needed(issued: Issued, objective: Objective, last: int) -> list[int]:
    """The instants whose totals `outcome_of` takes; `last`: the newest row."""
    looks = _looks(issued)
    return sorted({last, *looks, *(window_at(objective, at)[0] for at in looks)})


def _looks(issued: Issued) -> list[int]:
    return path_of(issued.at, issued.until)[1:]


def _left(objective: Objective, balances: Balances, opened: int, at: int) -> float | None:
    start, end = window_at(objective, at)
    spend = between(balances.at(start), balances.at(at))
    if spend.eligible <= 0:
        return None
    limit = limit_of(objective.budget, end - start, at - max(start, opened))
    return float(rest(spend.bad, spend.eligible, limit))
