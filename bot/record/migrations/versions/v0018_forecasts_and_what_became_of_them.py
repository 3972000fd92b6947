"""Forecasts as they were given, and what became of them."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_FIGURES = ("expected", "low", "high", "probability", "factor")


def upgrade() -> None:
    op.create_table(
        "forecasts",
        sa.Column("account_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("hour", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("counts", sa.Boolean(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("until", sa.BigInteger(), nullable=True),
        *(sa.Column(name, sa.Double(), nullable=True) for name in _FIGURES),
        sa.Column("said", sa.Text(), nullable=False),
        sa.Column("came", sa.Double(), nullable=True),
        sa.Column("exhausted", sa.Boolean(), nullable=True),
        sa.PrimaryKeyConstraint("account_id", "hour"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_forecasts_until", "forecasts", ["until"])


def downgrade() -> None:
    op.drop_table("forecasts")
