"""Since when an endpoint takes nothing: said of the endpoint, no longer of each of its cursors.

Revision: 0007, after 0006.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("webhook_endpoint", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.drop_column("webhook_stream", "failing_since")


def downgrade() -> None:
    op.add_column("webhook_stream", sa.Column("failing_since", sa.BigInteger(), nullable=True))
    op.drop_column("webhook_endpoint", "failing_since")
