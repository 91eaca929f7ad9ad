"""What comes in and who is told: receipts, webhooks.

Revision: 0003, after 0002.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "receipt",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=True),
        sa.Column("user_id", sa.String(), nullable=True),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("reverse_path", sa.String(), nullable=False),
        sa.Column("recipient", sa.String(), nullable=False),
        sa.Column("peer", sa.String(), nullable=False),
        sa.Column("mail_message_id", sa.String(), nullable=True),
        sa.Column("dedupe_key", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=True),
        sa.Column("raw_until", sa.BigInteger(), nullable=True),
        sa.Column("verdict", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("evidence", DOCUMENT, nullable=True),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_index("receipt_by_dedupe_key", "receipt", ["app_id", "dedupe_key"], unique=True)
    op.create_index(
        "receipt_by_participant",
        "receipt",
        ["app_id", "conversation_id", "user_id", "received_at"],
        unique=False,
    )
    op.create_index("receipt_by_raw_until", "receipt", ["raw_until"], unique=False)

    op.create_table(
        "webhook_attempt",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("event_id", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("detail", sa.String(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "endpoint_id", "event_id", "number"),
    )
    op.create_table(
        "webhook_event",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "conversation_id", "seq"),
    )
    op.create_index("webhook_event_by_age", "webhook_event", ["created_at"], unique=False)

    op.create_table(
        "webhook_endpoint",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("url", sa.String(), nullable=False),
        sa.Column("events", DOCUMENT, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("disabled_at", sa.BigInteger(), nullable=True),
        sa.Column("disabled_reason", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["app.app_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_table(
        "webhook_stream",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("endpoint_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("next_seq", sa.BigInteger(), nullable=False),
        sa.Column("next_attempt_at", sa.BigInteger(), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("failing_since", sa.BigInteger(), nullable=True),
        sa.Column("claims", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id", "endpoint_id"],
            ["webhook_endpoint.app_id", "webhook_endpoint.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("app_id", "endpoint_id", "conversation_id"),
    )
    op.create_index(
        "webhook_stream_due",
        "webhook_stream",
        ["shard", "next_attempt_at"],
        unique=False,
        sqlite_where=sa.text("next_attempt_at IS NOT NULL"),
        postgresql_where=sa.text("next_attempt_at IS NOT NULL"),
    )


def downgrade() -> None:

    op.drop_table("webhook_stream")
    op.drop_table("webhook_endpoint")

    op.drop_table("webhook_event")
    op.drop_table("webhook_attempt")

    op.drop_table("receipt")
