"""A request keeps the figures that it rests on: its message is edited when somebody votes."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("evidence", sa.Text(), nullable=False, server_default="{}"))


def downgrade() -> None:
    op.drop_column("requests", "evidence")
