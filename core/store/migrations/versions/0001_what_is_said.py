"""What is said: apps, users, conversations, messages.

Revision: 0001, after None.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.create_table(
        "app",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("custom", DOCUMENT, nullable=False),
        sa.Column("default_locale", sa.String(), nullable=False),
        sa.Column("time_zone", sa.String(), nullable=False),
        sa.Column("sender_policy", sa.String(length=32), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id"),
        sa.UniqueConstraint("number"),
    )
    op.create_table(
        "api_key",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("secret", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("signs_webhooks", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["app.app_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_table(
        "conversation",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("photo_url", sa.String(), nullable=True),
        sa.Column("welcome_messages", DOCUMENT, nullable=True),
        sa.Column("custom", DOCUMENT, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("last_message_at", sa.BigInteger(), nullable=True),
        sa.Column("typed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["app.app_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_index(
        "conversation_by_activity", "conversation", ["app_id", "last_message_at"], unique=False
    )

    op.create_table(
        "role",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email_enabled", sa.Boolean(), nullable=False),
        sa.Column("timeout_seconds", sa.Integer(), nullable=False),
        sa.Column("max_wait_seconds", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("header", sa.String(), nullable=True),
        sa.Column("footer", sa.String(), nullable=True),
        sa.Column("inbox_url", sa.String(), nullable=True),
        sa.Column("opt_out_text", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(["app_id"], ["app.app_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "name"),
    )
    op.create_table(
        "user",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", DOCUMENT, nullable=True),
        sa.Column("phone", DOCUMENT, nullable=True),
        sa.Column("photo_url", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=True),
        sa.Column("time_zone", sa.String(), nullable=True),
        sa.Column("role", sa.String(), nullable=True),
        sa.Column("welcome_message", sa.String(), nullable=True),
        sa.Column("availability_text", sa.String(), nullable=True),
        sa.Column("custom", DOCUMENT, nullable=False),
        sa.Column("push_tokens", DOCUMENT, nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["app_id"], ["app.app_id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_table(
        "message",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("type", sa.String(length=32), nullable=False),
        sa.Column("sender_id", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("content", DOCUMENT, nullable=True),
        sa.Column("location", DOCUMENT, nullable=True),
        sa.Column("origin", sa.String(length=32), nullable=False),
        sa.Column("referenced_message_id", sa.String(), nullable=True),
        sa.Column("mentions", DOCUMENT, nullable=True),
        sa.Column("custom", DOCUMENT, nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=True),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("edited_at", sa.BigInteger(), nullable=True),
        sa.Column("deleted_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_index(
        "message_by_idempotency_key",
        "message",
        ["app_id", "conversation_id", "idempotency_key"],
        unique=True,
        sqlite_where=sa.text("idempotency_key IS NOT NULL"),
        postgresql_where=sa.text("idempotency_key IS NOT NULL"),
    )
    op.create_index("message_by_seq", "message", ["app_id", "conversation_id", "seq"], unique=True)

    op.create_table(
        "participant",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("access", sa.String(length=32), nullable=False),
        sa.Column("notify", sa.String(length=32), nullable=False),
        sa.Column("joined_at", sa.BigInteger(), nullable=False),
        sa.Column("left_at", sa.BigInteger(), nullable=True),
        sa.Column("read_seq", sa.BigInteger(), nullable=False),
        sa.Column("read_until", sa.BigInteger(), nullable=True),
        sa.Column("muted_until", sa.BigInteger(), nullable=True),
        sa.Column("reference", sa.BigInteger(), nullable=False),
        sa.Column("address_epoch", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("app_id", "conversation_id", "user_id"),
    )
    op.create_index("participant_by_reference", "participant", ["app_id", "reference"], unique=True)
    op.create_index("participant_by_user", "participant", ["app_id", "user_id"], unique=False)

    op.create_table(
        "session",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("selected_conversation_id", sa.String(), nullable=True),
        sa.Column("has_focus", sa.Boolean(), nullable=False),
        sa.Column("is_typing", sa.Boolean(), nullable=False),
        sa.Column("told_at", sa.BigInteger(), nullable=False),
        sa.Column("expires_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("app_id", "user_id", "id"),
    )
    op.create_index("session_by_end", "session", ["expires_at"], unique=False)

    op.create_table(
        "attachment",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("content_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reference", sa.BigInteger(), nullable=False),
        sa.Column("octets", sa.LargeBinary(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id", "message_id"], ["message.app_id", "message.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_index("attachment_by_message", "attachment", ["app_id", "message_id"], unique=False)
    op.create_index("attachment_by_reference", "attachment", ["app_id", "reference"], unique=True)


def downgrade() -> None:

    op.drop_table("attachment")

    op.drop_table("session")

    op.drop_table("participant")

    op.drop_table("message")
    op.drop_table("user")
    op.drop_table("role")

    op.drop_table("conversation")
    op.drop_table("api_key")
    op.drop_table("app")
