"""Tasks that budgets ask for."""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import ColumnElement, update
from sqlmodel import Session, col, select

from bot.decide.task import Task
from bot.record.dialect import Dialect
from bot.record.statements import change, fetch, first
from bot.record.tables import TaskRow

_OPEN = col(TaskRow.closed_at).is_(None)


class SqlTasks:
    """Satisfies bot.ports.tasks.Tasks."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect

    def open(self, task: Task) -> Task | None:
        """None if one of its objective is open."""
        facts = {name: value for name, value in asdict(task).items() if name != "id"}
        facts["evidence"] = json.dumps(dict(task.evidence), allow_nan=False)
        row = self._dialect.insert(TaskRow).values(facts).on_conflict_do_nothing()
        if change(self._session, row) != 1:
            return None
        return self.currents([task.objective]).get(task.objective)

    def get(self, task: int) -> Task | None:
        """By id."""
        row = first(self._session, select(TaskRow).where(col(TaskRow.id) == task))
        return _task(row) if row is not None else None

    def currents(self, objectives: Sequence[str]) -> dict[str, Task]:
        """The open ones."""
        mine = col(TaskRow.objective).in_(objectives)
        return {row.objective: _task(row) for row in self._rows(_OPEN, mine)}

    def standing(self) -> list[Task]:
        """Oldest first."""
        return [_task(row) for row in self._rows(_OPEN)]

    def take(self, task: int, owner: str, name: str, now: datetime) -> bool:
        """False if it is closed or theirs."""
        others = (col(TaskRow.owner) != owner) | col(TaskRow.taken_at).is_(None)
        return self._change(task, others, owner=owner, owner_name=name, taken_at=now)

    def recovering(self, task: int, since: datetime | None) -> None:
        """None: it is not."""
        self._change(task, recovering_since=since)

    def remind(self, task: int, now: datetime, heard: datetime | None) -> bool:
        """False if somebody else was faster."""
        same = col(TaskRow.reminded_at)
        known = same.is_(None) if heard is None else same == heard
        return self._change(task, known, reminded_at=now)

    def ask(self, task: int, request: int) -> None:
        """The newest counts."""
        self._change(task, request=request)

    def close(self, task: int, now: datetime) -> bool:
        """The first time counts."""
        return self._change(task, closed_at=now)

    def _rows(self, *which: ColumnElement[bool]) -> list[TaskRow]:
        return fetch(self._session, select(TaskRow).where(*which).order_by(col(TaskRow.id)))

    def _change(
        self, task: int, *which: ColumnElement[bool], **what: str | int | datetime | None
    ) -> bool:
        mine = update(TaskRow).where(col(TaskRow.id) == task, _OPEN, *which)
        return change(self._session, mine.values(**what)) == 1


def _task(row: TaskRow) -> Task:
    found = Task(row.id or 0, row.objective, row.service, row.opened_at)
    return replace(
        found,
        evidence=json.loads(row.evidence),
        owner=row.owner,
        owner_name=row.owner_name,
        taken_at=row.taken_at,
        recovering_since=row.recovering_since,
        reminded_at=row.reminded_at,
        request=row.request,
        closed_at=row.closed_at,
    )
