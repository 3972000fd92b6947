"""What people let through, and what they have to look at afterwards."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.decide.adjustment import Adjustment
from bot.decide.change import Change
from bot.decide.override import Grant, Review, Run


class Grants(Protocol):
    """Granted overrides."""

    def add(self, grant: Grant) -> Grant:
        """Stores it; the answer bears its id (the given id is ignored)."""
        ...

    def reserve(self, count: int) -> list[int]:
        """Ids that nobody else is given, for `add_all`; some may never be used."""
        ...

    def add_all(self, grants: Sequence[Grant]) -> None:
        """Stores them in one go, each under its own id, which was reserved."""
        ...

    def get(self, grant: int) -> Grant | None: ...

    def of_request(self, request: int) -> Grant | None:
        """What a request came to."""
        ...

    def of_service(self, service: str, limit: int = 20) -> list[Grant]:
        """Newest first, whatever became of them."""
        ...

    def unsettled(self) -> list[Grant]:
        """Neither used nor revoked, and nobody has been told of their end yet. In a writing
        transaction those in other hands are left out."""
        ...

    def settle(self, grant: int) -> None:
        """Its end has been told."""
        ...

    def use(self, grant: int, run: Run, now: datetime, released: Change) -> bool:
        """Use it once: False unless it was there to be used, unexpired, or this very run has used
        it already. From the first use on it is for `released`: what was granted, with all that the
        run named."""
        ...

    def revoke(self, grant: int, now: datetime) -> bool:
        """False if it was used, expired or revoked already."""
        ...


class Reviews(Protocol):
    """What must be looked at after a break-glass."""

    def add(self, review: Review) -> Review: ...

    def get(self, review: int) -> Review | None: ...

    def of_grant(self, grant: int) -> Review | None: ...

    def open(self) -> list[Review]:
        """Not yet done, the one due first first."""
        ...

    def finish(self, review: int, by: str, finding: str, now: datetime) -> bool:
        """False if somebody has done it already."""
        ...


class Adjustments(Protocol):
    """Time that people took out of budgets."""

    def add(self, adjustment: Adjustment) -> Adjustment: ...

    def get(self, adjustment: int) -> Adjustment | None: ...

    def holding(self) -> list[Adjustment]:
        """Those not reversed, oldest first."""
        ...

    def newest(self, limit: int = 20) -> list[Adjustment]:
        """Newest first, the reversed ones too."""
        ...

    def reverse(self, adjustment: int, now: datetime) -> bool:
        """False if it was reversed already."""
        ...
