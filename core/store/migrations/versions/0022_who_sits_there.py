"""A page tells when somebody last touched it, and what is owed tells what it waits for.

Revision: 0022, after 0021.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("session", sa.Column("active_at", sa.BigInteger(), nullable=True))
    op.add_column("pending", sa.Column("waits_for", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("pending", "waits_for")
    op.drop_column("session", "active_at")
