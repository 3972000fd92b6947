"""A request says of which groups how many must approve, and for which release or stretch of time; a
vote says for which groups it counts; a freeze says how much it stops."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import UTCDateTime

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("requests") as table:
        table.add_column(sa.Column("quorum", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("change", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("stretch", sa.Text(), nullable=False, server_default=""))
        table.add_column(sa.Column("incident", sa.String(), nullable=False, server_default=""))
        no = sa.false()
        table.add_column(sa.Column("disputed", sa.Boolean(), nullable=False, server_default=no))
        table.add_column(sa.Column("escalated_at", UTCDateTime(), nullable=True))
    op.execute(
        """UPDATE requests SET quorum =
        '{"needs":[["deciders",' || CAST(needed AS TEXT) || ']],"deny"\\:1}'"""
    )
    with op.batch_alter_table("requests") as table:
        table.drop_column("needed")
    with op.batch_alter_table("votes") as table:
        groups = sa.Column("groups", sa.Text(), nullable=False, server_default='["deciders"]')
        table.add_column(groups)
        table.add_column(sa.Column("comment", sa.Text(), nullable=False, server_default=""))
    with op.batch_alter_table("freezes") as table:
        effect = sa.Column("effect", sa.String(), nullable=False, server_default="freeze")
        table.add_column(effect)
        no = sa.false()
        table.add_column(sa.Column("monitored", sa.Boolean(), nullable=False, server_default=no))


def downgrade() -> None:
    with op.batch_alter_table("freezes") as table:
        table.drop_column("monitored")
        table.drop_column("effect")
    with op.batch_alter_table("votes") as table:
        table.drop_column("comment")
        table.drop_column("groups")
    with op.batch_alter_table("requests") as table:
        table.add_column(sa.Column("needed", sa.Integer(), nullable=False, server_default="1"))
        for name in ("escalated_at", "disputed", "incident", "stretch", "change", "quorum"):
            table.drop_column(name)
