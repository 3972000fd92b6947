"""Reading the history: pages of it, all of it, and who and what it speaks of."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, and_, func, or_
from sqlmodel import Session, col

from bot.decide.decision import OUTAGES, Chained, read_back
from bot.decide.people import Actor
from bot.decide.proof import Link
from bot.ports.history import HistoryFilter
from bot.record.decisions import FILED, is_filed_right
from bot.record.statements import pick
from bot.record.tables import DecisionRow

PORTION = 2_000
_SEQ = col(DecisionRow.seq)
_NUMBER = _SEQ + 0
"""Of which no planner takes the least by reading the table in its order."""
_OUTAGES = [str(event) for event in OUTAGES]
_LINK = (DecisionRow.seq, DecisionRow.previous, DecisionRow.hash, DecisionRow.body)


def find(session: Session, wanted: HistoryFilter) -> list[Chained]:
    """Newest first; a page after a row is found upwards from it. Which services an outage touched
    stands in its evidence: pages are read until there are rows enough that did."""
    upwards = wanted.after is not None
    order = _SEQ.asc() if upwards else _SEQ.desc()
    size = most = max(0, wanted.limit)
    found: list[Chained] = []
    while True:
        rows = _rows(session, _that(session, wanted).order_by(order).limit(size))
        page = [Chained(seq, read_back(body), *links) for seq, *links, body in rows]
        found.extend(row for row in page if wanted.of_scopes(row.decision))
        if len(page) < size or len(found) >= most:
            return found[:most][::-1] if upwards else found[:most]
        last, size = page[-1].seq, min(PORTION, 4 * size)
        wanted = replace(wanted, after=last) if upwards else replace(wanted, before=last)


def walk(session: Session, wanted: HistoryFilter) -> Iterator[Link]:
    """Oldest first, PORTION rows in memory at a time."""
    for row in _portions(session, _that(session, wanted), wanted.after or 0):
        link = Link(*row)
        if not wanted.services or wanted.of_scopes(read_back(link.body)):
            yield link


def links(session: Session, after: int) -> Iterator[Link]:
    """All rows after that place, with whether they are filed right."""
    filed = [getattr(DecisionRow, name) for name in FILED]
    for seq, previous, digest, body, *found in _portions(session, pick(*_LINK, *filed), after):
        yield Link(seq, previous, digest, body, is_filed_right(body, tuple(found)))


def scopes(session: Session) -> list[str]:
    """Each scope on record once."""
    each = _each(col(DecisionRow.scope))
    return [
        scope for (scope,) in _rows(session, pick(each.c.value).where(each.c.value.is_not(None)))
    ]


def people(session: Session) -> list[Actor]:
    """Each actor on record once, as the newest row calls them."""
    each = _each(col(DecisionRow.actor))
    newest = pick(func.max(_SEQ)).where(col(DecisionRow.actor) == each.c.value).scalar_subquery()
    places = pick(newest).where(each.c.value.is_not(None)).scalar_subquery()
    rows = _rows(session, pick(DecisionRow.body).where(_SEQ.in_(places)).order_by(_SEQ))
    return [read_back(body).actor for (body,) in rows]


def _each(column: Any) -> CTE:
    """The values of an indexed column: from each to the next one by the index, for they are few and
    the rows many. The last is NULL."""
    each = pick(func.min(column).label("value")).cte("each", recursive=True)
    following = pick(func.min(column)).where(column > each.c.value).scalar_subquery()
    return each.union_all(pick(following).where(each.c.value.is_not(None)))


def _portions(session: Session, wanted: Select[Any], after: int) -> Iterator[Any]:
    while True:
        rows = _rows(session, wanted.where(after < _SEQ).order_by(_SEQ).limit(PORTION))
        yield from rows
        if len(rows) < PORTION:
            return
        after = rows[-1][0]


def _rows(session: Session, wanted: Select[Any]) -> list[Any]:
    return list(session.connection().execute(wanted))


def _that(session: Session, wanted: HistoryFilter) -> Select[Any]:
    return pick(*_LINK).where(*_conditions(wanted), *_stretch(session, wanted))


def _conditions(wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    if wanted.scopes:
        theirs = col(DecisionRow.scope).in_(wanted.scopes)
        yield or_(theirs, col(DecisionRow.event).in_(_OUTAGES)) if wanted.services else theirs
    for column, values in (
        (DecisionRow.event, [str(event) for event in wanted.events]),
        (DecisionRow.actor, wanted.actors),
        (DecisionRow.objective, [wanted.objective] if wanted.objective else ()),
    ):
        if values:
            yield col(column).in_(values)
    if wanted.before is not None:
        yield wanted.before > _SEQ
    if wanted.after is not None:
        yield wanted.after < _SEQ


def _stretch(session: Session, wanted: HistoryFilter) -> Iterator[ColumnElement[bool]]:
    """A stretch of time, also as one of sequence numbers: rows are looked for in their order, and
    those on the way to an early day would all be read."""
    at = col(DecisionRow.at)
    if wanted.since is not None:
        first = _one(session, pick(func.min(_NUMBER)).where(at >= wanted.since))
        yield and_(at >= wanted.since, first <= _SEQ)
    if wanted.until is not None:
        last = _one(session, pick(func.max(_NUMBER)).where(at < wanted.until))
        yield and_(at < wanted.until, last >= _SEQ)


def _one(session: Session, wanted: Select[Any]) -> int:
    """A sequence number; 0 if there is none."""
    return int(session.connection().execute(wanted).scalar_one() or 0)
