"""Accounts: opened, claimed, given back."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, Update, update
from sqlmodel import Session, col

from bot.judge.objective import Objective
from bot.ports.ledger import Account
from bot.record.dialect import Dialect
from bot.record.leases import free
from bot.record.statements import change, pick
from bot.record.tables import AccountRow

_OPENING = 0x6275726E_0001
"""Lock of PostgreSQL: two replicas that start at once open accounts one after the other."""

FIELDS = (
    col(AccountRow.id),
    col(AccountRow.objective),
    col(AccountRow.opened),
    col(AccountRow.read_until),
    col(AccountRow.seen_until),
    col(AccountRow.token),
)
"""In the order of `Account`."""


def open_accounts(
    session: Session, dialect: Dialect, objectives: Sequence[Objective], now: datetime
) -> None:
    """Open what is missing; put the account of the present way of counting in place of others."""
    dialect.alone(session, _OPENING)
    marks = {objective.id: objective.fingerprint for objective in objectives}
    known = _known(session, dialect, marks)
    current = {name for name, (mark, is_current) in known if is_current and marks[name] == mark}
    former = {name for name, (mark, _) in known if marks[name] == mark}
    changed = sorted(set(marks) - current)
    if not changed:
        return
    names = dialect.sheet({"objective": changed})
    aside = update(AccountRow).where(
        col(AccountRow.current), col(AccountRow.objective).in_(pick(names.c.objective))
    )
    change(session, aside.values(current=False))
    back = dialect.sheet({"objective": changed, "fingerprint": [marks[name] for name in changed]})
    resumed = update(AccountRow).where(
        col(AccountRow.objective) == back.c.objective,
        col(AccountRow.fingerprint) == back.c.fingerprint,
    )
    change(session, resumed.values(current=True, due_at=now))
    steps = {objective.id: objective.step for objective in objectives}
    rows = [
        {
            "objective": name,
            "fingerprint": marks[name],
            "current": True,
            "step": steps[name],
            "due_at": now,
            "token": 0,
        }
        for name in changed
        if name not in former
    ]
    if rows:
        session.connection().execute(dialect.insert(AccountRow), rows)


def _known(
    session: Session, dialect: Dialect, names: Iterable[str]
) -> list[tuple[str, tuple[str, bool]]]:
    asked = dialect.sheet({"objective": list(names)})
    wanted = pick(AccountRow.objective, AccountRow.fingerprint, AccountRow.current).where(
        col(AccountRow.objective).in_(pick(asked.c.objective))
    )
    return [(name, (mark, current)) for name, mark, current in session.connection().execute(wanted)]


def claim(
    session: Session,
    dialect: Dialect,
    objectives: Sequence[str],
    now: datetime,
    lease: float,
    limit: int,
    counting: Sequence[str],
) -> list[Account]:
    """Lock what is due and free, then lease it under a raised token."""
    due = (
        _present(dialect, objectives, counting)
        .where(
            col(AccountRow.due_at) <= now,
            free(col(AccountRow.claim_until), col(AccountRow.claimed_at), now),
        )
        .order_by(col(AccountRow.due_at), col(AccountRow.id))
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    found = [tuple(row) for row in session.connection().execute(due)]
    if not found:
        return []
    taken = dialect.sheet({"id": [row[0] for row in found]})
    leased = update(AccountRow).where(col(AccountRow.id).in_(pick(taken.c.id)))
    until = now + timedelta(seconds=lease)
    raised = col(AccountRow.token) + 1
    change(session, leased.values(token=raised, claimed_at=now, claim_until=until))
    return [replace(Account(*row), token=row[-1] + 1) for row in found]


def hurry(session: Session, dialect: Dialect, objectives: Sequence[str], now: datetime) -> None:
    """Due at once, whoever holds them."""
    asked = dialect.sheet({"objective": list(objectives)})
    later = update(AccountRow).where(
        col(AccountRow.objective).in_(pick(asked.c.objective)), col(AccountRow.due_at) > now
    )
    change(session, later.values(due_at=now))


def present(
    session: Session, dialect: Dialect, objectives: Sequence[str], counting: Sequence[str] = ()
) -> dict[str, Account]:
    """The current accounts by objective id; with `counting` only those counted so."""
    if not objectives:
        return {}
    rows = session.connection().execute(_present(dialect, objectives, counting))
    return {row.objective: Account(*row) for row in rows}


def renew(
    session: Session, dialect: Dialect, accounts: Sequence[Account], now: datetime, lease: float
) -> None:
    """Those that are still in the caller's hands stay there for `lease` seconds more."""
    until = now + timedelta(seconds=lease)
    change(session, _held(dialect, accounts).values(claimed_at=now, claim_until=until))


def release(
    session: Session, dialect: Dialect, accounts: Sequence[Account], due_at: datetime
) -> None:
    """Free those that are still in the caller's hands."""
    freed = {"due_at": due_at, "claimed_at": None, "claim_until": None}
    change(session, _held(dialect, accounts).values(freed))


def _held(dialect: Dialect, accounts: Sequence[Account]) -> Update:
    held = dialect.sheet({"id": [a.id for a in accounts], "token": [a.token for a in accounts]})
    return update(AccountRow).where(
        col(AccountRow.id) == held.c.id, col(AccountRow.token) == held.c.token
    )


def _present(dialect: Dialect, objectives: Sequence[str], counting: Sequence[str]) -> Select[Any]:
    asked = dialect.sheet({"objective": list(objectives)})
    mine = col(AccountRow.objective).in_(pick(asked.c.objective))
    present = pick(*FIELDS).where(col(AccountRow.current), mine)
    if not counting:
        return present
    known = dialect.sheet({"fingerprint": list(counting)})
    return present.where(col(AccountRow.fingerprint).in_(pick(known.c.fingerprint)))
