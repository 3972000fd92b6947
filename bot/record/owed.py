"""Rows that are found by their key and put in place of what was known under it."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

from sqlalchemy import bindparam
from sqlmodel import Session, col

from bot.record.dialect import Dialect, latest
from bot.record.statements import ask, whole

T = TypeVar("T")


class Owed(Generic[T]):
    """Rows of `table`, which are written before anybody looks, or with the last statements of the
    transaction. `read`: what a row says."""

    def __init__(
        self, session: Session, dialect: Dialect, table: Any, read: Callable[[Any], T]
    ) -> None:
        self._session = session
        self._dialect = dialect
        self._table = table
        self._read = read
        self._owed: dict[str, dict[str, Any]] = {}

    def find(self, keys: Sequence[str]) -> dict[str, T]:
        """Those that are there."""
        if not keys:
            return {}
        self.write()
        rows = ask(self._session, _find(self._table), keys=list(keys))
        return {row.key: self._read(row) for row in rows}

    def owe(self, rows: Iterable[dict[str, Any]]) -> None:
        """Of several with one key the last one counts."""
        self._owed |= {row["key"]: row for row in rows}

    @property
    def owes(self) -> bool:
        """Whether any are to be written yet."""
        return bool(self._owed)

    def write(self) -> None:
        """Write them."""
        # In one order everywhere: two transactions cannot wait for each other's rows.
        rows = [row for _, row in sorted(self._owed.items())]
        self._owed = {}
        if rows:
            self._session.connection().execute(latest(self._dialect, self._table), rows)


@cache
def _find(table: Any) -> Any:
    """Made once: it is asked with every release."""
    return whole(table).where(col(table.key).in_(bindparam("keys", expanding=True)))
