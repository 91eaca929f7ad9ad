"""How would a mail look, and what does the relay say to one? What the way in asks of the way out.

The gateway writes no mails and the notifier answers no requests, so the wiring hands the one what
the other can do, in this form. A mail that is asked for here is nobody's: its links and addresses
are signed for a participant that does not exist, so that who is shown it can do nothing with it.
"""

from dataclasses import dataclass
from typing import Protocol

from core.check_finding import Finding
from core.model.app import App
from core.model.burst import Burst
from core.model.role import Role
from core.moment import Moment
from core.outcome import Outcome


@dataclass(frozen=True, slots=True)
class PreviewWish:
    """What is to be shown: the mail of a burst, or of a made-up one if it is None.

    ``role``: whose settings are used, stored or not. ``locale``: instead of the reader's own.
    """

    app: App
    role: Role | None
    now: Moment
    burst: Burst | None = None
    locale: str | None = None


@dataclass(frozen=True, slots=True)
class MailPreview:
    """A mail that was not sent: both bodies, how some see the HTML, its octets, and findings.

    ``dark``, ``narrow`` and ``rtl`` are whole pages: in a dark theme, 320 CSS pixels wide, and in
    a language that is written from right to left. ``sender``: From, as it is shown.
    ``theme_fault``: why the role's own theme was not used, if it was not.
    """

    subject: str
    sender: str
    recipient: str
    language: str
    text: str
    html: str
    dark: str
    narrow: str
    rtl: str
    raw: bytes
    findings: tuple[Finding, ...]
    theme_fault: str = ""


@dataclass(frozen=True, slots=True)
class TestSent:
    """What became of a test mail at the relay. ``message_id`` is written in brackets."""

    outcome: Outcome
    message_id: str
    findings: tuple[Finding, ...]


class MailPreviews(Protocol):
    """Something that writes mails as they would be sent, and sends one as a test."""

    async def preview(self, wish: PreviewWish) -> MailPreview:
        """Return the mail that is wished for. Nothing leaves and nothing is kept."""

    async def send_test(self, wish: PreviewWish, address: str) -> TestSent:
        """Offer one mail to the relay, marked as a test, and return what it said."""
