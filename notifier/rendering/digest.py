"""What does one digest say? The burst in values only: nothing looked up, nothing decided.

Whoever builds a digest has already chosen the messages, expanded the role's templates
(``macros``) and made the links. Every string may be hostile: rendering cleans and escapes.
Moments are milliseconds UTC.
"""

import hashlib
from dataclasses import dataclass, field

from core.brand import Brand
from core.content_nodes import Blocks


@dataclass(frozen=True, slots=True)
class FileLink:
    """An attachment: the name its sender gave it, where to fetch it, its size in octets."""

    name: str
    url: str
    size: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The message that another one answers: who wrote it, and what it says as plain text."""

    sender_name: str
    text: str


@dataclass(frozen=True, slots=True)
class DigestMessage:
    """One missed message.

    ``content`` are its blocks, which are shown in place of ``text``; ``place`` is latitude and
    longitude. ``labelled_links`` says whether words may stand for the address of a link: true
    only for what the app itself said, or any user could hide where a link leads.
    """

    sender_name: str
    sender_photo_url: str | None
    text: str
    sent_at: int
    attachments: tuple[FileLink, ...] = ()
    labelled_links: bool = False
    content: Blocks | None = None
    place: tuple[float, float] | None = None
    answers: Answered | None = None


@dataclass(frozen=True, slots=True)
class Digest:
    """A burst as its recipient will read it, oldest message first.

    ``more`` counts messages that were missed before those in ``messages``. ``marker`` is
    ``rjd-`` and twelve hexadecimal digits (``marker_of``). ``opt_out_text``, ``header`` and
    ``footer`` are the role's own words, None for the built-in ones; so is the ``button_text`` of
    ``brand``.
    """

    app_name: str
    conversation_subject: str | None
    recipient_name: str
    locale: str
    time_zone: str
    messages: tuple[DigestMessage, ...]
    marker: str
    opt_out_url: str
    more: int = 0
    inbox_url: str | None = None
    can_reply: bool = True
    opt_out_text: str | None = None
    header: str | None = None
    footer: str | None = None
    brand: Brand = field(default_factory=Brand)
    settings_url: str = ""


def marker_of(notification_id: str) -> str:
    """Return the marker of a notification's digest, the same each time it is rendered."""
    return "rjd-" + hashlib.sha256(notification_id.encode()).hexdigest()[:12]
