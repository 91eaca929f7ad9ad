"""How is it sent? A mail of given parts as bytes, the same bytes every time."""

import base64
import hashlib
import quopri
import re
from dataclasses import dataclass
from email.header import Header
from email.utils import formataddr


@dataclass(frozen=True, slots=True)
class Coding:
    """How a part's text becomes bytes, and what its header says about it."""

    charset: str = "utf-8"
    declared: str | None = None
    encoding: str = "quoted-printable"
    flowed: bool = False
    delsp: bool = False
    newline: str = "crlf"


@dataclass(frozen=True, slots=True)
class Letterhead:
    """Whose mail it is and what it answers."""

    user: str
    user_address: str
    subject: str
    answers: str


def mail(case: str, head: Letterhead, bodies: list[tuple[str, str]], coding: Coding) -> bytes:
    """Assemble a mail of one part, or of alternatives."""
    number = hashlib.sha256(f"mail {case}".encode()).hexdigest()
    lines = [
        f"From: {_who(head.user, head.user_address)}",
        f"To: {_who('Harbour', f'r+{number[:26]}@notify.harbour.example')}",
        f"Subject: {_unstructured(head.subject)}",
        "Date: Tue, 03 Mar 2026 10:05:17 +0100",
        f"Message-ID: <{number[:20]}@mail.example.org>",
        f"In-Reply-To: {head.answers}",
        f"References: {head.answers}",
        "MIME-Version: 1.0",
    ]
    parts = [_part(kind, text, coding) for kind, text in bodies]
    if len(parts) == 1:
        return _crlf("\n".join(lines)) + b"\r\n" + parts[0]
    boundary = f"=_{number[20:36]}"
    lines.append(f'Content-Type: multipart/alternative; boundary="{boundary}"')
    whole = _crlf("\n".join(lines)) + b"\r\n"
    for part in parts:
        whole += f"\r\n--{boundary}\r\n".encode() + part
    return whole + f"\r\n--{boundary}--\r\n".encode()


def flow(text: str, *, delsp: bool = False) -> str:
    """Break long lines softly (RFC 3676): a space at the end says that the line goes on."""
    return "\n".join(piece for line in text.split("\n") for piece in _flow_line(line, delsp=delsp))


def _flow_line(line: str, *, delsp: bool) -> list[str]:
    marks = re.match(r">*", line)
    prefix = marks[0] if marks else ""
    rest = line[len(prefix) :]
    if not prefix and rest.startswith((" ", "From ")):
        rest = f" {rest}"  # RFC 3676, section 4.4: space-stuffing
    width = 30 if delsp else 70
    pieces = []
    while len(rest) > width:
        cut = width if delsp else rest.rfind(" ", 0, width) + 1
        if cut <= 1:
            break
        pieces.append(rest[:cut] + (" " if delsp else ""))
        rest = rest[cut:]
        if prefix and not delsp:
            rest = f" {rest}"
    # A line that happens to end in a space must not flow; the signature's "-- " is an exception.
    last = rest if rest == "-- " else rest.rstrip(" ")
    return [prefix + piece for piece in [*pieces, last]]


def _part(kind: str, text: str, coding: Coding) -> bytes:
    plain = kind == "plain"
    if plain and coding.flowed:
        text = flow(text, delsp=coding.delsp)
    newline = {"crlf": "\r\n", "cr": "\r"}[coding.newline]
    payload = text.replace("\n", newline).encode(coding.charset)
    declared = coding.charset if coding.declared is None else coding.declared
    content = f"text/{kind}" + (f'; charset="{declared}"' if declared else "")
    if plain and coding.flowed:
        content += "; format=flowed" + ("; delsp=yes" if coding.delsp else "")
    header = f"Content-Type: {content}\r\nContent-Transfer-Encoding: {coding.encoding}\r\n\r\n"
    return header.encode("ascii") + _encoded(payload, coding.encoding) + b"\r\n"


def _encoded(payload: bytes, encoding: str) -> bytes:
    if encoding == "base64":
        return base64.encodebytes(payload).replace(b"\n", b"\r\n").rstrip()
    if encoding == "quoted-printable":
        lines = payload.split(b"\r\n")
        return b"\r\n".join(quopri.encodestring(line).replace(b"\n", b"\r\n") for line in lines)
    return payload


def _who(name: str, address: str) -> str:
    return formataddr((name, address), "utf-8")


def _unstructured(text: str) -> str:
    return text if text.isascii() else Header(text, "utf-8").encode(linesep="\n")


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("ascii")
