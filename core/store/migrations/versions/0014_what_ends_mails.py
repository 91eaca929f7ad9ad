"""What a person's mails end with again and again is remembered, as keyed digests.

Revision: 0014, after 0013.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "known_blocks",
        sa.Column("app_id", sa.String(), nullable=False),
        sa.Column("whose", sa.String(), nullable=False),
        sa.Column("owner", sa.String(), nullable=False),
        sa.Column("packed", sa.LargeBinary(), nullable=False),
        sa.Column("oldest_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("app_id", "whose", "owner"),
    )
    op.create_index("known_blocks_by_age", "known_blocks", ["oldest_at"])


def downgrade() -> None:
    op.drop_table("known_blocks")
