"""Known blocks: what a person's mails end with again and again, as keyed digests."""

from enum import StrEnum

from sqlalchemy import Index, LargeBinary
from sqlmodel import Field, SQLModel

from core.model.base import key, moment
from core.moment import Moment


class BlocksOf(StrEnum):
    """Whose mails the blocks stood in."""

    PERSON = "person"
    DOMAIN = "domain"


class KnownBlocks(SQLModel, table=True):
    """The digests of one person's blocks, or of those that people of one domain share.

    ``whose`` is one of BlocksOf; ``owner`` is a user's id, or a domain in lower case. ``packed`` is
    as ``core.rules.block_memory`` writes it: no word of a mail is in it. ``oldest_at``: the day on
    which the block stood in a mail last that was not seen for the longest time.
    """

    __tablename__ = "known_blocks"
    __table_args__ = (Index("known_blocks_by_age", "oldest_at"),)

    app_id: str = key()
    whose: str = key()
    owner: str = key()
    packed: bytes = Field(sa_type=LargeBinary)
    oldest_at: Moment = moment()
