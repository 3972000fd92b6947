"""Verdicts from the ledger as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.decide.adjustment import taken_out
from bot.judge.ledger import Balances, Stretch
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, instants, judge
from bot.ports import Account, Books

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
    already."""
    held = taken_out(books.adjustments.holding()) if taken is None else taken
    out = {o.id: near(o, account, held) for o, account in pairs if o.id in held}
    wanted = {
        account.id: instants(objective, account.read_until, out.get(objective.id, ()))
        for objective, account in pairs
        if account.opened is not None and account.read_until is not None
    }
    found: dict[int, Balances] = books.ledger.balances(wanted) if wanted else {}
    return [
        judge(
            objective,
            found.get(account.id),
            account.opened or 0,
            now,
            faults.get(objective.id, ""),
            out.get(objective.id, ()),
        )
        for objective, account in pairs
    ]


def near(objective: Objective, account: Account, taken: Taken) -> Sequence[Stretch]:
    """The stretches that reach into a window of its verdict: what was taken out years ago changes
    nothing in them."""
    if account.read_until is None or objective.id not in taken:
        return ()
    oldest = instants(objective, account.read_until)[0]
    return [(start, end) for start, end in taken[objective.id] if end > oldest]
