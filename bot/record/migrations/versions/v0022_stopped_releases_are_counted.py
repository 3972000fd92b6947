"""Stopped releases are counted, so that of many only some are told one by one."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "gate_stops",
        sa.Column("topic", AutoString(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("topic"),
    )
    op.create_index("ix_gate_stops_at", "gate_stops", ["at"])


def downgrade() -> None:
    op.drop_index("ix_gate_stops_at", table_name="gate_stops")
    op.drop_table("gate_stops")
