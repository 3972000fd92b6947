"""Grants, reviews and budget adjustments."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update
from sqlmodel import Session, col, select

from bot.decide.adjustment import Adjustment
from bot.decide.change import Change
from bot.decide.override import Grant, Review, Run
from bot.record.dialect import Dialect
from bot.record.statements import ask, change, fetch, first, numbered, stored, whole
from bot.record.tables import AdjustmentRow, GrantRow, ReviewRow
from bot.record.wording import change_of, change_text, stretch_of, stretch_text

_ADD = insert(GrantRow).returning(col(GrantRow.id))
_ADD_ALL = insert(GrantRow)
_OF_REQUEST = whole(GrantRow).where(col(GrantRow.request_id) == bindparam("number"))
_OF_SERVICE = (
    whole(GrantRow)
    .where(col(GrantRow.service) == bindparam("service"))
    .order_by(col(GrantRow.id).desc())
    .limit(bindparam("most"))
)


class SqlGrants:
    """Satisfies bot.ports.overrides.Grants."""

    def __init__(self, session: Session, dialect: Dialect, *, writing: bool) -> None:
        self._session = session
        self._dialect = dialect
        self._writing = writing

    def add(self, grant: Grant) -> Grant:
        """Store it; the answer bears its id."""
        number = self._session.connection().execute(_ADD, _cells(grant)).scalar_one()
        return replace(grant, id=numbered(number))

    def reserve(self, count: int) -> list[int]:
        """See Grants."""
        return self._dialect.reserve(self._session, GrantRow, count)

    def add_all(self, grants: Sequence[Grant]) -> None:
        """See Grants."""
        rows = [_cells(one) | {"id": one.id} for one in grants]
        self._session.connection().execute(_ADD_ALL, rows)

    def get(self, grant: int) -> Grant | None:
        """By id."""
        row = first(self._session, select(GrantRow).where(col(GrantRow.id) == grant))
        return _grant(row) if row else None

    def of_request(self, request: int) -> Grant | None:
        """By what it came from."""
        row = next(iter(ask(self._session, _OF_REQUEST, number=request)), None)
        return _grant(row) if row else None

    def of_service(self, service: str, limit: int = 20) -> list[Grant]:
        """Newest first."""
        rows = ask(self._session, _OF_SERVICE, service=service, most=limit)
        return [_grant(row) for row in rows]

    def unsettled(self) -> list[Grant]:
        """Oldest first."""
        wanted = select(GrantRow).where(
            col(GrantRow.used_at).is_(None), col(GrantRow.revoked_at).is_(None),
            ~col(GrantRow.settled),
        ).order_by(col(GrantRow.id))  # fmt: skip
        if self._writing:
            wanted = wanted.with_for_update(skip_locked=True)
        return [_grant(row) for row in fetch(self._session, wanted)]

    def settle(self, grant: int) -> None:
        """Its end has been told."""
        one = update(GrantRow).where(col(GrantRow.id) == grant).values(settled=True)
        change(self._session, one)

    def use(self, grant: int, run: Run, now: datetime, released: Change) -> bool:
        """One conditional update decides between all who ask; the row of a run that asks again is
        left as it was."""
        fresh = (
            update(GrantRow)
            .where(
                col(GrantRow.id) == grant,
                col(GrantRow.used_at).is_(None),
                col(GrantRow.revoked_at).is_(None),
                col(GrantRow.use_by) > now,
            )
            .values(used_at=now, used_by=run.mark, change=change_text(released))
        )
        if change(self._session, fresh) == 1:
            return True
        found = self.get(grant)
        return found is not None and found.used_in(run)

    def revoke(self, grant: int, now: datetime) -> bool:
        """False if there is nothing left to take back."""
        still = (
            col(GrantRow.id) == grant,
            col(GrantRow.used_at).is_(None),
            col(GrantRow.revoked_at).is_(None),
            col(GrantRow.use_by) > now,
        )
        return change(self._session, update(GrantRow).where(*still).values(revoked_at=now)) == 1


def _cells(grant: Grant) -> dict[str, Any]:
    return {
        "request_id": grant.request,
        "service": grant.change.service,
        "change": change_text(grant.change),
        "freezes": json.dumps(list(grant.freezes)),
        "granted_at": grant.granted_at,
        "use_by": grant.use_by,
        "emergency": grant.emergency,
        "used_at": grant.used_at,
        "used_by": grant.used_by,
        "revoked_at": grant.revoked_at,
        "settled": False,
    }


class SqlReviews:
    """Satisfies bot.ports.overrides.Reviews."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, review: Review) -> Review:
        """Store it; the answer bears its id."""
        row = ReviewRow(
            grant_id=review.grant,
            scope=review.scope,
            opened_at=review.opened_at,
            due_at=review.due_at,
            owner=review.owner,
            reviewed_at=review.reviewed_at,
            reviewed_by=review.reviewed_by,
            finding=review.finding,
        )
        return _review(stored(self._session, row))

    def get(self, review: int) -> Review | None:
        """By id."""
        row = first(self._session, select(ReviewRow).where(col(ReviewRow.id) == review))
        return _review(row) if row else None

    def of_grant(self, grant: int) -> Review | None:
        """What was opened for it."""
        row = first(self._session, select(ReviewRow).where(col(ReviewRow.grant_id) == grant))
        return _review(row) if row else None

    def open(self) -> list[Review]:
        """The one due first first."""
        wanted = select(ReviewRow).where(col(ReviewRow.reviewed_at).is_(None))
        wanted = wanted.order_by(col(ReviewRow.due_at), col(ReviewRow.id))
        return [_review(row) for row in fetch(self._session, wanted)]

    def finish(self, review: int, by: str, finding: str, now: datetime) -> bool:
        """False if somebody has done it already."""
        still = col(ReviewRow.id) == review, col(ReviewRow.reviewed_at).is_(None)
        done = update(ReviewRow).where(*still)
        done = done.values(reviewed_at=now, reviewed_by=by, finding=finding)
        return change(self._session, done) == 1


class SqlAdjustments:
    """Satisfies bot.ports.overrides.Adjustments."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, adjustment: Adjustment) -> Adjustment:
        """Store it; the answer bears its id."""
        row = AdjustmentRow(
            request_id=adjustment.request,
            stretch=stretch_text(adjustment.stretch),
            reason=adjustment.reason,
            approved_at=adjustment.approved_at,
            reversed_at=adjustment.reversed_at,
        )
        return _adjustment(stored(self._session, row))

    def get(self, adjustment: int) -> Adjustment | None:
        """By id."""
        row = first(self._session, select(AdjustmentRow).where(col(AdjustmentRow.id) == adjustment))
        return _adjustment(row) if row else None

    def holding(self) -> list[Adjustment]:
        """Not reversed, oldest first."""
        wanted = select(AdjustmentRow).where(col(AdjustmentRow.reversed_at).is_(None))
        wanted = wanted.order_by(col(AdjustmentRow.id))
        return [_adjustment(row) for row in fetch(self._session, wanted)]

    def newest(self, limit: int = 20) -> list[Adjustment]:
        """Newest first."""
        wanted = select(AdjustmentRow).order_by(col(AdjustmentRow.id).desc()).limit(limit)
        return [_adjustment(row) for row in fetch(self._session, wanted)]

    def reverse(self, adjustment: int, now: datetime) -> bool:
        """False if it was reversed already."""
        still = col(AdjustmentRow.id) == adjustment, col(AdjustmentRow.reversed_at).is_(None)
        undone = update(AdjustmentRow).where(*still).values(reversed_at=now)
        return change(self._session, undone) == 1


def _grant(row: GrantRow) -> Grant:
    released = change_of(row.change)
    if released is None:
        raise AssertionError("a grant is for a release")
    return Grant(
        numbered(row.id),
        row.request_id,
        released,
        tuple(json.loads(row.freezes)),
        row.granted_at,
        row.use_by,
        row.emergency,
        row.used_at,
        row.used_by,
        row.revoked_at,
    )


def _review(row: ReviewRow) -> Review:
    return Review(
        numbered(row.id),
        row.grant_id,
        row.scope,
        row.opened_at,
        row.due_at,
        row.owner,
        row.reviewed_at,
        row.reviewed_by,
        row.finding,
    )


def _adjustment(row: AdjustmentRow) -> Adjustment:
    stretch = stretch_of(row.stretch)
    if stretch is None:
        raise AssertionError("an adjustment is of a stretch of time")
    return Adjustment(
        numbered(row.id), row.request_id, stretch, row.reason, row.approved_at, row.reversed_at
    )
