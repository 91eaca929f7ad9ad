"""The demo's mail clients: a reply as people write one, offered as their mail server would."""

import email
import smtplib
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import parseaddr

_PEER = "mail.example.com"


def read(raw: bytes) -> EmailMessage:
    """Read a mail that was sent to somebody."""
    mail = email.message_from_bytes(raw, policy=SMTP)
    if not isinstance(mail, EmailMessage):
        raise TypeError(mail)
    return mail


def part(mail: EmailMessage, kind: str) -> str:
    """Return the text or the HTML of a mail."""
    body = mail.get_body((kind,))
    return str(body.get_content()) if body is not None else ""


def answer(mail: EmailMessage, author: str, words: str) -> EmailMessage:
    """Return a reply as a mail client writes it: the words, an attribution, all of it quoted."""
    reply = EmailMessage(policy=SMTP)
    reply["From"] = author
    reply["To"] = str(mail["Reply-To"] or mail["From"])
    reply["Subject"] = f"Re: {mail['Subject']}"
    reply["Date"] = str(mail["Date"])
    # A client's Message-ID is its own; this one only has to differ from mail to mail.
    reply["Message-ID"] = f"<{abs(hash((author, words, str(mail['Message-ID'])))):x}@example.com>"
    reply["In-Reply-To"] = str(mail["Message-ID"])
    quoted = "\n".join(f"> {line}".rstrip() for line in part(mail, "plain").splitlines())
    wrote = f"On {mail['Date']}, {mail['From']} wrote:"
    reply.set_content(f"{words}\n\n{wrote}\n{quoted}\n")
    return reply


def address(header: object) -> str:
    """Return the bare address of a header."""
    return parseaddr(str(header or ""))[1]


def offer(port: int, reverse_path: str, recipient: str, raw: bytes) -> tuple[int, str]:
    """Offer a mail by SMTP; return the code and text of what was answered last."""
    with smtplib.SMTP("127.0.0.1", port, local_hostname=_PEER, timeout=15) as client:
        client.ehlo_or_helo_if_needed()
        code, text = client.mail(reverse_path)
        if code == 250:
            code, text = client.rcpt(recipient)
        if code == 250:
            code, text = client.data(raw)
        return code, text.decode("utf-8", "replace")
