"""A role may have a theme of its own for its mails.

Revision: 0026, after 0025.
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("role", sa.Column("theme_html", sa.String(), nullable=True))
    op.add_column("role", sa.Column("theme_text", sa.String(), nullable=True))


def downgrade() -> None:
    op.drop_column("role", "theme_text")
    op.drop_column("role", "theme_html")
