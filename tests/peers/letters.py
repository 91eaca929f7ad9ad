"""The letters people write, and how they reach a mail server."""

import smtplib
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import make_msgid

WORDS = "Yes, it is! Come by at six."
QUOTE = "On Sat, 21 Nov 2026 at 10:00, Ann <shop@example.org> wrote:"


@dataclass(frozen=True, slots=True)
class Heard:
    """What a mail server said to a mail: to each recipient it refused, or to all of it."""

    refused: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    def told(self, recipient: str) -> str:
        """Return the answer to a recipient that was refused, or nothing."""
        code, words = self.refused.get(recipient, (0, b""))
        return f"{code} {words.decode()}" if code else ""


def a_reply(to: list[str], quoted: str = "Is the bike still there?", **fields: str) -> bytes:
    """Return Bo's reply, which quotes what it answers."""
    mail = EmailMessage()
    mail["From"] = "Bo <bo@example.net>"
    mail["To"] = ", ".join(to)
    mail["Subject"] = "Re: The red bike"
    mail["Message-ID"] = make_msgid(domain="example.net")
    for name, value in fields.items():
        mail[name.replace("_", "-")] = value
    quote = "".join(f"> {line}\n" for line in quoted.splitlines())
    mail.set_content(f"{WORDS}\n\n{QUOTE}\n{quote}")
    return mail.as_bytes(policy=SMTP)


def offer(
    port: int, to: list[str], mail: bytes, *, source: str = "127.0.0.1", tls: bool = False
) -> Heard:
    """Offer a mail of Bo's by SMTP, from an address of this machine."""
    with smtplib.SMTP("127.0.0.1", port, timeout=60, source_address=(source, 0)) as peer:
        if tls:
            peer.starttls()
        try:
            return Heard(peer.sendmail("bo@example.net", to, mail))
        except smtplib.SMTPRecipientsRefused as refusal:
            return Heard(refusal.recipients)
