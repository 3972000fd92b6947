"""What a policy's request rests on."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.decide.catalog import Catalog
from bot.flow.facts import Facts, verdict_facts
from bot.flow.judging import Taken, judge_accounts
from bot.judge.objective import Objective
from bot.judge.verdict import Verdict, judge
from bot.ports import Books


def judge_now(
    books: Books, objectives: Sequence[Objective], now: datetime, taken: Taken | None = None
) -> list[tuple[Objective, Verdict]]:
    """Each objective with its present verdict; nobody has counted those without an account.
    `taken`: as in `judge_accounts`."""
    ids = [objective.id for objective in objectives]
    accounts = books.ledger.accounts(ids)
    faults = {name: one.fault for name, one in books.standings.get(ids).items()}
    pairs = [(o, accounts[o.id]) for o in objectives if o.id in accounts]
    judged = judge_accounts(books, pairs, now, faults, taken)
    known = {o.id: verdict for (o, _), verdict in zip(pairs, judged, strict=True)}
    return [(o, known.get(o.id) or judge(o, None, 0, now)) for o in objectives]


def grounds(books: Books, catalog: Catalog, causes: Iterable[str], now: datetime) -> Facts:
    """What a request for these objectives rests on: the figures of the one with the least left.
    Empty if the specs have none of them."""
    names = set(causes)
    judged = judge_now(books, [one for one in catalog.objectives if one.id in names], now)
    return verdict_facts(*min(judged, key=_left)) if judged else {}


def _left(judged: tuple[Objective, Verdict]) -> float:
    left = judged[1].left
    return 1.0 if left is None else float(left)
