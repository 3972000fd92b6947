"""Who may do what to the history on PostgreSQL. The triggers stop mistakes; only a role that does
not own the tables cannot switch them off."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, text

from bot.errors import RecordError
from bot.record.tables import metadata

_ALL = "SELECT, INSERT, UPDATE, DELETE"
_LESS: Mapping[str, str] = {"decisions": "SELECT, INSERT", "decision_checkpoints": "SELECT"}
"""Tables of which the role gets less than all: they only grow, and only the owner prunes."""

_KNOWN = text("SELECT rolsuper FROM pg_roles WHERE rolname = :role")
_ITSELF = text("SELECT current_user, current_schema()")
_SEQUENCES = text(
    """SELECT s.oid::regclass::text FROM pg_class s
    JOIN pg_depend d ON d.objid = s.oid AND d.deptype IN ('a', 'i')
    JOIN pg_class t ON t.oid = d.refobjid
    WHERE s.relkind = 'S' AND t.relname = ANY(:tables) AND pg_table_is_visible(t.oid)"""
)
_POWERS = text(
    """SELECT (SELECT rolsuper FROM pg_roles WHERE rolname = current_user) AS super,
    pg_has_role(c.relowner, 'USAGE') AS owner,
    has_table_privilege(c.oid, 'UPDATE') AS may_update,
    has_table_privilege(c.oid, 'DELETE') AS may_delete,
    has_table_privilege(c.oid, 'TRUNCATE') AS may_truncate,
    current_user AS name
    FROM pg_class c WHERE c.relname = 'decisions' AND pg_table_is_visible(c.oid)"""
)


def grant(connection: Connection, role: str, version_table: str) -> None:
    """Give a role what Burnban needs to run, and take from it what would change the history. The
    role itself gets nothing from this: it may migrate once there is nothing left to do. Raises
    RecordError for a role that does not exist, or is above all rights."""
    me, schema = connection.execute(_ITSELF).one()
    if role == me:
        return
    super_ = connection.execute(_KNOWN, {"role": role}).scalar()
    if super_ is None:
        remedy = f"create it first: CREATE ROLE {role} LOGIN PASSWORD '…'"
        raise RecordError(f"there is no role {role} (BURNBAN_DATABASE_ROLE); {remedy}")
    if super_:
        raise RecordError(f"the role {role} is a superuser: no right can be kept from it")
    for statement in _statements(connection, role, schema, version_table):
        connection.exec_driver_sql(statement)


def _statements(
    connection: Connection, role: str, schema: str, version_table: str
) -> Iterator[str]:
    quote = connection.dialect.identifier_preparer.quote
    to, tables = quote(role), [*metadata.tables, version_table]
    yield f"GRANT USAGE ON SCHEMA {quote(schema)} TO {to}"
    for table in tables:
        rights = "SELECT" if table == version_table else _LESS.get(table, _ALL)
        yield f"REVOKE ALL ON {quote(table)} FROM {to}, PUBLIC"
        yield f"GRANT {rights} ON {quote(table)} TO {to}"
    for (sequence,) in connection.execute(_SEQUENCES, {"tables": tables}):
        yield f"GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {to}"


def excess(connection: Connection) -> tuple[str, str]:
    """Who is connected, and what they could do to the history that Burnban never does, in words;
    empty if nothing."""
    found: Any = connection.execute(_POWERS).one()
    if found.super:
        return found.name, "is a superuser"
    if found.owner:
        return found.name, "owns the history and could switch its triggers off"
    verbs = ("update", "delete", "truncate")
    may = [verb.upper() for verb in verbs if getattr(found, f"may_{verb}")]
    return found.name, f"has the right to {', '.join(may)} in the history" if may else ""
