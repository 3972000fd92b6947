"""A request keeps why nobody could decide it: its message is edited when somebody votes."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("requests", sa.Column("shortage", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    op.drop_column("requests", "shortage")
