"""Octets come out of a part as the parser's own code would have them, only leaner."""

import tracemalloc
from base64 import encodebytes

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gateway.mail.content.parts import octets_of
from gateway.mail.parse import message_of

HEAD = b"Content-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n\r\n"


@given(st.text("ABab09+/=\r\n -_!", max_size=60))
@example("QUJD\r\n")
@example("QUI=QUI=")
@example("QQ=BQ=B=")
@example("QQ===Q")
@example("QUJDQ")
@example("====")
@example("Q=U=J=D=")
def test_base64_is_undone_as_the_parser_undoes_it(written: str) -> None:
    """However broken it is, unless the parser gives up, or stops where there is a second piece."""
    part = message_of(HEAD + written.encode())
    octets, once = octets_of(part), part.get_payload(decode=True)
    assert isinstance(once, bytes)
    if once.translate(None, b"\r\n") == written.encode().translate(None, b"\r\n"):
        once = octets

    assert octets[: len(once)] == once
    assert octets == once or "=" in written.rstrip("=\r\n -_!")


@pytest.mark.parametrize("charset", [b"idna", b"punycode", b"utf-8"])
def test_octets_beyond_ascii_are_no_charset_s_matter(charset: bytes) -> None:
    """What a part is called changes nothing of what it holds."""
    part = message_of(b"Content-Type: text/plain; charset=" + charset + b"\r\n\r\n\xe9-a")

    assert octets_of(part) == b"\xe9-a"


def test_a_file_is_undone_without_copies() -> None:
    """Beside the mail there is only the file."""
    part = message_of(HEAD + encodebytes(bytes(300_000)))
    tracemalloc.start()

    octets = octets_of(part)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(octets) == 300_000
    assert peak < 700_000
