"""Roles and people say when they want to be written to.

Revision: 0023, after 0022.
"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_FLAGS = (("role", "critical_bypass"), ("message", "critical"))
_COUNTS = ("mails_per_hour", "mails_per_day", "back_off_after")


def upgrade() -> None:
    op.add_column("role", sa.Column("quiet_hours", sa.String(), nullable=True))
    for name in _COUNTS:
        op.add_column("role", sa.Column(name, sa.Integer(), nullable=True))
    for table, name in _FLAGS:
        op.add_column(
            table, sa.Column(name, sa.Boolean(), nullable=False, server_default=sa.false())
        )
    op.add_column("participant", sa.Column("visited_at", sa.BigInteger(), nullable=True))
    op.create_index(
        "notification_by_user",
        "notification",
        ["app_id", "user_id", "decided_at"],
        sqlite_where=sa.text("sent"),
        postgresql_where=sa.text("sent"),
    )
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
    op.drop_index("notification_by_user", "notification")
    op.drop_column("participant", "visited_at")
    for table, name in _FLAGS:
        op.drop_column(table, name)
    for name in ("quiet_hours", *_COUNTS):
        op.drop_column("role", name)
