"""The history may begin at a sealed checkpoint, and stands against more than before.

On SQLite the sequence number becomes the row's own number: `INSERT OR REPLACE` could name the
hidden one beside it, and put a new last row in the place of an old one. A later migration that
makes the table `decisions` anew must create its triggers again.
"""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

REFUSAL = "the history is append-only"
_ORDER = "(SELECT coalesce(max(seq), 0) + 1 FROM decisions)"
_FROM = "(SELECT coalesce(max(seq), 0) FROM decision_checkpoints)"

FORMER_SQLITE = (
    "CREATE TRIGGER decisions_no_update BEFORE UPDATE ON decisions "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    "CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    f"CREATE TRIGGER decisions_in_order BEFORE INSERT ON decisions WHEN NEW.seq <> {_ORDER} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)

SQLITE = (
    FORMER_SQLITE[0],
    f"CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions WHEN OLD.seq > {_FROM} "
    f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    FORMER_SQLITE[2],
    *(
        f"CREATE TRIGGER checkpoints_no_{what} BEFORE {what} ON decision_checkpoints "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for what in ("update", "delete")
    ),
    "CREATE TRIGGER checkpoints_in_order BEFORE INSERT ON decision_checkpoints "
    f"WHEN NEW.seq <= {_FROM} BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
)

POSTGRES = (
    "DROP TRIGGER decisions_no_change ON decisions",
    "CREATE FUNCTION burnban_next_row() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NEW.seq = {_ORDER} THEN RETURN NEW; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE FUNCTION burnban_only_pruned() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF OLD.seq <= {_FROM} THEN RETURN OLD; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE FUNCTION burnban_further_on() RETURNS trigger LANGUAGE plpgsql AS "
    f"$$ BEGIN IF NEW.seq > {_FROM} THEN RETURN NEW; END IF; "
    f"RAISE EXCEPTION '{REFUSAL}'; END $$",
    "CREATE TRIGGER decisions_no_change BEFORE UPDATE ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION burnban_append_only()",
    "CREATE TRIGGER decisions_no_delete BEFORE DELETE ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION burnban_only_pruned()",
    "CREATE TRIGGER decisions_in_order BEFORE INSERT ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION burnban_next_row()",
    "CREATE TRIGGER checkpoints_no_change BEFORE UPDATE OR DELETE ON decision_checkpoints "
    "FOR EACH ROW EXECUTE FUNCTION burnban_append_only()",
    "CREATE TRIGGER checkpoints_no_truncate BEFORE TRUNCATE ON decision_checkpoints "
    "FOR EACH STATEMENT EXECUTE FUNCTION burnban_append_only()",
    "CREATE TRIGGER checkpoints_in_order BEFORE INSERT ON decision_checkpoints "
    "FOR EACH ROW EXECUTE FUNCTION burnban_further_on()",
)

FORMER_POSTGRES = (
    "DROP FUNCTION burnban_next_row() CASCADE",
    "DROP FUNCTION burnban_only_pruned() CASCADE",
    "DROP FUNCTION burnban_further_on() CASCADE",
    "DROP TRIGGER decisions_no_change ON decisions",
    "CREATE TRIGGER decisions_no_change BEFORE UPDATE OR DELETE ON decisions "
    "FOR EACH ROW EXECUTE FUNCTION burnban_append_only()",
)


def upgrade() -> None:
    sqlite = op.get_bind().dialect.name == "sqlite"
    if sqlite:
        _renumber(sa.Integer())
    op.drop_index("ix_decisions_at", "decisions")
    for column in ("at", "event", "actor"):
        op.create_index(f"ix_decisions_{column}_seq", "decisions", [column, "seq"])
    op.create_table(
        "decision_checkpoints",
        sa.Column("seq", _place(), autoincrement=False, nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("signature", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decision_checkpoints")),
    )
    op.create_table(
        "chores",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("turn", AutoString(), nullable=False),
        sa.Column("done_at", UTCDateTime(), nullable=True),
        sa.Column("claimed", AutoString(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("claim_until", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_chores")),
    )
    for statement in SQLITE if sqlite else POSTGRES:
        op.execute(statement)


def downgrade() -> None:
    """A history that begins at a checkpoint cannot be told from one whose beginning was cut."""
    sqlite = op.get_bind().dialect.name == "sqlite"
    if not sqlite:
        for statement in FORMER_POSTGRES:
            op.execute(statement)
    op.drop_table("chores")
    op.drop_table("decision_checkpoints")
    for column in ("at", "event", "actor"):
        op.drop_index(f"ix_decisions_{column}_seq", "decisions")
    op.create_index("ix_decisions_at", "decisions", ["at"])
    if sqlite:
        _renumber(sa.BigInteger())
        for statement in FORMER_SQLITE:
            op.execute(statement)


def _place() -> sa.types.TypeEngine[int]:
    return sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _renumber(kind: sa.types.TypeEngine[int]) -> None:
    """Make the table anew; its triggers go with the old one."""
    with op.batch_alter_table("decisions", recreate="always") as table:
        table.alter_column("seq", type_=kind, existing_nullable=False, autoincrement=False)
