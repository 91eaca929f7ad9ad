"""Who types in a conversation is found by the conversation.

Revision: 0009, after 0008.
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index(
        "session_by_typing",
        "session",
        ["app_id", "selected_conversation_id"],
        sqlite_where=sa.text("is_typing = 1"),
        postgresql_where=sa.text("is_typing"),
    )


def downgrade() -> None:
    op.drop_index("session_by_typing", "session")
