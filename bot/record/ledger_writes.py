"""Rows written to the ledger: under the lock of their account, and fenced by its token."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import func, update
from sqlmodel import Session, col

from bot.judge.ledger import Entry, Slice, accumulate
from bot.ports.ledger import Account
from bot.record.dialect import Dialect
from bot.record.ledger_accounts import FIELDS
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, EntryRow

Item = tuple[Account, Sequence[Slice], int]


def append(session: Session, dialect: Dialect, items: Sequence[Item]) -> list[Account]:
    """Read the newest rows, go on from them, write all new rows at once."""
    if not items:
        return []
    known = lock(session, dialect, sorted({account.id for account, _, _ in items}))
    mine = [item for item in items if _held(item[0], known)]
    newest = _newest(session, dialect, [account.id for account, _, _ in mine])
    after: dict[int, Account] = {}
    fresh: list[tuple[Any, ...]] = []
    for given, slices, read_until in mine:
        account = after.get(given.id, known[given.id])
        last = newest.get(account.id)
        rows = accumulate(last, slices)
        after[account.id] = _moved(account, last, rows, slices, read_until)
        if rows:
            newest[account.id] = rows[-1]
        fresh.extend((account.id, r.at, r.eligible, r.bad, r.observed) for r in rows)
    if fresh:
        dialect.load(session, EntryRow, fresh)
    _store(session, dialect, list(after.values()))
    return list(after.values())


def _held(account: Account, known: Mapping[int, Account]) -> bool:
    """Whether nobody has claimed it since."""
    return account.id in known and known[account.id].token == account.token


def lock(session: Session, dialect: Dialect, accounts: Sequence[int]) -> dict[int, Account]:
    """Lock accounts until the transaction ends, always in the same order; as they stand now."""
    asked = dialect.sheet({"id": list(accounts)})
    wanted = (
        pick(*FIELDS)
        .where(col(AccountRow.id).in_(pick(asked.c.id)))
        .order_by(col(AccountRow.id))
        .with_for_update()
    )
    return {row.id: Account(*row) for row in session.connection().execute(wanted).all()}


def _newest(session: Session, dialect: Dialect, accounts: Sequence[int]) -> dict[int, Entry]:
    """Their newest rows; read after the lock, for PostgreSQL shows a statement what was committed
    before it began, not before it had the lock."""
    asked = dialect.sheet({"id": list(dict.fromkeys(accounts))})
    last = (
        pick(func.max(EntryRow.at))
        .where(col(EntryRow.account_id) == asked.c.id)
        .correlate(asked)
        .scalar_subquery()
    )
    wanted = (
        pick(EntryRow.account_id, EntryRow.at, EntryRow.eligible, EntryRow.bad, EntryRow.observed)
        .select_from(asked)
        .join(EntryRow, (col(EntryRow.account_id) == asked.c.id) & (col(EntryRow.at) == last))
    )
    return {row[0]: Entry(*row[1:]) for row in session.connection().execute(wanted)}


def _moved(
    account: Account,
    last: Entry | None,
    rows: Sequence[Entry],
    slices: Sequence[Slice],
    read_until: int,
) -> Account:
    """The account after these rows: how far it has been read and seen."""
    known = last.at if last is not None else None
    counted = (s.at for s in slices if s.observed and (known is None or s.at > known))
    opened = account.opened
    if opened is None and last is None and rows:
        opened = rows[0].at
    return replace(
        account,
        opened=opened,
        read_until=max(read_until, account.read_until or read_until),
        seen_until=max(counted, default=account.seen_until),
    )


def _store(session: Session, dialect: Dialect, accounts: Sequence[Account]) -> None:
    if not accounts:
        return
    fresh = dialect.sheet(
        {
            "id": [account.id for account in accounts],
            "opened": [account.opened for account in accounts],
            "read_until": [account.read_until for account in accounts],
            "seen_until": [account.seen_until for account in accounts],
        }
    )
    statement = update(AccountRow).where(col(AccountRow.id) == fresh.c.id)
    columns = {name: fresh.c[name] for name in ("opened", "read_until", "seen_until")}
    change(session, statement.values(columns))
