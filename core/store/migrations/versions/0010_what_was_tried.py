"""How often a mail was answered for itself: a claim that ends at a closed relay is no try.

Revision: 0010, after 0009.
"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("delivery", sa.Column("tries", sa.Integer(), nullable=False, server_default="0"))


def downgrade() -> None:
    op.drop_column("delivery", "tries")
