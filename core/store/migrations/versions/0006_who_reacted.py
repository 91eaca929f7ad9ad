"""Who reacted: one row for each emoji of a user on a message.

Revision: 0006, after 0005.
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reaction",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("emoji", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["app_id", "message_id"], ["message.app_id", "message.id"], ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("app_id", "message_id", "emoji", "user_id"),
    )
    op.create_index("reaction_by_user", "reaction", ["app_id", "user_id"], unique=False)


def downgrade() -> None:
    op.drop_index("reaction_by_user", table_name="reaction")
    op.drop_table("reaction")
