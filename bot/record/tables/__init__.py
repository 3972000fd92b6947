"""The tables. Rows are not the domain: they do not validate, and never leave bot/record."""

from bot.record.tables.base import metadata
from bot.record.tables.chores import ChoreRow
from bot.record.tables.forecasts import ForecastRow
from bot.record.tables.gate import AnswerRow, StopRow, TokenRow
from bot.record.tables.history import CheckpointRow, DecisionRow, HeadRow
from bot.record.tables.hosts import SightingRow, WatchRow
from bot.record.tables.ledger import AccountRow, EntryRow, ThinnedRow
from bot.record.tables.outbox import LaneRow, MessageRow, ReceiptRow, TopicRow
from bot.record.tables.overrides import AdjustmentRow, GrantRow, ReviewRow
from bot.record.tables.quality import NoteRow, ObservationRow, RefusalRow
from bot.record.tables.schedules import FreezeVersionRow, TenureRow
from bot.record.tables.tasks import TaskRow
from bot.record.tables.workflow import EpisodeRow, FreezeRow, RequestRow, StandingRow, VoteRow
from bot.record.tables.workloads import WorkloadRow

__all__ = [
    "AccountRow",
    "AdjustmentRow",
    "AnswerRow",
    "CheckpointRow",
    "ChoreRow",
    "DecisionRow",
    "EntryRow",
    "EpisodeRow",
    "ForecastRow",
    "FreezeRow",
    "FreezeVersionRow",
    "GrantRow",
    "HeadRow",
    "LaneRow",
    "MessageRow",
    "NoteRow",
    "ObservationRow",
    "ReceiptRow",
    "RefusalRow",
    "RequestRow",
    "ReviewRow",
    "SightingRow",
    "StandingRow",
    "StopRow",
    "TaskRow",
    "TenureRow",
    "ThinnedRow",
    "TokenRow",
    "TopicRow",
    "VoteRow",
    "WatchRow",
    "WorkloadRow",
    "metadata",
]
