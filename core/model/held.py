"""A held reply: a mail that may be somebody's own and is not posted before a person says so."""

from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKeyConstraint, Index
from sqlmodel import SQLModel

from core.model.base import choice, document, key, moment, where
from core.moment import Moment


class HeldState(StrEnum):
    """Where a held reply stands. The last two are endings."""

    WAITING = "waiting"
    POSTED = "posted"
    DROPPED = "dropped"


class AuthorProof(StrEnum):
    """What the domain of the address in From says of a mail that waits, asked when it came."""

    PROVEN = "proven"
    AUTHOR_ONLY = "author-only"  # it wrote this once, and not surely to here
    DISOWNED = "disowned"
    UNPUBLISHED = "unpublished"
    UNANSWERED = "unanswered"
    UNCHECKED = "unchecked"


class HeldReply(SQLModel, table=True):
    """One reply that waits. Its octets are its receipt's; ``sender`` is what From claims.

    ``text`` and ``files`` are what is shown of it and, if somebody says yes, what is posted: each
    file a map of filename, contentType, size and sha256. The trap: octets that are read again
    later may say something else, for we know of more by then. ``files`` is NULL, and ``text`` may
    be cut at 5,000 letters, where it was held before 0018. ``proof``: an AuthorProof.

    ``reference`` is how the links in the question name it; ``asked_at`` is when its owner, never
    the sender, was asked (NULL: only the operator sees it).
    """

    __tablename__ = "held_reply"
    __table_args__ = (
        ForeignKeyConstraint(
            ["app_id", "conversation_id"],
            ["conversation.app_id", "conversation.id"],
            ondelete="CASCADE",
        ),
        Index("held_reply_by_reference", "app_id", "reference", unique=True),
        Index("held_reply_by_participant", "app_id", "conversation_id", "user_id", "held_at"),
        Index("held_reply_waiting", "held_at", **where("state = 'waiting'")),
        Index("held_reply_by_end", "ended_at", **where("ended_at IS NOT NULL")),
    )

    app_id: str = key()
    id: str = key()
    receipt_id: str
    conversation_id: str
    user_id: str
    sender: str
    reason: str
    text: str = ""
    files: list[dict[str, Any]] | None = document(default=None)
    proof: str | None = None
    state: HeldState = choice(HeldState, HeldState.WAITING)
    reference: int = moment()
    held_at: Moment = moment()
    asked_at: Moment | None = moment(None)
    ended_at: Moment | None = moment(None)
    ended_by: str | None = None
    message_id: str | None = None

    @property
    def has_one_sender(self) -> bool:
        """Whether it claims to come from exactly one address."""
        return self.sender.count("@") == 1 and "," not in self.sender

    @property
    def may_be_claimed(self) -> bool:
        """Whether its sender's address may be called one's own: only where it surely wrote this."""
        return self.has_one_sender and self.proof == AuthorProof.PROVEN
