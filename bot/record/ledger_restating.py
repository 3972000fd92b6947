"""Late truth posted to an account, under its lock."""

from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlmodel import Session, col

from bot.errors import Contradicted
from bot.judge.ledger import Entry, Slice
from bot.judge.restating import begins, restated
from bot.ports.ledger import Account
from bot.record import ledger_accounts, ledger_reads, ledger_writes
from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, EntryRow

_EVER = 2**53
"""Later than any row."""


def hold(
    session: Session, dialect: Dialect, objectives: Sequence[str], counting: Sequence[str]
) -> dict[str, Account]:
    """The present accounts, read after the lock."""
    known = ledger_accounts.present(session, dialect, objectives, counting)
    ids = sorted(account.id for account in known.values())
    held = ledger_writes.lock(session, dialect, ids) if ids else {}
    return {account.objective: account for account in held.values()}


def restate(
    session: Session, dialect: Dialect, account: int, corrections: Sequence[Slice], now: int
) -> None:
    """Read what the corrections move, and write it anew. Raises Contradicted."""
    if not corrections:
        return
    held = ledger_writes.lock(session, dialect, [account])[account]
    step = (
        session.connection()
        .execute(pick(AccountRow.step).where(col(AccountRow.id) == account))
        .scalar_one()
    )
    balances = ledger_reads.rows(session, account, begins(corrections) - 1, _EVER)
    old = () if balances is None else balances.rows
    try:
        rows = restated(old, corrections, step, now, held.read_until or 0)
    except ValueError as error:
        sentence = f"What comes late does not fit what {held.objective} has counted: {error}."
        raise Contradicted(sentence, "say all of that time again, as it is now") from error
    _write(session, dialect, account, old, rows)
    opened = rows[0].at if held.opened is None else min(held.opened, rows[0].at)
    seen = [one.at for one in corrections if one.observed > 0]
    seen += [held.seen_until] if held.seen_until is not None else []
    mine = update(AccountRow).where(col(AccountRow.id) == account)
    change(session, mine.values(opened=opened, seen_until=max(seen, default=None)))


def _write(
    session: Session,
    dialect: Dialect,
    account: int,
    old: Sequence[Entry],
    rows: Sequence[Entry],
) -> None:
    """Only what has changed: rows before the first difference stay."""
    known = set(old)
    fresh = [row for row in rows if row not in known]
    if not fresh:
        return
    since = fresh[0].at
    mine = col(EntryRow.account_id) == account, col(EntryRow.at) >= since
    change(session, delete(EntryRow).where(*mine))
    later = [row for row in rows if row.at >= since]
    cells = [(account, r.at, r.eligible, r.bad, r.observed) for r in later]
    dialect.load(session, EntryRow, cells)
