"""How does a digest become the octets of a mail? By joining strings: same input, same octets.

A retry must send what was sent before (one Message-ID, one content), so nothing here is random:
the boundary is made of the Message-ID and the text. Each part travels in the encoding that costs
least: as it is if it is ASCII with lines that fit, as quoted-printable or base64 otherwise. No
character is written as a reference, which takes up to ten octets where UTF-8 takes two, and
counts where Gmail clips.
"""

import binascii
import hashlib

from notifier.channels.email.headers import Correspondence, header_block
from notifier.rendering.bodies import Rendered

HARD = 998  # RFC 5322, 2.1.1
_B64_LINE = 76
_FOREIGN = b"=" + bytes(range(0x80, 0x100))


def compose(rendered: Rendered, mail: Correspondence) -> bytes:
    """Return the mail: CRLF lines of at most 998 octets, text part before HTML part."""
    text = text_part(rendered.text)
    html = _part("html", *_encoded(rendered.html))
    boundary = _boundary(mail.message_id, text, html)
    head = (
        f"{header_block(mail)}"
        "MIME-Version: 1.0\r\n"
        f'Content-Type: multipart/alternative;\r\n boundary="{boundary}"\r\n'
        "\r\n"
    ).encode()
    line = boundary.encode()
    return b"%b--%b\r\n%b\r\n--%b\r\n%b\r\n--%b--\r\n" % (head, line, text, line, html, line)


def text_part(text: str) -> bytes:
    """Return a text as a part of a mail: its header and its body."""
    return _part("plain", *_encoded(text))


def base64_lines(octets: bytes) -> bytes:
    """Return octets in base64, in lines of its usual length (RFC 2045, 6.8)."""
    encoded = binascii.b2a_base64(octets, newline=False)
    lines = [encoded[at : at + _B64_LINE] for at in range(0, len(encoded), _B64_LINE)]
    return b"\r\n".join(lines) + b"\r\n"


def _part(subtype: str, encoding: str, body: bytes) -> bytes:
    head = (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        f"Content-Transfer-Encoding: {encoding}\r\n"
        "\r\n"
    )
    return head.encode("ascii") + body


def _encoded(text: str) -> tuple[str, bytes]:
    """Return the encoding that costs least, and a text in it (RFC 2045, 6.7 and 6.8).

    Quoted-printable writes a foreign octet, and each "=", in three; base64 any three in four.
    """
    crlf = text.replace("\n", "\r\n").encode()
    if crlf.isascii():
        return _ascii(crlf)
    foreign = len(crlf) - len(crlf.translate(None, _FOREIGN))
    if foreign * 6 < len(crlf):
        return "quoted-printable", binascii.b2a_qp(crlf, istext=True)
    return "base64", base64_lines(crlf)


def _ascii(octets: bytes) -> tuple[str, bytes]:
    if max(map(len, octets.split(b"\r\n"))) <= HARD:
        return "7bit", octets
    return "quoted-printable", binascii.b2a_qp(octets, istext=True)


def _boundary(message_id: str, text: bytes, html: bytes) -> str:
    """Return a delimiter that occurs in neither part (RFC 2046, 5.1.1)."""
    seed = hashlib.sha256(message_id.encode() + text)
    while True:
        boundary = f"=_rjd_{seed.hexdigest()[:32]}"
        if (delimiter := boundary.encode()) not in text and delimiter not in html:
            return boundary
        seed.update(delimiter)
