"""Verdicts from the ledger as it stands."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from bot.judge.ledger import Balances
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, instants, judge
from bot.ports import Account, Books


def judge_accounts(
    books: Books,
    pairs: Sequence[tuple[Objective, Account]],
    now: datetime,
    faults: Mapping[str, str],
) -> list[Verdict]:
    """Verdicts of many objectives from one look into the ledger. `faults`: why the newest poll of
    an objective brought nothing."""
    wanted = {
        account.id: instants(objective, account.read_until)
        for objective, account in pairs
        if account.opened is not None and account.read_until is not None
    }
    found: dict[int, Balances] = books.ledger.balances(wanted) if wanted else {}
    return [
        judge(
            objective, found.get(account.id), account.opened or 0, now, faults.get(objective.id, "")
        )
        for objective, account in pairs
    ]
