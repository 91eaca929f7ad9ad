"""An app and a role may say how mails look: logo, colour, and words of their own.

Revision: 0025, after 0024.
"""

import sqlalchemy as sa
from alembic import op

from core.model.base import Document

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for table in ("app", "role"):
        op.add_column(table, sa.Column("brand", Document))


def downgrade() -> None:
    for table in ("app", "role"):
        op.drop_column(table, "brand")
