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
    with op.batch_alter_table("message") as batch:
        batch.drop_column("email_confidence")
    with op.batch_alter_table("app") as batch:
        batch.drop_column("email_confidence_threshold")
