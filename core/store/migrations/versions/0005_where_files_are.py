"""Where files are kept: attachments name an object; those from before keep their octets.

Revision: 0005, after 0004.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("attachment") as table:
        table.add_column(sa.Column("object_key", sa.String(), nullable=True))
        table.alter_column("octets", existing_type=sa.LargeBinary(), nullable=True)
    op.create_index("attachment_by_object_key", "attachment", ["object_key"], unique=False)


def downgrade() -> None:
    op.drop_index("attachment_by_object_key", table_name="attachment")
    op.execute("DELETE FROM attachment WHERE octets IS NULL")
    with op.batch_alter_table("attachment") as table:
        table.alter_column("octets", existing_type=sa.LargeBinary(), nullable=False)
        table.drop_column("object_key")
