"""Verdicts from the ledger as it stands."""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.decide.adjustment import taken_out
from bot.errors import of_our_own
from bot.judge.ledger import Balances, Stretch
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, instants, judge
from bot.ports import Account, Books

log = logging.getLogger(__name__)

Taken = Mapping[str, Sequence[Stretch]]
"""By objective, the stretches of time that people took out of its budget."""


def judge_accounts(
    books: Books,
    pairs: Sequence[tuple[Objective, Account]],
    now: datetime,
    faults: Mapping[str, str],
    taken: Taken | None = None,
) -> list[Verdict]:
    """Verdicts of many objectives from one look into the ledger. `faults`: why the newest poll of
    an objective brought nothing; `taken`: as people have decided, if that was not looked up
    already. One that cannot be judged is unknown, with the reason, and stops no other."""
    held = taken_out(books.adjustments.holding()) if taken is None else taken
    out = {o.id: near(o, account, held) for o, account in pairs if o.id in held}
    wanted = {
        account.id: instants(objective, account.read_until, out.get(objective.id, ()))
        for objective, account in pairs
        if account.opened is not None and account.read_until is not None
    }
    found: dict[int, Balances] = books.ledger.balances(wanted) if wanted else {}
    return [
        _judged(
            objective,
            found.get(account.id),
            account.opened or 0,
            now,
            faults.get(objective.id, ""),
            out.get(objective.id, ()),
        )
        for objective, account in pairs
    ]


def _judged(
    objective: Objective,
    balances: Balances | None,
    opened: int,
    now: datetime,
    fault: str,
    taken: Sequence[Stretch],
) -> Verdict:
    try:
        return judge(objective, balances, opened, now, fault, taken)
    except Exception as error:
        log.exception("%s: what was counted could not be judged", objective.id)
        return judge(objective, None, opened, now, f"It could not be judged: {of_our_own(error)}")


def near(objective: Objective, account: Account, taken: Taken) -> Sequence[Stretch]:
    """The stretches that reach into a window of its verdict: what was taken out years ago changes
    nothing in them."""
    if account.read_until is None or objective.id not in taken:
        return ()
    oldest = instants(objective, account.read_until)[0]
    return [(start, end) for start, end in taken[objective.id] if end > oldest]
