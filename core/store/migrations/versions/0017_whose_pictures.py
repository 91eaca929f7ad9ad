"""Whose pictures: the hosts from which an app's mails may load them.

Revision: 0017, after 0016.
"""

import sqlalchemy as sa
from alembic import op

from core.model.base import Document

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("app", sa.Column("photo_hosts", Document))


def downgrade() -> None:
    op.drop_column("app", "photo_hosts")
