"""A suppression says of whose delivery it was, who made it by hand, and who lifted it.

Revision: 0027, after 0026.
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

_COLUMNS = (
    ("user_id", sa.String()),
    ("delivery_id", sa.String()),
    ("made_by", sa.String()),
    ("lifted_at", sa.BigInteger()),
    ("lifted_by", sa.String()),
)


def upgrade() -> None:
    for name, kind in _COLUMNS:
        op.add_column("suppression", sa.Column(name, kind, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("suppression") as table:
        for name, _ in _COLUMNS:
            table.drop_column(name)
