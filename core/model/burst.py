"""A burst: the messages one recipient has missed in one conversation, and all that bears on it."""

from collections.abc import Mapping
from dataclasses import dataclass

from core.model.app import App
from core.model.attachment import Attachment
from core.model.conversation import Conversation
from core.model.message import Message
from core.model.participant import Participant
from core.model.role import Role
from core.model.session import Session
from core.model.user import User


@dataclass(frozen=True, slots=True)
class Burst:
    """What was missed, as of now: read, deleted and own messages are already left out.

    ``opted_out`` holds conversation ids, or ``*``; ``suppressed`` addresses in lower case.
    """

    app: App
    role: Role | None
    conversation: Conversation
    user: User
    participant: Participant
    messages: tuple[Message, ...]
    senders: Mapping[str, User]
    attachments: Mapping[str, tuple[Attachment, ...]]
    sessions: tuple[Session, ...]
    opted_out: frozenset[str]
    suppressed: frozenset[str]
