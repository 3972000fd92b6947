"""A standing knows since when it is calm; a request knows how long its freeze is to last."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("standings", sa.Column("calm_since", UTCDateTime(), nullable=True))
    op.add_column("requests", sa.Column("lasts", sa.Integer(), nullable=True))


def downgrade() -> None:
    op.drop_column("requests", "lasts")
    op.drop_column("standings", "calm_since")
