"""Tasks that budgets ask for."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_TIMES = ("taken_at", "recovering_since", "reminded_at")


def upgrade() -> None:
    op.create_table(
        "tasks",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective", AutoString(), nullable=False),
        sa.Column("service", AutoString(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("evidence", sa.Text(), nullable=False),
        sa.Column("owner", AutoString(), nullable=False),
        sa.Column("owner_name", AutoString(), nullable=False),
        *(sa.Column(name, UTCDateTime(), nullable=True) for name in _TIMES),
        sa.Column("request", sa.Integer(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    still = sa.text("closed_at IS NULL")
    op.create_index(
        "ix_tasks_open", "tasks", ["objective"], unique=True,
        sqlite_where=still, postgresql_where=still,
    )  # fmt: skip


def downgrade() -> None:
    op.drop_table("tasks")
