"""All that is read of a mail before anything is decided: a report, and the whole."""

from gateway.mail.envelope import Envelope
from gateway.reading import Ask, Depth, read

ENVELOPE = Envelope("bo@example.net", ("r+token@reply.test",))


def read_all(raw: bytes) -> str:
    """Return what the guard refuses, or what the mail says."""
    read(raw, ENVELOPE, Ask(Depth.REPORT))
    reading = read(raw, ENVELOPE, Ask(Depth.WHOLE))
    return reading.unsafe or reading.text
