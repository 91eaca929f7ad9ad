"""An attachment: a file that belongs to a message."""

from sqlalchemy import ForeignKeyConstraint, Index, LargeBinary
from sqlmodel import Field, SQLModel

from core.model.base import key, moment
from core.moment import Moment


class Attachment(SQLModel, table=True):
    """One file; ``reference`` names it in signed links.

    ``object_key`` is where its octets are kept (``core.files``). Rows from before have ``octets``.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "message_id"], ["message.app_id", "message.id"], ondelete="CASCADE"
        ),
        Index("attachment_by_message", "app_id", "message_id"),
        Index("attachment_by_reference", "app_id", "reference", unique=True),
        Index("attachment_by_object_key", "object_key"),
    )

    app_id: str = key()
    id: str = key()
    message_id: str
    position: int = 0
    filename: str
    content_type: str
    size: int = moment()
    sha256: str
    reference: int = moment()
    object_key: str | None = None
    octets: bytes | None = Field(default=None, sa_type=LargeBinary)
    created_at: Moment = moment()
