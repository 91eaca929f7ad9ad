"""A participant is looked up by reference and by user; the app tells least, so it stands last.

Where one app has all the rows and the server has not counted them, an index that begins with the
app seems as good as the key, and every participant of the app was read to find one.

Revision: 0012, after 0011.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _create("reference", "app_id", unique=True)
    _create("user_id", "app_id", unique=False)


def downgrade() -> None:
    _create("app_id", "reference", unique=True)
    _create("app_id", "user_id", unique=False)


def _create(*columns: str, unique: bool) -> None:
    name = "participant_by_reference" if "reference" in columns else "participant_by_user"
    op.drop_index(name, "participant")
    op.create_index(name, "participant", list(columns), unique=unique)
