"""The body of a mail of one part is not put to the parser; nobody can tell by what is read."""

from email import policy
from email.message import Message
from email.parser import BytesParser
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.mail.parse import message_of

_HEADERS = (
    b"From: Bo <bo@example.net>",
    b"From bo@example.net Sat Nov 21 10:00:00 2026",
    b"Subject: Caf\xc3\xa9",
    b"Content-Type: text/plain; charset=unicode_escape",
    b"Content-Type: multipart/mixed; boundary=b",
    b"Content-Type: multipart/digest; boundary=b",
    b"Content-Type: message/rfc822",
    b"content-type: message/delivery-status",
    b" a folded line",
    b"no header at all",
    b": no name",
    b"--b",
    b"--b--",
    b"\xff\x0b\x1c",
)
_ENDS = (b"\r\n", b"\n", b"\r", b"\r\n\r\n", b"\n\n", b"")
_LINES = st.tuples(st.sampled_from(_HEADERS), st.sampled_from(_ENDS)).map(b"".join)


def as_read(message: Message) -> tuple[Any, ...]:
    """Return all that a parser finds in a mail."""
    held = message._payload  # type: ignore[attr-defined]
    parts = [as_read(one) for one in held] if isinstance(held, list) else held
    defects = [type(one) for one in message.defects]
    around = (message.get_unixfrom(), message.preamble, message.epilogue)
    return list(message.raw_items()), *around, defects, parts


@settings(deadline=None, max_examples=500)
@given(lines=st.lists(_LINES, max_size=12))
def test_a_mail_is_read_as_the_parser_reads_the_whole_of_it(lines: list[bytes]) -> None:
    """Headers that break off, bare CRs, parts and strange octets change nothing."""
    raw = b"".join(lines)
    whole = BytesParser(policy=policy.compat32).parsebytes(raw)

    assert as_read(message_of(raw)) == as_read(whole)
