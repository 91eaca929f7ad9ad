"""Of a conversation of very many, who is owed word is noted some people at a time.

Revision: 0020, after 0019.
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "fan_out",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("first_seq", sa.BigInteger(), nullable=False),
        sa.Column("last_seq", sa.BigInteger(), nullable=False),
        sa.Column("reached", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("shard", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("app_id", "conversation_id"),
    )
    op.create_index("fan_out_due", "fan_out", ["shard", "due_at"])
    op.create_index(
        "fan_out_claimed",
        "fan_out",
        ["claimed_by"],
        sqlite_where=sa.text("claimed_by IS NOT NULL"),
        postgresql_where=sa.text("claimed_by IS NOT NULL"),
    )


def downgrade() -> None:
    # What is still to be noted would be owed to nobody: let the notifier finish first.
    op.drop_table("fan_out")
