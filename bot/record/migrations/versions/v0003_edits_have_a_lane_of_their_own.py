"""Edits have a lane of their own, and those that only bring figures up to date are patient."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

UNSENT: dict[str, Any] = {
    "sqlite_where": sa.text("state = 'new'"),
    "postgresql_where": sa.text("state = 'new'"),
}


def upgrade() -> None:
    op.add_column("messages", sa.Column("lane", AutoString(), nullable=False, server_default=""))
    op.add_column(
        "messages", sa.Column("patient", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("topics", sa.Column("changed_at", UTCDateTime(), nullable=True))
    op.execute("UPDATE messages SET lane = CASE act WHEN 'edit' THEN '*edits' ELSE channel END")
    op.drop_index("ix_messages_unsent_channel", "messages")
    op.create_index("ix_messages_unsent_lane", "messages", ["lane", "id"], **UNSENT)
    _paces("channels", "lanes")


def downgrade() -> None:
    _paces("lanes", "channels")
    op.drop_index("ix_messages_unsent_lane", "messages")
    op.create_index("ix_messages_unsent_channel", "messages", ["channel", "id"], **UNSENT)
    for table, column in (("topics", "changed_at"), ("messages", "patient"), ("messages", "lane")):
        op.drop_column(table, column)


def _paces(old: str, new: str) -> None:
    """What it holds is true for a second."""
    op.drop_table(old)
    op.create_table(
        new,
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f(f"pk_{new}")),
    )
