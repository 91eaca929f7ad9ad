"""Copies of one mail, as servers on different ways write it anew."""

import base64
import quopri
from collections.abc import Iterator

HEADERS = {"From": "Bo <bo@example.net>", "Subject": "Re: x", "Message-ID": "<1@x>"}


def a_copy(text: str, charset: str = "utf-8", coding: str = "8bit", **headers: str) -> bytes:
    """Return a mail of Bo's that says this, in a charset and a transfer encoding (RFC 2045, 6)."""
    octets = text.encode(charset)
    match coding:
        case "base64":
            body = base64.encodebytes(octets)
        case "quoted-printable":
            body = quopri.encodestring(octets)
        case _:
            body = octets + b"\n"
    form = {
        "MIME-Version": "1.0",
        "Content-Type": f"text/plain; charset={charset}",
        "Content-Transfer-Encoding": coding,
    }
    return _head(form | _named(headers)) + body


def of_parts(*parts: str, kind: str = "mixed", **headers: str) -> bytes:
    """Return a mail of several parts, each a text with its own fields."""
    form = {"MIME-Version": "1.0", "Content-Type": f'multipart/{kind}; boundary="b"'}
    return _head(form | _named(headers)) + "".join(_parts(parts)).encode()


def part(text: str, kind: str = "text/plain", *more: str) -> str:
    """Return a part of a mail."""
    return "\n".join([f"Content-Type: {kind}; charset=utf-8", *more, "", text])


def _parts(parts: tuple[str, ...]) -> Iterator[str]:
    for one in parts:
        yield f"--b\n{one}\n"
    yield "--b--\n"


def _named(headers: dict[str, str]) -> dict[str, str]:
    return {name.replace("_", "-"): value for name, value in headers.items()}


def _head(headers: dict[str, str]) -> bytes:
    lines = [f"{name}: {value}\n" for name, value in (HEADERS | headers).items() if value]
    return "".join([*lines, "\n"]).encode()
