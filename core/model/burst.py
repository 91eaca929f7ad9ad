"""A burst: the messages one recipient has missed in one conversation, and all that bears on it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from core.model.app import App
from core.model.attachment import Attachment
from core.model.conversation import Conversation
from core.model.mails_before import NO_MAILS_BEFORE, MailsBefore
from core.model.message import Message
from core.model.participant import Participant
from core.model.preference import Preference
from core.model.role import Role
from core.model.session import UserSession
from core.model.user import User
from core.moment import Moment


@dataclass(frozen=True, slots=True)
class Rest:
    """What was missed after the messages of a burst that are at hand, counted, not read.

    ``newest`` are the last few of them, which a mail shows. ``critical``: any that was not read.
    """

    count: int
    last_seq: int
    last_at: Moment
    owes: bool
    mentions: bool
    newest: tuple[Message, ...] = ()
    critical: bool = False


@dataclass(frozen=True, slots=True)
class Burst:
    """What was missed, as of now: read, deleted and own messages are already left out.

    ``messages`` are the first of them, as many as one mail can show; ``rest`` is all the others.
    ``answered`` are messages that some of them answer, by id; who wrote those is in ``senders``.
    ``opted_out`` holds conversation ids, or ``*``; ``suppressed`` addresses in lower case.
    ``typing_until`` is when the session ends, or ended, that last says somebody types here; None:
    there is none. ``preference``: what the recipient has chosen; None: nothing.
    ``before``: the mails of before, where a decision hangs on them.
    """

    app: App
    role: Role | None
    conversation: Conversation
    user: User
    participant: Participant
    messages: tuple[Message, ...]
    senders: Mapping[str, User]
    attachments: Mapping[str, tuple[Attachment, ...]]
    sessions: tuple[UserSession, ...]
    opted_out: frozenset[str]
    suppressed: frozenset[str]
    rest: Rest | None = None
    typing_until: Moment | None = None
    answered: Mapping[str, Message] = field(default_factory=dict)
    preference: Preference | None = None
    before: MailsBefore = NO_MAILS_BEFORE

    @property
    def count(self) -> int:
        """How many messages were missed."""
        return len(self.messages) + (self.rest.count if self.rest else 0)

    @property
    def newest(self) -> tuple[Message, ...]:
        """The last of them that are at hand, without a gap, in order."""
        return (self.rest.newest if self.rest else ()) or self.messages

    @property
    def last_seq(self) -> int:
        """The number of the last one. There must be one."""
        return self.rest.last_seq if self.rest else self.messages[-1].seq

    @property
    def last_at(self) -> Moment:
        """When the last one was said. There must be one."""
        return self.rest.last_at if self.rest else self.messages[-1].created_at

    @property
    def critical(self) -> bool:
        """Whether any of them is critical that was not read: a reminder is of what was read too."""
        read = self.participant.read_seq
        here = any(message.critical and message.seq > read for message in self.messages)
        return here or (self.rest is not None and self.rest.critical)

    @property
    def mentioned(self) -> bool:
        """Whether the recipient was mentioned in any of them."""
        here = any(self.user.id in (message.mentions or ()) for message in self.messages)
        return here or (self.rest is not None and self.rest.mentions)
