"""What a mail of one subject and one text is taken for: a machine's, or a person's."""

from gateway.mail import machine
from gateway.mail.envelope import Envelope
from gateway.mail.machine.finding import Fate
from gateway.mail.parse import parse


def fate_of(subject: str, text: str) -> Fate | None:
    """Return what becomes of it as a machine's mail; None if it is a person's."""
    head = "From: sam@harbour.example\nContent-Type: text/plain; charset=utf-8\n"
    raw = f"{head}Subject: {subject}\n\n{text}\n".encode()
    found = machine.judge(parse(raw), Envelope("sam@harbour.example", ()))
    return found.fate if found else None
