"""Every change of a conversation has a number and a row, whether or not a webhook listens.

The log of webhook events becomes the log of changes. What was logged keeps its number, and so
do the cursors: an event's number was taken from ``seq``, which is where ``change`` begins.

Revision: 0013, after 0012.
"""

import sqlalchemy as sa
from alembic import op

from core.model.base import Document

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_KEPT = """
INSERT INTO change (app_id, conversation_id, number, kind, at, event_id, data)
SELECT app_id, conversation_id, seq,
       CASE type WHEN 'message.updated' THEN 'message.edited' ELSE type END,
       created_at, id, data
FROM webhook_event
"""
_TOLD = """
INSERT INTO webhook_event (app_id, conversation_id, seq, id, type, data, created_at)
SELECT app_id, conversation_id, number, event_id,
       CASE WHEN kind IN ('message.edited', 'reaction.added', 'reaction.removed')
            THEN 'message.updated' ELSE kind END,
       data, at
FROM change WHERE data IS NOT NULL
"""


def upgrade() -> None:
    op.add_column(
        "conversation", sa.Column("change", sa.BigInteger(), nullable=False, server_default="0")
    )
    op.execute("UPDATE conversation SET change = seq")
    op.create_table(
        "change",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("message_id", sa.String()),
        sa.Column("user_id", sa.String()),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("event_id", sa.String()),
        sa.Column("data", Document),
        sa.PrimaryKeyConstraint("app_id", "conversation_id", "number"),
        sqlite_with_rowid=False,
    )
    op.create_index("change_by_age", "change", ["at"])
    op.execute(_KEPT)
    op.drop_table("webhook_event")
    op.execute("ALTER TABLE webhook_stream RENAME COLUMN next_seq TO next_number")


def downgrade() -> None:
    op.execute("ALTER TABLE webhook_stream RENAME COLUMN next_number TO next_seq")
    op.create_table(
        "webhook_event",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("type", sa.String(), nullable=False),
        sa.Column("data", Document, nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "conversation_id", "seq"),
    )
    op.create_index("webhook_event_by_age", "webhook_event", ["created_at"])
    op.execute(_TOLD)
    # Numbers that were told must not be given out again.
    op.execute("UPDATE conversation SET seq = change WHERE change > seq")
    op.drop_table("change")
    op.drop_column("conversation", "change")
