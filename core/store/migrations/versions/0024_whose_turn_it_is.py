"""What waits is found by its app, so that a small one need not wait behind a large one; lanes.

Revision: 0024, after 0023.
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

_WAITS = sa.text("next_attempt_at IS NOT NULL")


def upgrade() -> None:
    op.create_table(
        "lane_state",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("troubles", sa.Integer(), nullable=False),
        sa.Column("closed_until", sa.BigInteger(), nullable=False),
        sa.Column("cause", sa.String(), nullable=True),
        sa.Column("code", sa.Integer(), nullable=True),
        sa.Column("enhanced", sa.String(), nullable=True),
        sa.Column("text", sa.String(), nullable=True),
        sa.Column("whole", sa.Boolean(), nullable=False),
        sa.Column("said_to", sa.String(), nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    # What waits by now has the lane of its channel; that of its provider is for what comes.
    op.add_column(
        "delivery", sa.Column("lane", sa.String(), nullable=False, server_default="email")
    )
    for table in ("delivery", "attempt"):
        op.add_column(table, sa.Column("relay", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE delivery SET lane = channel WHERE next_attempt_at IS NOT NULL")
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
    # Before, nobody heard that a mail has arrived: it was taken, and that is known of it.
    op.execute("UPDATE delivery SET state = 'accepted' WHERE state = 'delivered'")
    for table in ("attempt", "delivery"):
        op.drop_column(table, "relay")
    op.drop_column("delivery", "lane")
    op.drop_table("lane_state")
    op.drop_index("delivery_by_app", table_name="delivery")
    op.drop_index("pending_by_app", table_name="pending")
