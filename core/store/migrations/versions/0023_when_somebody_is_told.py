"""Roles and people say when they want to be written to.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role", sa.Column("quiet_hours", sa.String(), nullable=True))
    op.create_table(
        "preference",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("quiet_hours", sa.String(), nullable=True),
        sa.ForeignKeyConstraint(
            ["app_id", "user_id"], ["user.app_id", "user.id"], ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("app_id", "user_id"),
    )


def downgrade() -> None:
    op.drop_table("preference")
    op.drop_column("role", "quiet_hours")
