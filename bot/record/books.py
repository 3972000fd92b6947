"""All stores of one transaction."""

from dataclasses import dataclass
from typing import Protocol

from sqlmodel import Session

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
from bot.record.checkpoints import SqlCheckpoints
from bot.record.chores import SqlChores
from bot.record.dialect import Dialect
from bot.record.episodes import SqlEpisodes
from bot.record.forecasts import SqlForecasts
from bot.record.freezes import SqlFreezes
from bot.record.gate import SqlAnswers, SqlTokens
from bot.record.history import SqlHistory
from bot.record.journal import SqlJournal
from bot.record.ledger import SqlLedger
from bot.record.observations import SqlObservations
from bot.record.outbox import SqlOutbox
from bot.record.overrides import SqlAdjustments, SqlGrants, SqlReviews
from bot.record.receipts import SqlReceipts
from bot.record.requests import SqlRequests
from bot.record.schedules import SqlSchedules
from bot.record.sightings import SqlSightings
from bot.record.standings import SqlStandings
from bot.record.tasks import SqlTasks
from bot.record.watches import SqlWatches
from bot.record.workloads import SqlWorkloads


class Late(Protocol):
    """A store that writes at the end, or before it is read."""

    @property
    def owes(self) -> bool: ...

    def write(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Owing:
    """All that the stores of a transaction have not written yet."""

    session: Session
    dialect: Dialect
    stores: tuple[Late, ...]

    def write(self) -> None:
        """In one journey to the server."""
        some = [one for one in self.stores if one.owes]
        if not some:
            return
        with self.dialect.at_once(self.session):
            for one in some:
                one.write()


@dataclass
class SqlBooks:
    """Satisfies bot.ports.record.Books for as long as its session lives."""

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
    owing: Owing
    """Those that keep what they are to write for the end."""

    def finish(self) -> None:
        """The last statements of the transaction, all at once."""
        self.owing.write()

    @classmethod
    def of(cls, session: Session, dialect: Dialect, *, writing: bool) -> "SqlBooks":
        """The stores on a session; `writing`: whether rows that are worked on may be locked."""
        history, answers = SqlHistory(session), SqlAnswers(session, dialect)
        journal, workloads = SqlJournal(session, dialect), SqlWorkloads(session, dialect)
        return cls(
            SqlLedger(session, dialect),
            SqlStandings(session, dialect),
            SqlEpisodes(session),
            SqlFreezes(session, writing=writing),
            SqlSchedules(session, dialect, writing=writing),
            SqlRequests(session, dialect, writing=writing),
            SqlGrants(session, dialect, writing=writing),
            SqlReviews(session),
            SqlAdjustments(session),
            history,
            SqlCheckpoints(session),
            SqlChores(session, dialect),
            SqlOutbox(session, dialect),
            SqlReceipts(session, dialect),
            answers,
            SqlTokens(session),
            SqlWatches(session, dialect),
            SqlSightings(session, dialect),
            SqlObservations(session, dialect),
            journal,
            SqlForecasts(session, dialect),
            SqlTasks(session, dialect),
            workloads,
            Owing(session, dialect, (answers, journal, history, workloads)),
        )
