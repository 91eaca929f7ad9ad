"""A member: a participant together with what their user and role say about notifying them."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.model.day_budget import NOTHING_SPENT, Spent
from core.model.participant import Access, Notify
from core.moment import Moment


@dataclass(frozen=True, slots=True)
class Member:
    """One participant of a conversation, as the rules need to see them.

    ``read_seq`` and ``joined_at`` are told where they matter, in a crowd (``actions.fan_out``).
    """

    user_id: str
    access: Access
    notify: Notify
    left_at: Moment | None
    timeout_seconds: int
    read_seq: int = 0
    joined_at: Moment = 0


@dataclass(frozen=True, slots=True)
class Audience:
    """Who is or was in a conversation, and whether the app has a webhook.

    Of a ``crowd`` only some members are here: who is owed word is noted by and by.
    """

    members: Sequence[Member]
    listened_to: bool
    crowd: bool


@dataclass(frozen=True, slots=True)
class Remembered:
    """What is remembered of how a person's mails end, and those of their domain.

    Packed as ``core.rules.block_memory`` writes it, empty where nothing is. ``domain``: that of
    the person's first address, in lower case.
    """

    person: bytes = b""
    domain: str = ""
    shared: bytes = b""


NOTHING_REMEMBERED = Remembered()


@dataclass(frozen=True, slots=True)
class Correspondent:
    """Whom a reply or opt-out address names: the participant, their user and their app.

    ``remembered`` and ``spent`` (what they have written here today): of whom a mail is to be read,
    else nothing.
    """

    app_id: str
    conversation_id: str
    user_id: str
    access: Access
    left_at: Moment | None
    address_epoch: int
    sender_policy: str
    name: str
    addresses: tuple[str, ...]
    locale: str
    conversation_subject: str | None
    email_confidence_threshold: int | None = None
    remembered: Remembered = NOTHING_REMEMBERED
    spent: Spent = NOTHING_SPENT
