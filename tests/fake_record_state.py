"""What the database in memory holds. Every value is immutable, so that a copy of the containers is
a snapshot."""

from dataclasses import dataclass, field, fields, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

from bot.decide.adjustment import Adjustment
from bot.decide.approval import Request, Vote
from bot.decide.caller import Token
from bot.decide.decision import Chained
from bot.decide.episode import Standing
from bot.decide.followed import Workload
from bot.decide.freeze import Freeze, FreezeVersion
from bot.decide.gate_answer import Asked
from bot.decide.override import Grant, Review
from bot.decide.release import Note
from bot.decide.seal import Seal
from bot.decide.task import Task
from bot.errors import RecordError
from bot.judge.ledger import Entry
from bot.judge.observation import Observation
from bot.judge.refusals import Refusals
from bot.ports import Episode, Tenure
from bot.ports.hosts import Sighting

D = TypeVar("D")


@dataclass
class State:
    """Everything stored."""

    writing: bool = False
    standings: dict[str, Standing] = field(default_factory=dict)
    episodes: dict[int, Episode] = field(default_factory=dict)
    freezes: dict[int, Freeze] = field(default_factory=dict)
    settled: dict[int, bool] = field(default_factory=dict)
    told: dict[int, str] = field(default_factory=dict)
    tenure: dict[int, Tenure] = field(default_factory=dict)
    versions: dict[tuple[int, int], FreezeVersion] = field(default_factory=dict)
    reminders: dict[int, datetime] = field(default_factory=dict)
    requests: dict[int, Request] = field(default_factory=dict)
    votes: dict[tuple[int, str], Vote] = field(default_factory=dict)
    grants: dict[int, Grant] = field(default_factory=dict)
    told_grants: dict[int, bool] = field(default_factory=dict)
    reviews: dict[int, Review] = field(default_factory=dict)
    adjustments: dict[int, Adjustment] = field(default_factory=dict)
    history: dict[int, Chained] = field(default_factory=dict)
    checkpoints: dict[int, Seal] = field(default_factory=dict)
    chores: dict[str, Any] = field(default_factory=dict)
    receipts: dict[str, datetime] = field(default_factory=dict)
    answers: dict[str, Asked] = field(default_factory=dict)
    stops: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    tokens: dict[int, Token] = field(default_factory=dict)
    watches: dict[str, Any] = field(default_factory=dict)
    sightings: dict[int, Sighting] = field(default_factory=dict)
    workloads: dict[str, Workload] = field(default_factory=dict)
    observations: dict[tuple[str, int, int, str], Observation] = field(default_factory=dict)
    refusals: dict[str, Refusals] = field(default_factory=dict)
    notes: dict[str, Note] = field(default_factory=dict)
    tasks: dict[int, Task] = field(default_factory=dict)
    forecasts: dict[tuple[int, int], Any] = field(default_factory=dict)
    accounts: dict[int, Any] = field(default_factory=dict)
    entries: dict[int, tuple[Entry, ...]] = field(default_factory=dict)
    messages: dict[int, Any] = field(default_factory=dict)
    heads: dict[str, tuple[str, str, str]] = field(default_factory=dict)
    changed: dict[str, datetime] = field(default_factory=dict)
    lanes: dict[str, datetime] = field(default_factory=dict)

    def copy(self, *, writing: bool) -> "State":
        """The same values in containers of their own."""
        owns = {f.name: dict(getattr(self, f.name)) for f in fields(self) if f.name != "writing"}
        return State(writing, **owns)

    def write(self) -> None:
        """Called by everything that changes something."""
        if not self.writing:
            raise RecordError("a reading transaction cannot write")


def stored(value: D) -> D:
    """A dataclass with its times as a database gives them back: aware, UTC."""
    changes: dict[str, Any] = {}
    for one in fields(value):  # type: ignore[arg-type] # D is always a dataclass
        at = getattr(value, one.name)
        if isinstance(at, datetime):
            if at.tzinfo is None:
                raise RecordError(f"{one.name} has no time zone")
            changes[one.name] = at.astimezone(UTC)
    return replace(value, **changes)  # type: ignore[type-var] # the same
