"""Thinning: rows that no window can ask for any more are deleted; no sum ever changes.

What goes is said by bot.judge.thinning.keeps; here it is said to the database: the older a row, the
coarser the step that it must fit. Up to where a step has been applied to an account is remembered,
so that all calls together look at each row a few times only.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, tuple_
from sqlmodel import Session, col

from bot.judge.thinning import DAY, MIDNIGHTS, tiers
from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, EntryRow, ThinnedRow

_THINNING = 0x6275726E_0002
"""Lock of PostgreSQL: one replica thins at a time."""
_LAG = 900
"""Seconds that the memory of what was looked at may lag behind: fewer writes, a few looks more."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows older than `edge` must stand on multiples of `step`, or where a day begins."""

    tier: int
    edge: int | None
    """Seconds since 1970; None: all rows."""
    step: int | None
    """None: no row older than that stays."""


@dataclass(frozen=True, slots=True)
class _Bounds:
    """Where a rule is to be applied to an account: to the rows between, both ends excluded."""

    account: int
    looked: int
    """Up to here its rows fit the rule; at first its opening row, which always stays."""
    until: int
    """The rule's edge, or the newest row, which stays and will be looked at again."""


def thin(
    session: Session, dialect: Dialect, now: int, limit: int, kept: Collection[int] = ()
) -> int:
    """Delete at most `limit` rows, none of the instants `kept`; how many went."""
    dialect.alone(session, _THINNING)
    gone = 0
    steps = session.connection().execute(pick(AccountRow.step).distinct()).scalars().all()
    for step in steps:
        for rule in _rules(now, step):
            bounds = _bounds(session, step, rule)
            gone += change(session, _deletion(dialect, bounds, rule, limit - gone, kept))
            if gone >= limit:
                return gone
            _remember(session, dialect, bounds, rule)
    return gone


def _rules(now: int, step: int) -> Iterator[_Rule]:
    edge: int | None = None
    for index, tier in enumerate(tiers(step)):
        yield _Rule(index, edge, tier.step)
        edge = now - tier.age
    yield _Rule(len(tiers(step)), edge, None)


def _bounds(session: Session, step: int, rule: _Rule) -> list[_Bounds]:
    """Bounds of all accounts with that step that have rows between them."""
    looked = pick(ThinnedRow.until).where(
        col(ThinnedRow.account_id) == col(AccountRow.id), col(ThinnedRow.tier) == rule.tier
    )
    newest = pick(func.max(EntryRow.at)).where(col(EntryRow.account_id) == col(AccountRow.id))
    wanted = pick(
        AccountRow.id,
        func.coalesce(looked.scalar_subquery(), AccountRow.opened),
        newest.scalar_subquery(),
    ).where(col(AccountRow.step) == step, col(AccountRow.opened).is_not(None))
    rows = session.connection().execute(wanted)
    edges = (
        _Bounds(account, start, last if rule.edge is None else min(last, rule.edge))
        for account, start, last in rows
    )
    return [bounds for bounds in edges if bounds.looked + 1 < bounds.until]


def _deletion(
    dialect: Dialect,
    bounds: Sequence[_Bounds],
    rule: _Rule,
    limit: int,
    kept: Collection[int],
) -> Any:
    at = col(EntryRow.at)
    asked = dialect.sheet(
        {
            "id": [b.account for b in bounds],
            "looked": [b.looked for b in bounds],
            "until": [b.until for b in bounds],
        }
    )
    between = (at > asked.c.looked) & (at < asked.c.until)
    doomed = (
        pick(EntryRow.account_id, EntryRow.at)
        .select_from(asked)
        .join(EntryRow, (col(EntryRow.account_id) == asked.c.id) & between)
        .limit(limit)
    )
    if rule.step is not None:
        doomed = doomed.where(at % rule.step != 0, (at % DAY).not_in(MIDNIGHTS))
        doomed = doomed.where(at.not_in(sorted(kept)))
    return delete(EntryRow).where(tuple_(EntryRow.account_id, EntryRow.at).in_(doomed))


def _remember(session: Session, dialect: Dialect, bounds: Sequence[_Bounds], rule: _Rule) -> None:
    """The rule has been applied up to the bounds. For what no rule keeps nothing needs to be
    remembered: nothing is left to be looked at."""
    behind = [b for b in bounds if b.looked + _LAG < b.until]
    if not behind or rule.step is None:
        return
    rows = [{"account_id": b.account, "tier": rule.tier, "until": b.until - 1} for b in behind]
    insert = dialect.insert(ThinnedRow)
    fresh = {"until": insert.excluded.until}
    statement = insert.on_conflict_do_update(index_elements=["account_id", "tier"], set_=fresh)
    session.connection().execute(statement, rows)
