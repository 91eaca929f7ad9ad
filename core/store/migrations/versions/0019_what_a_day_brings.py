"""What a day brings: how much mail has come for one address today.

Revision: 0019, after 0018.
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_budget",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("user_id", sa.String(), nullable=False),
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("mails", sa.Integer(), nullable=False),
        sa.Column("octets", sa.BigInteger(), nullable=False),
        sa.Column("told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "conversation_id", "user_id", "account"),
    )
    op.create_index("day_budget_by_day", "day_budget", ["day"], unique=False)


def downgrade() -> None:
    op.drop_index("day_budget_by_day", table_name="day_budget")
    op.drop_table("day_budget")
