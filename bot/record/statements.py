"""Small helpers for statements."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import CursorResult, Executable, Select
from sqlalchemy import select as raw_select
from sqlmodel import Session, SQLModel
from sqlmodel.sql.expression import SelectOfScalar

R = TypeVar("R", bound=SQLModel)


def pick(*columns: Any) -> Select[Any]:
    """A SELECT of columns, where no whole rows are wanted."""
    return raw_select(*columns)


def fetch(session: Session, wanted: SelectOfScalar[R]) -> list[R]:
    """The rows as they are stored now, never as the session remembers them."""
    return list(session.exec(wanted.execution_options(populate_existing=True)))


def whole(table: type[SQLModel]) -> Select[Any]:
    """A SELECT of all columns, to be made once and asked often by `ask`: to put a statement
    together anew takes longer than to run it."""
    return raw_select(*table.metadata.tables[str(table.__tablename__)].c)


def ask(session: Session, wanted: Select[Any], **parameters: Any) -> list[Any]:
    """Rows with the names of their columns, as they are stored now."""
    return list(session.connection().execute(wanted, parameters))


def first(session: Session, wanted: SelectOfScalar[R]) -> R | None:
    """The first of those rows."""
    return next(iter(fetch(session, wanted.limit(1))), None)


def change(session: Session, statement: Executable, values: Mapping[str, Any] | None = None) -> int:
    """Run an INSERT, UPDATE or DELETE, with `values` for what it leaves open; how many rows it
    touched."""
    kept = statement.execution_options(preserve_rowcount=True)  # else lost for an INSERT
    done: CursorResult[Any] = session.connection().execute(kept, values)
    return done.rowcount


def stored(session: Session, row: R) -> R:
    """Insert a row now, so that it has its id."""
    session.add(row)
    session.flush()
    return row


def numbered(row_id: int | None) -> int:
    """The id of a row that was stored."""
    if row_id is None:
        raise AssertionError("a stored row has an id")
    return row_id
