"""An episode knows its channel, and with which others it shares a message."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

SHARED: dict[str, Any] = {
    "sqlite_where": sa.text("summary IS NOT NULL"),
    "postgresql_where": sa.text("summary IS NOT NULL"),
}


def upgrade() -> None:
    op.add_column("episodes", sa.Column("channel", AutoString(), nullable=False, server_default=""))
    op.add_column("episodes", sa.Column("summary", sa.Integer(), nullable=True))
    op.create_index("ix_episodes_lately", "episodes", ["channel", "opened_at"])
    op.create_index("ix_episodes_together", "episodes", ["summary"], **SHARED)


def downgrade() -> None:
    op.drop_index("ix_episodes_together", "episodes")
    op.drop_index("ix_episodes_lately", "episodes")
    op.drop_column("episodes", "summary")
    op.drop_column("episodes", "channel")
