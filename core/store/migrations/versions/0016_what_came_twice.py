"""What came twice: by which words a mail is known that was coded anew on its way.

Revision: 0016, after 0015.
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("receipt", sa.Column("words_key", sa.String(), nullable=True))
    op.create_index(
        "receipt_by_words_key",
        "receipt",
        ["app_id", "words_key"],
        unique=True,
        sqlite_where=sa.text("words_key IS NOT NULL"),
        postgresql_where=sa.text("words_key IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("receipt_by_words_key", table_name="receipt")
    op.drop_column("receipt", "words_key")
