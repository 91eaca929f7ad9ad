"""A decision may be one that the app asked for, in words of its own.

Revision: 0028, after 0027.
"""

import sqlalchemy as sa
from alembic import op

from core.model.base import Document

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("reminder", Document, nullable=True))


def downgrade() -> None:
    op.drop_column("notification", "reminder")
