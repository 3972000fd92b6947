"""Rows read from the ledger."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from sqlalchemy import func
from sqlmodel import Session, col

from bot.judge.ledger import Balances, Entry
from bot.record.dialect import Dialect
from bot.record.statements import pick
from bot.record.tables import EntryRow

_BEFORE_ALL = -1
"""An instant before every account was opened: it is answered with the opening row."""
_ENTRY = (EntryRow.at, EntryRow.eligible, EntryRow.bad, EntryRow.observed)


def balances(
    session: Session, dialect: Dialect, wanted: Mapping[int, Sequence[int]]
) -> dict[int, Balances]:
    """One look-up in the primary key for every instant, all in one statement."""
    pairs = [(account, at) for account, ats in wanted.items() for at in (_BEFORE_ALL, *ats)]
    asked = dialect.sheet({"id": [p[0] for p in pairs], "instant": [p[1] for p in pairs]})
    mine = col(EntryRow.account_id) == asked.c.id
    latest = pick(func.max(EntryRow.at)).where(mine, col(EntryRow.at) <= asked.c.instant)
    opening = pick(func.min(EntryRow.at)).where(mine)
    found = func.coalesce(
        latest.correlate(asked).scalar_subquery(), opening.correlate(asked).scalar_subquery()
    )
    statement = (
        pick(EntryRow.account_id, *_ENTRY)
        .select_from(asked)
        .join(EntryRow, mine & (col(EntryRow.at) == found))
    )
    rows: defaultdict[int, dict[int, Entry]] = defaultdict(dict)
    for account, at, eligible, bad, observed in session.connection().execute(statement):
        rows[account][at] = Entry(at, eligible, bad, observed)
    return {account: Balances([own[at] for at in sorted(own)]) for account, own in rows.items()}


def rows(session: Session, account: int, since: int, until: int) -> Balances | None:
    """All rows of (since, until], with the one at or before `since`."""
    mine = col(EntryRow.account_id) == account
    before = pick(func.max(EntryRow.at)).where(mine, col(EntryRow.at) <= since).scalar_subquery()
    statement = (
        pick(*_ENTRY)
        .where(mine, col(EntryRow.at) >= func.coalesce(before, since), col(EntryRow.at) <= until)
        .order_by(col(EntryRow.at))
    )
    found = [Entry(*row) for row in session.connection().execute(statement)]
    return Balances(found) if found else None
