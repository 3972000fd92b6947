"""The history is append-only: the database itself refuses anything else.

A later migration that makes the table `decisions` anew on SQLite must create these triggers again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

REFUSAL = "the history is append-only"

SQLITE = (
    *(
        f"CREATE TRIGGER decisions_no_{what} BEFORE {what} ON decisions "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for what in ("update", "delete")
    ),
    # INSERT OR REPLACE fires no DELETE trigger: only rows that continue the sequence may come in.
    "CREATE TRIGGER decisions_in_order BEFORE INSERT ON decisions "
    "WHEN NEW.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM decisions) "
    "BEGIN SELECT RAISE(ABORT, 'the history is append-only'); END",
)

POSTGRES = (
    "CREATE FUNCTION burnban_append_only() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER decisions_no_change BEFORE UPDATE OR DELETE ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION burnban_append_only()",
    "CREATE TRIGGER decisions_no_truncate BEFORE TRUNCATE ON decisions "
    "FOR EACH STATEMENT EXECUTE FUNCTION burnban_append_only()",
)


def upgrade() -> None:
    head = sa.table("decision_head", sa.column("id"), sa.column("seq"), sa.column("hash"))
    op.bulk_insert(head, [{"id": 1, "seq": 0, "hash": "0" * 64}])
    for statement in SQLITE if op.get_bind().dialect.name == "sqlite" else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for name in ("no_update", "no_delete", "in_order"):
            op.execute(f"DROP TRIGGER decisions_{name}")
    else:
        op.execute("DROP FUNCTION burnban_append_only() CASCADE")
    op.execute("DELETE FROM decision_head")
