"""What waits for a person: held replies; and the claims, found without reading the queues.

Revision: 0004, after 0003.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)
QUEUES = ("pending", "delivery", "webhook_stream")


def upgrade() -> None:
    op.create_table(
        "held_reply",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("receipt_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("sender", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("state", sa.String(length=32), nullable=False),
        sa.Column("reference", sa.BigInteger(), nullable=False),
        sa.Column("held_at", sa.BigInteger(), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_by", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("app_id", "id"),
    )
    op.create_index("held_reply_by_reference", "held_reply", ["app_id", "reference"], unique=True)
    op.create_index(
        "held_reply_by_participant",
        "held_reply",
        ["app_id", "conversation_id", "user_id", "held_at"],
        unique=False,
    )
    op.create_index(
        "held_reply_waiting",
        "held_reply",
        ["held_at"],
        unique=False,
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    )
    op.add_column("user", sa.Column("aliases", DOCUMENT, nullable=True))
    op.add_column("delivery", sa.Column("held_id", sa.String(), nullable=True))
    for queue in QUEUES:
        op.create_index(
            f"{queue}_claimed",
            queue,
            ["claimed_by"],
            unique=False,
            sqlite_where=sa.text("claimed_by IS NOT NULL"),
            postgresql_where=sa.text("claimed_by IS NOT NULL"),
        )


def downgrade() -> None:
    for queue in QUEUES:
        op.drop_index(f"{queue}_claimed", table_name=queue)
    op.drop_column("delivery", "held_id")
    op.drop_column("user", "aliases")
    op.drop_table("held_reply")
