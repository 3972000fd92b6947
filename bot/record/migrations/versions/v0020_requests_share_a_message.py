"""Requests of one storm share a message."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("docket", sa.Integer(), nullable=True))
    shared = sa.text("docket IS NOT NULL")
    op.create_index(
        "ix_requests_docket", "requests", ["docket"], sqlite_where=shared, postgresql_where=shared
    )


def downgrade() -> None:
    op.drop_index("ix_requests_docket", "requests")
    op.drop_column("requests", "docket")
