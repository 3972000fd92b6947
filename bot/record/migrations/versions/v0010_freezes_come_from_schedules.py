"""Freezes may come from a schedule, are told of when they begin, are edited and brought to mind."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

UNTOLD: dict[str, Any] = {
    "sqlite_where": sa.text("lifted_at IS NULL AND NOT announced"),
    "postgresql_where": sa.text("lifted_at IS NULL AND NOT announced"),
}


def upgrade() -> None:
    for column in (
        sa.Column("schedule", AutoString(), nullable=False, server_default=""),
        sa.Column("occurrence", UTCDateTime(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False, server_default="1"),
        sa.Column("noticed", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.Column("announced", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("reminded_at", UTCDateTime(), nullable=True),
    ):
        op.add_column("freezes", column)
    op.create_index("ix_freezes_unannounced", "freezes", ["starts_at"], **UNTOLD)
    key = ["schedule", "occurrence", "scope"]
    op.create_index("ix_freezes_occurrence", "freezes", key, unique=True)
    op.create_table(
        "schedule_tenure",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column("renewed_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schedule_tenure")),
    )
    op.create_table(
        "freeze_versions",
        sa.Column("freeze_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("replaced_at", UTCDateTime(), nullable=False),
        sa.Column("by_id", AutoString(), nullable=False),
        sa.Column("by_name", AutoString(), nullable=False),
        sa.Column("by_door", AutoString(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["freeze_id"], ["freezes.id"], name=op.f("fk_freeze_versions_freeze_id_freezes")
        ),
        sa.PrimaryKeyConstraint("freeze_id", "number", name=op.f("pk_freeze_versions")),
    )


def downgrade() -> None:
    op.drop_table("freeze_versions")
    op.drop_table("schedule_tenure")
    op.drop_index("ix_freezes_occurrence", "freezes")
    op.drop_index("ix_freezes_unannounced", "freezes")
    for column in ("reminded_at", "announced", "noticed", "version", "occurrence", "schedule"):
        op.drop_column("freezes", column)
