"""Grants, reviews and adjustments in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.decide.adjustment import Adjustment
from bot.decide.change import Change
from bot.decide.override import Grant, OverrideState, Review, Run
from bot.errors import RecordError
from tests.fake_record_state import State, stored


class MemoryGrants:
    """Satisfies Grants."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, grant: Grant) -> Grant:
        """One a request."""
        self._state.write()
        if self.of_request(grant.request) is not None:
            raise RecordError(f"request {grant.request} was granted already")
        found = stored(replace(grant, id=len(self._state.grants) + 1))
        self._state.grants[found.id] = found
        return found

    def reserve(self, count: int) -> list[int]:
        """The next ones."""
        first = len(self._state.grants) + 1
        return list(range(first, first + count))

    def add_all(self, grants: Sequence[Grant]) -> None:
        """One a request."""
        for grant in grants:
            if grant.id != self.add(grant).id:
                raise RecordError(f"{grant.id} was not reserved")

    def get(self, grant: int) -> Grant | None:
        """By id."""
        return self._state.grants.get(grant)

    def of_request(self, request: int) -> Grant | None:
        """By what it came from."""
        return next((g for g in self._state.grants.values() if g.request == request), None)

    def of_service(self, service: str, limit: int = 20) -> list[Grant]:
        """Newest first."""
        found = [g for g in self._state.grants.values() if g.change.service == service]
        return sorted(found, key=lambda g: -g.id)[:limit]

    def unsettled(self) -> list[Grant]:
        """Their end is untold."""
        every = [g for g in self._state.grants.values() if g.id not in self._state.told_grants]
        return [g for g in every if (g.used_at, g.revoked_at) == (None, None)]

    def settle(self, grant: int) -> None:
        """Told."""
        self._state.write()
        self._state.told_grants[grant] = True

    def use(self, grant: int, run: Run, now: datetime, released: Change) -> bool:
        """Once, and for the same run again."""
        self._state.write()
        found = self.get(grant)
        if found is None:
            return False
        if found.state(now) is OverrideState.APPROVED:
            used = stored(replace(found, used_at=now, used_by=run.mark, change=released))
            self._state.grants[grant] = used
            return True
        return found.used_in(run)

    def revoke(self, grant: int, now: datetime) -> bool:
        """Before it is over."""
        self._state.write()
        found = self.get(grant)
        if found is None or found.state(now) is not OverrideState.APPROVED:
            return False
        self._state.grants[grant] = stored(replace(found, revoked_at=now))
        return True


class MemoryReviews:
    """Satisfies Reviews."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, review: Review) -> Review:
        """The answer bears its id."""
        self._state.write()
        found = stored(replace(review, id=len(self._state.reviews) + 1))
        self._state.reviews[found.id] = found
        return found

    def get(self, review: int) -> Review | None:
        """By id."""
        return self._state.reviews.get(review)

    def of_grant(self, grant: int) -> Review | None:
        """At most one."""
        return next((r for r in self._state.reviews.values() if r.grant == grant), None)

    def open(self) -> list[Review]:
        """The one due first first."""
        found = [r for r in self._state.reviews.values() if r.reviewed_at is None]
        return sorted(found, key=lambda r: (r.due_at, r.id))

    def finish(self, review: int, by: str, finding: str, now: datetime) -> bool:
        """Once."""
        self._state.write()
        found = self.get(review)
        if found is None or found.reviewed_at is not None:
            return False
        done = replace(found, reviewed_at=now, reviewed_by=by, finding=finding)
        self._state.reviews[review] = stored(done)
        return True


class MemoryAdjustments:
    """Satisfies Adjustments."""

    def __init__(self, state: State) -> None:
        self._state = state

    def add(self, adjustment: Adjustment) -> Adjustment:
        """The answer bears its id."""
        self._state.write()
        found = stored(replace(adjustment, id=len(self._state.adjustments) + 1))
        self._state.adjustments[found.id] = found
        return found

    def get(self, adjustment: int) -> Adjustment | None:
        """By id."""
        return self._state.adjustments.get(adjustment)

    def holding(self) -> list[Adjustment]:
        """Not reversed."""
        return [a for a in self._state.adjustments.values() if a.reversed_at is None]

    def newest(self, limit: int = 20) -> list[Adjustment]:
        """Newest first."""
        return sorted(self._state.adjustments.values(), key=lambda a: -a.id)[:limit]

    def reverse(self, adjustment: int, now: datetime) -> bool:
        """Once."""
        self._state.write()
        found = self.get(adjustment)
        if found is None or found.reversed_at is not None:
            return False
        self._state.adjustments[adjustment] = stored(replace(found, reversed_at=now))
        return True
