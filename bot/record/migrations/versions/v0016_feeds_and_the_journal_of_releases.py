"""What feeds have said, and the journal of releases."""

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_FIGURES = (
    "tp", "fp", "fn", "tn", "positives", "negatives", "eligible", "bad",
    "value", "n", "low", "high",
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "observations",
        sa.Column("feed", AutoString(), nullable=False),
        sa.Column("since", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        *(sa.Column(name, sa.Double(), nullable=True) for name in _FIGURES),
        sa.Column("tool", AutoString(), nullable=False),
        sa.Column("metric", AutoString(), nullable=False),
        sa.Column("threshold", sa.Double(), nullable=True),
        sa.Column("told", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "since", "until", "version"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_observations_feed_until", "observations", ["feed", "until"])
    op.create_table(
        "release_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("service", AutoString(), nullable=False),
        sa.Column("version", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("origin", AutoString(), nullable=False),
        sa.Column("share", AutoString(), nullable=True),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("commit", AutoString(), nullable=False),
        sa.Column("digest", AutoString(), nullable=False),
        sa.Column("committed", UTCDateTime(), nullable=True),
        sa.Column("decision", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("key"),
    )
    op.create_index("ix_release_notes_service_at", "release_notes", ["service", "at"])


def downgrade() -> None:
    op.drop_table("release_notes")
    op.drop_table("observations")
