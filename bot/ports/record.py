"""Everything stored, inside one transaction."""

from collections.abc import Callable
from typing import Protocol, TypeVar

from bot.ports.chores import Chores
from bot.ports.forecasts import Forecasts
from bot.ports.gate import Answers, Tokens
from bot.ports.history import Checkpoints, History
from bot.ports.hosts import Sightings, Watches
from bot.ports.ledger import Ledger
from bot.ports.outbox import Outbox, Receipts
from bot.ports.overrides import Adjustments, Grants, Reviews
from bot.ports.quality import Journal, Observations
from bot.ports.schedules import Schedules
from bot.ports.tasks import Tasks
from bot.ports.workflow import Episodes, Freezes, Requests, Standings
from bot.ports.workloads import Workloads

T = TypeVar("T")


class Books(Protocol):
    """Everything stored, inside one transaction."""

    ledger: Ledger
    standings: Standings
    episodes: Episodes
    freezes: Freezes
    schedules: Schedules
    requests: Requests
    grants: Grants
    reviews: Reviews
    adjustments: Adjustments
    history: History
    checkpoints: Checkpoints
    chores: Chores
    outbox: Outbox
    receipts: Receipts
    answers: Answers
    tokens: Tokens
    watches: Watches
    sightings: Sightings
    observations: Observations
    journal: Journal
    forecasts: Forecasts
    tasks: Tasks
    workloads: Workloads


class Record(Protocol):
    """The database. A failed transaction leaves nothing behind (RecordError)."""

    def write(self, work: Callable[[Books], T]) -> T:
        """Run `work` in one writing transaction; commit before returning."""
        ...

    def read(self, work: Callable[[Books], T]) -> T:
        """Run `work` on one consistent snapshot, without writing."""
        ...

    def check(self) -> str:
        """One line on how the database is doing. Raises RecordError."""
        ...

    def close(self) -> None: ...
