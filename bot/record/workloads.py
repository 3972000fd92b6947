"""Objects of clusters that are followed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete
from sqlmodel import Session, col

from bot.decide.followed import Workload
from bot.record.dialect import Dialect
from bot.record.statements import change, pick
from bot.record.tables import WorkloadRow

_COLUMNS = tuple(WorkloadRow.model_fields)
# Made once, as for answers of the gate: both are asked for with every release.
_FIND = pick(*(getattr(WorkloadRow, name) for name in _COLUMNS)).where(
    col(WorkloadRow.key).in_(bindparam("keys", expanding=True))
)


class SqlWorkloads:
    """Satisfies bot.ports.workloads.Workloads."""

    def __init__(self, session: Session, dialect: Dialect) -> None:
        self._session = session
        self._dialect = dialect
        self._owed: dict[str, Workload] = {}

    def find(self, keys: Sequence[str]) -> dict[str, Workload]:
        """Those that are there."""
        if not keys:
            return {}
        self.write()
        rows = self._session.connection().execute(_FIND, {"keys": list(keys)})
        return {row.key: _workload(row) for row in rows}

    def put(self, workload: Workload) -> None:
        """With the last statements of the transaction."""
        self._owed[workload.key] = workload

    @property
    def owes(self) -> bool:
        """Whether any are to be written yet."""
        return bool(self._owed)

    def write(self) -> None:
        """Write them, in one order everywhere."""
        rows = [_columns(one) for _, one in sorted(self._owed.items())]
        self._owed = {}
        if rows:
            self._session.connection().execute(_put(self._dialect), rows)

    def forget(self, before: datetime) -> int:
        """How many went."""
        self.write()
        return change(self._session, delete(WorkloadRow).where(col(WorkloadRow.at) < before))


_PUTS: dict[type, Any] = {}


def _put(dialect: Dialect) -> Any:
    """Made once for each kind of database."""
    kind = type(dialect)
    if kind not in _PUTS:
        row = dialect.insert(WorkloadRow)
        fresh = {name: row.excluded[name] for name in _COLUMNS if name != "key"}
        _PUTS[kind] = row.on_conflict_do_update(index_elements=["key"], set_=fresh)
    return _PUTS[kind]


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
