"""The database in memory: transactions that leave all or nothing, and nothing else behind them.

A transaction works on a copy, which takes the place of the old state when it succeeds. Readers keep
the state they began with.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from bot.errors import RecordError
from bot.ports import Books
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
from tests.fake_record_forecasts import MemoryForecasts
from tests.fake_record_gate import MemoryAnswers, MemoryTokens
from tests.fake_record_history import MemoryCheckpoints, MemoryChores, MemoryHistory
from tests.fake_record_hosts import MemorySightings, MemoryWatches, MemoryWorkloads
from tests.fake_record_ledger import MemoryLedger
from tests.fake_record_outbox import MemoryOutbox
from tests.fake_record_overrides import MemoryAdjustments, MemoryGrants, MemoryReviews
from tests.fake_record_quality import MemoryJournal, MemoryObservations
from tests.fake_record_receipts import MemoryReceipts
from tests.fake_record_requests import MemoryRequests
from tests.fake_record_schedules import MemorySchedules
from tests.fake_record_state import State
from tests.fake_record_tasks import MemoryTasks
from tests.fake_record_workflow import (
    MemoryEpisodes,
    MemoryFreezes,
    MemoryStandings,
)

T = TypeVar("T")


@dataclass
class MemoryBooks:
    """Satisfies Books."""

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


def books_of(state: State) -> Books:
    """The stores over a state."""
    return MemoryBooks(
        MemoryLedger(state),
        MemoryStandings(state),
        MemoryEpisodes(state),
        MemoryFreezes(state),
        MemorySchedules(state),
        MemoryRequests(state),
        MemoryGrants(state),
        MemoryReviews(state),
        MemoryAdjustments(state),
        MemoryHistory(state),
        MemoryCheckpoints(state),
        MemoryChores(state),
        MemoryOutbox(state),
        MemoryReceipts(state),
        MemoryAnswers(state),
        MemoryTokens(state),
        MemoryWatches(state),
        MemorySightings(state),
        MemoryObservations(state),
        MemoryJournal(state),
        MemoryForecasts(state),
        MemoryTasks(state),
        MemoryWorkloads(state),
    )


class MemoryRecord:
    """Satisfies Record. `state` may be looked at; `down` makes every transaction fail."""

    def __init__(self) -> None:
        self.state = State()
        self.down = False
        self.writes = 0
        """Transactions that were committed."""
        self.closed = False
        self._lock = threading.Lock()
        self._writer: int | None = None

    def write(self, work: Callable[[Books], T]) -> T:
        """One transaction at a time; an exception undoes it."""
        if self._writer == threading.get_ident():
            raise RecordError("a writing transaction cannot be begun inside another one")
        with self._lock:
            self._answer()
            self._writer = threading.get_ident()
            try:
                draft = self.state.copy(writing=True)
                result = work(books_of(draft))
                self.state = draft
                self.writes += 1
                return result
            finally:
                self._writer = None

    def read(self, work: Callable[[Books], T]) -> T:
        """On the state as it stands now; it cannot write."""
        self._answer()
        return work(books_of(self.state.copy(writing=False)))

    def check(self) -> str:
        """Well, unless down."""
        self._answer()
        return "memory"

    def close(self) -> None:
        """Remembered."""
        self.closed = True

    def _answer(self) -> None:
        if self.down:
            raise RecordError("the database cannot be reached")
