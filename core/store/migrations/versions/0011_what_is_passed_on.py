"""A delivery may pass a mail for the operator on, which is named by its receipt.

Revision: 0011, after 0010.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("receipt_id", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("delivery", "receipt_id")
