"""Thinning: rows that no window can ask for any more are deleted; no sum ever changes.

What goes is said by bot.judge.thinning.keeps; here it is said to the database: the older a row, the
coarser the step that it must fit. Up to where a step has been applied to an account is remembered,
so that all calls together look at each row a few times only.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, delete, func, literal, or_, tuple_
from sqlmodel import Session, col

from bot.judge.thinning import tiers
from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import AccountRow, EntryRow, ThinnedRow

_THINNING = 0x6275726E_0002
"""Lock of PostgreSQL: one replica thins at a time."""
_LAG = 900
"""Seconds that the memory of what was looked at may lag behind: fewer writes, a few looks more."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """Rows older than `edge` must stand on multiples of `step`."""

    tier: int
    edge: int | None
    """Seconds since 1970; None: all rows."""
    step: int | None
    """None: no row older than that stays."""


def _rules(now: int, step: int) -> Iterator[_Rule]:
    edge: int | None = None
    for index, tier in enumerate(tiers(step)):
        yield _Rule(index, edge, tier.step)
        edge = now - tier.age
    yield _Rule(len(tiers(step)), edge, None)


def thin(session: Session, dialect: Dialect, now: int, limit: int) -> int:
    """Delete at most `limit` rows; how many went."""
    dialect.alone(session, _THINNING)
    gone = 0
    steps = session.connection().execute(pick(AccountRow.step).distinct()).scalars().all()
    for step in steps:
        for rule in _rules(now, step):
            if gone >= limit:
                return gone
            gone += change(session, _deletion(step, rule, limit - gone))
            if gone < limit and rule.step is not None:
                change(session, _memory(dialect, step, rule))
    return gone


def _deletion(step: int, rule: _Rule, limit: int) -> Any:
    at = col(EntryRow.at)
    doomed = (
        pick(EntryRow.account_id, EntryRow.at)
        .join(AccountRow, col(AccountRow.id) == col(EntryRow.account_id))
        .outerjoin(ThinnedRow, _remembered(rule))
        .where(
            col(AccountRow.step) == step,
            at > func.coalesce(ThinnedRow.until, AccountRow.opened),
            at > col(AccountRow.opened),
            at < _newest(),
            _unfit(rule),
        )
        .limit(limit)
    )
    if rule.edge is not None:
        doomed = doomed.where(at < rule.edge)
    return delete(EntryRow).where(tuple_(EntryRow.account_id, EntryRow.at).in_(doomed))


def _unfit(rule: _Rule) -> ColumnElement[bool]:
    return literal(True) if rule.step is None else col(EntryRow.at) % rule.step != 0


def _remembered(rule: _Rule) -> ColumnElement[bool]:
    return and_(col(ThinnedRow.account_id) == col(AccountRow.id), col(ThinnedRow.tier) == rule.tier)


def _newest() -> Any:
    """The newest row of an account is never deleted, nor counted as looked at."""
    own = pick(func.max(EntryRow.at)).where(col(EntryRow.account_id) == col(AccountRow.id))
    return own.correlate(AccountRow).scalar_subquery()


def _memory(dialect: Dialect, step: int, rule: _Rule) -> Any:
    """Note for every account of that step that the rule has been applied up to its edge."""
    newest = _newest()
    edge = newest if rule.edge is None else case((newest < rule.edge, newest), else_=rule.edge)
    looked: Select[Any] = (
        pick(AccountRow.id, literal(rule.tier), edge - 1)
        .outerjoin(ThinnedRow, _remembered(rule))
        .where(
            col(AccountRow.step) == step,
            col(AccountRow.opened).is_not(None),
            or_(col(ThinnedRow.until).is_(None), col(ThinnedRow.until) + _LAG < edge),
        )
    )
    row = dialect.insert(ThinnedRow).from_select(["account_id", "tier", "until"], looked)
    return row.on_conflict_do_update(
        index_elements=["account_id", "tier"], set_={"until": row.excluded.until}
    )
