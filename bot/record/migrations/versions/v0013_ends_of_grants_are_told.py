"""A grant knows whether its end was told."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

OPEN = sa.text("used_at IS NULL AND revoked_at IS NULL AND NOT settled")


def upgrade() -> None:
    op.add_column(
        "grants", sa.Column("settled", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.create_index(
        "ix_grants_unsettled", "grants", ["use_by"], sqlite_where=OPEN, postgresql_where=OPEN
    )


def downgrade() -> None:
    op.drop_index("ix_grants_unsettled", "grants")
    op.drop_column("grants", "settled")
