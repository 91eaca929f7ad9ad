"""How surely a reply was read: what an app asks for, and what marks a message below that.

Revision: 0015, after 0014.
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app", sa.Column("email_confidence_threshold", sa.BigInteger()))
    op.add_column("message", sa.Column("email_confidence", sa.BigInteger()))


def downgrade() -> None:
    op.drop_column("message", "email_confidence")
    op.drop_column("app", "email_confidence_threshold")
