"""What waits is found by its app, too, so that a small one need not wait behind a large one.

Revision: 0024, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0021"
branch_labels = None
depends_on = None

_WAITS = sa.text("next_attempt_at IS NOT NULL")


def upgrade() -> None:
    op.create_index("pending_by_app", "pending", ["app_id", "due_at"], unique=False)
    op.create_index(
        "delivery_by_app",
        "delivery",
        ["app_id", "next_attempt_at"],
        unique=False,
        sqlite_where=_WAITS,
        postgresql_where=_WAITS,
    )


def downgrade() -> None:
    op.drop_index("delivery_by_app", table_name="delivery")
    op.drop_index("pending_by_app", table_name="pending")
