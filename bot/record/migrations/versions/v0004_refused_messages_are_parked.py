"""A message that Slack refuses for the channel's or the workspace's sake is parked, not dead."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("messages", sa.Column("parked_at", UTCDateTime(), nullable=True))


def downgrade() -> None:
    op.drop_column("messages", "parked_at")
