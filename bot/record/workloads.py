"""Objects of clusters that are followed."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, col

from bot.decide.followed import Workload
from bot.record.dialect import Dialect
from bot.record.owed import Owed
from bot.record.statements import change
from bot.record.tables import WorkloadRow


class SqlWorkloads(Owed[Workload]):
    """Satisfies bot.ports.workloads.Workloads."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        super().__init__(session, dialect, WorkloadRow, _workload)

    def put(self, workload: Workload) -> None:
        """In place of what was known."""
        self.owe([_columns(workload)])

    def forget(self, before: datetime) -> int:
        """How many went."""
        self.write()
        return change(self._session, delete(WorkloadRow).where(col(WorkloadRow.at) < before))


def _columns(one: Workload) -> dict[str, Any]:
    return {
        "key": one.key,
        "place": one.place,
        "uid": one.uid,
        "generation": one.generation,
        "runs": " ".join(sorted(one.runs)),
        "at": one.at,
    }


def _workload(row: Any) -> Workload:
    runs = frozenset(row.runs.split())
    return Workload(row.key, row.place, row.uid, row.generation, runs, row.at)
