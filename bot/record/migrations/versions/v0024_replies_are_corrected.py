"""What the channel was told in a thread is looked up by what it is about, and corrected."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_REPLIES = sa.text("act = 'reply'")


def upgrade() -> None:
    op.create_index(
        "ix_messages_replies",
        "messages",
        ["topic", "id"],
        sqlite_where=_REPLIES,
        postgresql_where=_REPLIES,
    )


def downgrade() -> None:
    op.drop_index("ix_messages_replies", "messages")
