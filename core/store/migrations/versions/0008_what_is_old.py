"""What is old is found by its age, to be let go.

Revision: 0008, after 0007.
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_AGES = (
    ("delivery_by_end", "delivery", "ended_at", "ended_at IS NOT NULL"),
    ("delivery_by_trace", "delivery", "created_at", "trace IS NOT NULL"),
    ("held_reply_by_end", "held_reply", "ended_at", "ended_at IS NOT NULL"),
    ("notification_by_age", "notification", "decided_at", None),
    ("receipt_by_age", "receipt", "received_at", None),
    ("webhook_attempt_by_age", "webhook_attempt", "ended_at", None),
)


def upgrade() -> None:
    for name, table, column, where in _AGES:
        partial = None if where is None else sa.text(where)
        op.create_index(name, table, [column], sqlite_where=partial, postgresql_where=partial)


def downgrade() -> None:
    for name, table, _, _ in _AGES:
        op.drop_index(name, table)
