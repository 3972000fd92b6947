"""A standing knows which verdict the history told of last, and which outage cut it off."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    outage = sa.Column("outage", sa.BigInteger(), nullable=False, server_default="0")
    op.add_column("standings", outage)
    op.add_column("standings", sa.Column("noted", AutoString(), nullable=True))
    op.execute("UPDATE standings SET noted = kind")


def downgrade() -> None:
    op.drop_column("standings", "noted")
    op.drop_column("standings", "outage")
