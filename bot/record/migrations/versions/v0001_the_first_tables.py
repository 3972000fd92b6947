"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlmodel import AutoString, UTCDateTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def where(rows: str) -> dict[str, Any]:
    """An index on some rows only."""
    return {"sqlite_where": sa.text(rows), "postgresql_where": sa.text(rows)}


def upgrade() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective", AutoString(), nullable=False),
        sa.Column("fingerprint", AutoString(), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.Column("step", sa.Integer(), nullable=False),
        sa.Column("opened", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("read_until", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("seen_until", sa.BigInteger(), autoincrement=False, nullable=True),
        sa.Column("due_at", UTCDateTime(), nullable=False),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("claim_until", UTCDateTime(), nullable=True),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_accounts")),
        sa.UniqueConstraint(
            "objective", "fingerprint", name=op.f("uq_accounts_objective_fingerprint")
        ),
    )
    op.create_index(
        "ix_accounts_current", "accounts", ["objective"], unique=True, **where("current")
    )

    op.create_table(
        "channels",
        sa.Column("name", AutoString(), nullable=False),
        sa.Column("next_at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channels")),
    )
    op.create_table(
        "decision_head",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_head")),
    )
    op.create_table(
        "decisions",
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("event", AutoString(), nullable=False),
        sa.Column("actor", AutoString(), nullable=False),
        sa.Column("scope", AutoString(), nullable=False),
        sa.Column("objective", AutoString(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("previous", AutoString(), nullable=False),
        sa.Column("hash", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_decisions")),
    )
    op.create_index("ix_decisions_at", "decisions", ["at"])
    op.create_index("ix_decisions_objective_seq", "decisions", ["objective", "seq"])
    op.create_index("ix_decisions_scope_seq", "decisions", ["scope", "seq"])

    op.create_table(
        "entries",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("eligible", sa.Double(), nullable=False),
        sa.Column("bad", sa.Double(), nullable=False),
        sa.Column("observed", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("account_id", "at", name=op.f("pk_entries")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "episodes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("objective", AutoString(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.Column("acknowledged_by", AutoString(), nullable=False),
        sa.Column("acknowledged_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episodes")),
    )
    op.create_index(
        "ix_episodes_open", "episodes", ["objective"], unique=True, **where("closed_at IS NULL")
    )

    op.create_table(
        "freezes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("origin", AutoString(), nullable=False),
        sa.Column("set_by_id", AutoString(), nullable=False),
        sa.Column("set_by_name", AutoString(), nullable=False),
        sa.Column("set_by_door", AutoString(), nullable=False),
        sa.Column("starts_at", UTCDateTime(), nullable=False),
        sa.Column("ends_at", UTCDateTime(), nullable=True),
        sa.Column("lifted_at", UTCDateTime(), nullable=True),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("recovering_since", UTCDateTime(), nullable=True),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_freezes")),
    )
    op.create_index(
        "ix_freezes_unsettled", "freezes", ["ends_at"], **where("lifted_at IS NULL AND NOT settled")
    )

    op.create_table(
        "messages",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("topic", AutoString(), nullable=False),
        sa.Column("act", AutoString(), nullable=False),
        sa.Column("template", AutoString(), nullable=False),
        sa.Column("facts", sa.Text(), nullable=False),
        sa.Column("broadcast", sa.Boolean(), nullable=False),
        sa.Column("state", AutoString(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("available_at", UTCDateTime(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("maybe", sa.Boolean(), nullable=False),
        sa.Column("first_try", UTCDateTime(), nullable=True),
        sa.Column("claimed_at", UTCDateTime(), nullable=True),
        sa.Column("claim_until", UTCDateTime(), nullable=True),
        sa.Column("worker", AutoString(), nullable=False),
        sa.Column("token", sa.Integer(), nullable=False),
        sa.Column("sent_at", UTCDateTime(), nullable=True),
        sa.Column("sent_channel", AutoString(), nullable=False),
        sa.Column("ts", AutoString(), nullable=False),
        sa.Column("thread", AutoString(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_messages")),
    )
    op.create_index("ix_messages_key", "messages", ["key"], unique=True, **where("act <> 'edit'"))
    op.create_index("ix_messages_repeated", "messages", ["sent_at"], **where("tries > 1"))
    op.create_index(
        "ix_messages_unsent_channel", "messages", ["channel", "id"], **where("state = 'new'")
    )
    op.create_index(
        "ix_messages_unsent_topic", "messages", ["topic", "id"], **where("state = 'new'")
    )

    op.create_table(
        "receipts",
        sa.Column("key", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_receipts")),
    )
    op.create_index("ix_receipts_at", "receipts", ["at"])

    op.create_table(
        "requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("wish", AutoString(), nullable=False),
        sa.Column("scope", AutoString(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("requester_id", AutoString(), nullable=False),
        sa.Column("requester_name", AutoString(), nullable=False),
        sa.Column("requester_door", AutoString(), nullable=False),
        sa.Column("origin", AutoString(), nullable=False),
        sa.Column("needed", sa.Integer(), nullable=False),
        sa.Column("created_at", UTCDateTime(), nullable=False),
        sa.Column("expires_at", UTCDateTime(), nullable=False),
        sa.Column("until", UTCDateTime(), nullable=True),
        sa.Column("starts_at", UTCDateTime(), nullable=True),
        sa.Column("freezes", sa.Text(), nullable=False),
        sa.Column("cause", AutoString(), nullable=False),
        sa.Column("closed", AutoString(), nullable=True),
        sa.Column("closed_at", UTCDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_requests")),
    )
    op.create_index("ix_requests_undecided", "requests", ["expires_at"], **where("closed IS NULL"))

    op.create_table(
        "standings",
        sa.Column("objective", AutoString(), nullable=False),
        sa.Column("kind", AutoString(), nullable=True),
        sa.Column("level", sa.Integer(), nullable=False),
        sa.Column("opened_at", UTCDateTime(), nullable=True),
        sa.Column("quiet_since", UTCDateTime(), nullable=True),
        sa.Column("passed", sa.Text(), nullable=False),
        sa.Column("blind_polls", sa.Integer(), nullable=False),
        sa.Column("told_blind", sa.Boolean(), nullable=False),
        sa.Column("fault", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("objective", name=op.f("pk_standings")),
    )
    op.create_table(
        "topics",
        sa.Column("topic", AutoString(), nullable=False),
        sa.Column("channel", AutoString(), nullable=False),
        sa.Column("ts", AutoString(), nullable=False),
        sa.Column("digest", AutoString(), nullable=False),
        sa.PrimaryKeyConstraint("topic", name=op.f("pk_topics")),
    )
    op.create_table(
        "thinned",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("tier", sa.Integer(), nullable=False),
        sa.Column("until", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["accounts.id"], name=op.f("fk_thinned_account_id_accounts")
        ),
        sa.PrimaryKeyConstraint("account_id", "tier", name=op.f("pk_thinned")),
    )
    op.create_table(
        "votes",
        sa.Column("request_id", sa.Integer(), nullable=False),
        sa.Column("voter_id", AutoString(), nullable=False),
        sa.Column("voter_name", AutoString(), nullable=False),
        sa.Column("voter_door", AutoString(), nullable=False),
        sa.Column("choice", AutoString(), nullable=False),
        sa.Column("at", UTCDateTime(), nullable=False),
        sa.Column("membership", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["requests.id"], name=op.f("fk_votes_request_id_requests")
        ),
        sa.PrimaryKeyConstraint("request_id", "voter_id", name=op.f("pk_votes")),
    )


def downgrade() -> None:
    op.drop_table("votes")
    op.drop_table("thinned")
    op.drop_table("topics")
    op.drop_table("standings")
    op.drop_table("requests")
    op.drop_table("receipts")
    op.drop_table("messages")
    op.drop_table("freezes")
    op.drop_table("episodes")
    op.drop_table("entries")
    op.drop_table("decisions")
    op.drop_table("decision_head")
    op.drop_table("channels")
    op.drop_table("accounts")
