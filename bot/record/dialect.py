"""All that SQLite and PostgreSQL do differently inside a transaction."""

import json
from collections.abc import Hashable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from sqlalchemy import BigInteger, Double, FromClause, Text, bindparam, func, inspect, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.types import TypeEngine
from sqlmodel import Session, SQLModel

Columns = Mapping[str, Sequence[Any]]
"""Equally long columns by name: whole numbers, floats or texts; None where nothing is known."""

_TYPES: dict[type, TypeEngine[Any]] = {int: BigInteger(), float: Double(), str: Text()}


class Dialect(Hashable, Protocol):
    """What the stores ask of a database beyond plain SQL."""

    lateral: bool
    """Whether a selection in FROM may refer to its neighbours."""

    def insert(self, table: type[SQLModel]) -> Any:
        """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`."""
        ...

    def fresh(self, table: type[SQLModel]) -> Any:
        """An INSERT of what is not there yet; made once for each table."""
        ...

    def sheet(self, columns: Columns) -> FromClause:
        """Rows to join with, however many, as few parameters of one statement."""
        ...

    def load(
        self, session: Session, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """Insert many rows, with all columns of the table in order, the fastest way there is."""
        ...

    def reserve(self, session: Session, table: type[SQLModel], count: int) -> list[int]:
        """Ids of the table that nobody else is given until the transaction ends, and later only
        those that it did not use."""
        ...

    def alone(self, session: Session, topic: int) -> None:
        """Wait until nobody else holds this lock, and hold it until the transaction ends."""
        ...

    def at_once(self, session: Session) -> AbstractContextManager[object]:
        """Statements inside that give no rows go to the server together; what one of them could
        not do is raised at the end."""
        ...


@dataclass(frozen=True)  # any two are the same
class Sqlite:
    """SQLite. One writer at a time by its nature."""

    lateral = False

    def insert(self, table: type[SQLModel]) -> Any:
        """See Dialect."""
        return sqlite.insert(table)

    def fresh(self, table: type[SQLModel]) -> Any:
        """See Dialect."""
        return _fresh(sqlite, table)

    def sheet(self, columns: Columns) -> FromClause:
        """One JSON text, unfolded by the database."""
        packed = json.dumps(list(zip(*columns.values(), strict=True)))
        rows = func.json_each(bindparam(None, packed, Text())).table_valued("value")
        cells = [
            func.json_extract(rows.c.value, f"$[{index}]", type_=_kind(values)).label(name)
            for index, (name, values) in enumerate(columns.items())
        ]
        return select(*cells).select_from(rows).subquery()

    def load(
        self, session: Session, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """One prepared statement, run many times by the driver."""
        names = _columns(table)
        marks = ", ".join("?" for _ in names)
        statement = f"INSERT INTO {_name(table)} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608 # names of our own tables
        session.connection().exec_driver_sql(statement, list(rows))

    def reserve(self, session: Session, table: type[SQLModel], count: int) -> list[int]:
        """Those after the last one: nobody else writes."""
        ask = f"SELECT coalesce(max(id), 0) FROM {_name(table)}"  # noqa: S608 # as above
        last = session.connection().exec_driver_sql(ask).scalar_one()
        return list(range(last + 1, last + 1 + count))

    def alone(self, session: Session, topic: int) -> None:
        """BEGIN IMMEDIATE has seen to it."""

    def at_once(self, session: Session) -> AbstractContextManager[object]:
        """There is no way to a server."""
        del session
        return nullcontext()


@dataclass(frozen=True)
class Postgres:
    """PostgreSQL through psycopg 3."""

    lateral = True

    def insert(self, table: type[SQLModel]) -> Any:
        """See Dialect."""
        return postgresql.insert(table)

    def fresh(self, table: type[SQLModel]) -> Any:
        """See Dialect."""
        return _fresh(postgresql, table)

    def sheet(self, columns: Columns) -> FromClause:
        """One array a column, unnested side by side."""
        arrays = [
            bindparam(None, list(values), postgresql.ARRAY(_kind(values)))
            for values in columns.values()
        ]
        return func.unnest(*arrays).table_valued(*columns).render_derived()

    def load(
        self, session: Session, table: type[SQLModel], rows: Sequence[tuple[Any, ...]]
    ) -> None:
        """COPY."""
        driver: Any = session.connection().connection.driver_connection
        statement = f"COPY {_name(table)} ({', '.join(_columns(table))}) FROM STDIN"
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)

    def reserve(self, session: Session, table: type[SQLModel], count: int) -> list[int]:
        """From the sequence of the column; those that are not used leave a gap."""
        numbers = func.nextval(func.pg_get_serial_sequence(_name(table), "id"))
        wanted = select(numbers).select_from(func.generate_series(1, count))
        return list(session.connection().scalars(wanted))

    def alone(self, session: Session, topic: int) -> None:
        """A lock that belongs to the transaction, not to the connection: poolers keep it."""
        session.execute(select(func.pg_advisory_xact_lock(topic)))

    def at_once(self, session: Session) -> AbstractContextManager[object]:
        """The pipeline of the protocol: one journey for all of them."""
        driver: Any = session.connection().connection.driver_connection
        pipeline: AbstractContextManager[object] = driver.pipeline()
        return pipeline


@cache
def latest(dialect: Dialect, table: type[SQLModel]) -> Any:
    """An INSERT of whole rows in place of those with the same primary key. Made once: to put it
    together anew took longer than to run it."""
    row, keys = dialect.insert(table), [one.name for one in inspect(table).primary_key]
    facts = {name: row.excluded[name] for name in _columns(table) if name not in keys}
    return row.on_conflict_do_update(index_elements=keys, set_=facts)


@cache
def _fresh(kind: Any, table: type[SQLModel]) -> Any:
    return kind.insert(table).on_conflict_do_nothing()


def _name(table: type[SQLModel]) -> str:
    return str(table.__tablename__)


def _columns(table: type[SQLModel]) -> list[str]:
    return list(table.model_fields)


def _kind(values: Sequence[Any]) -> TypeEngine[Any]:
    """The SQL type of a column, by its first known value."""
    known = next((value for value in values if value is not None), 0)
    return _TYPES[type(known)]
