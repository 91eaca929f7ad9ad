"""What was shown: the files of a held reply, and what is known of its author.

What was held before has NULL for files: it is read once more, and shown whole, before it is posted.

Revision: 0018, after 0017.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_DOCUMENT = sa.JSON(none_as_null=True).with_variant(
    postgresql.JSONB(none_as_null=True), "postgresql"
)


def upgrade() -> None:
    op.add_column("held_reply", sa.Column("files", _DOCUMENT, nullable=True))
    op.add_column("held_reply", sa.Column("proof", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("held_reply", "proof")
    op.drop_column("held_reply", "files")
