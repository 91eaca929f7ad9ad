"""A mail attached to a mail: one file, in its own octets, never entered.

It may be a notification of ours, forwarded as a file: then it holds the reply address of the one
it was sent to, and whoever has that address can write as them. So its headers, its texts and its
files are scrubbed, the files by the rule for those that come by themselves; where there is nothing
to take out, not an octet changes.

A mail or a report may be in base64 (RFC 6532, 3.5 and 3.7), which the parser takes for its text.
It is entered where it is small in what costs a parser time, and not twice: all of them together
cost little more than the guard lets one mail. Any other is scrubbed as it stands behind the base64.
"""

import binascii
import re
from base64 import encodebytes
from collections.abc import Iterator
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from io import BytesIO

from gateway.mail import guard
from gateway.mail.charset import decode
from gateway.mail.content.encoded_words import read_words
from gateway.mail.content.names import clean_name
from gateway.mail.content.parameters import header_of
from gateway.mail.content.parts import MAILS, is_base64, octets_of
from gateway.mail.parse import message_of
from gateway.mail.stretches import OutlinedPart, written_of
from gateway.mail.token_scrub import may_hold_token, scrub, scrub_file, scrub_octets

_BLANKS = b" \t\n\r\v\f\x1c\x1d\x1e\x1f"
_NO_BASE64 = re.compile(rb"[^A-Za-z0-9+/=\s\x1c-\x1f]")
_MOST = guard.DEFAULT
_INNER = guard.ParserLimits(
    header_octets=32 * 1024,
    lines=20_000,
    containers=6,
    parts=50,
    content_headers=100,
    content_octets=16 * 1024,
    crossings=_MOST.crossings // _MOST.containers,
)
_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


class _AsItCame(Compat32):
    """Write headers as they were read: the standard policy folds them anew."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header in the octets it came in."""
        text = f"{name}: {value}{self.linesep}"
        return text.encode("utf-8", "surrogateescape")


_POLICY = _AsItCame(linesep="\r\n")


def file_of(part: Message, charset: str = "") -> tuple[str, bytes]:
    """Return an attached mail as a file: its name by its subject, and its octets; or nothing.

    ``charset``: in which a subject is read that is in none and no UTF-8.
    """
    payload = part.get_payload() if part.is_multipart() else None
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return "mail.eml", b""
    coded = _in_base64(part)
    if coded is not None and guard.inspect(coded, _INNER) is not None:
        return "mail.eml", scrub_octets(coded)
    try:
        inner = inner if coded is None else message_of(coded)
        octets = _written(inner) if coded is None else coded
        subject = " ".join(read_words(header_of(inner, "subject")[:2_000], charset).split())
    except _BROKEN:
        return "mail.eml", b""
    stem = clean_name(subject.replace("/", " ").replace("\\", " ")) if subject else "mail"
    return clean_name(f"{stem}.eml"), _scrubbed(octets, entering=coded is None)


def _scrubbed(octets: bytes, *, entering: bool) -> bytes:
    """Return a mail's octets without secrets of ours, whatever they are encoded in.

    ``entering``: also what is in the mails within it that are in base64 themselves.
    """
    try:
        message = message_of(octets)
        changed = [
            _cleaned_headers(part) | _cleaned_body(part, entering=entering)
            for part in _every(message)
        ]
        return _written(message) if any(changed) else octets
    except _BROKEN:  # what cannot be taken apart is scrubbed as it stands
        return scrub_octets(octets)


def _every(message: Message) -> Iterator[Message]:
    """Yield every part, those of mails within the mail too."""
    todo = [message]
    while todo:
        part = todo.pop()
        yield part
        # A mail in base64 is no parts yet: what the parser has for its text is the base64.
        payload = part.get_payload() if part.is_multipart() and _base64_of(part) is None else None
        if isinstance(payload, list):
            todo.extend(child for child in payload if isinstance(child, Message))


def _cleaned_headers(part: Message) -> bool:
    """Take secrets out of a part's headers; tell whether there were any."""
    found = False
    for name, raw in list(part.raw_items()):
        value = str(raw)
        clean = scrub(value)
        if clean != value:
            part.replace_header(name, clean)
            found = True
    return found


def _cleaned_body(part: Message, *, entering: bool) -> bool:
    """Take secrets out of what a part holds; tell whether there were any.

    A multipart that has no parts is a text, too: it stands there for everybody to read.
    """
    if part.is_multipart():
        return _cleaned_code(part, entering=entering)
    is_text = part.get_content_maintype() in ("text", "multipart")
    return _cleaned_text(part) if is_text else _cleaned_file(part)


def _cleaned_code(part: Message, *, entering: bool) -> bool:
    """Take secrets out of a mail or a report that is in base64."""
    octets = _in_base64(part)
    if octets is None:
        return False
    if entering and part.get_content_type() in MAILS and guard.inspect(octets, _INNER) is None:
        clean = _scrubbed(octets, entering=False)
    else:
        clean = scrub_octets(octets)
    if clean == octets:
        return False
    body = Message(_POLICY)
    body.set_payload(encodebytes(clean).decode("ascii"))
    part.set_payload([body])
    return True


def _in_base64(part: Message) -> bytes | None:
    """Return what an embedded mail or report that is in base64 says, or None if it is in none."""
    written = _base64_of(part)
    if written is None:
        return None
    signs = len(written) - written.count(b"=")
    held = written.rstrip(b"=")  # a last sign alone holds no octet
    return binascii.a2b_base64(held[: len(held) - (signs % 4 == 1)] + b"==")


def _base64_of(part: Message) -> bytes | None:
    """Return the base64 that an embedded mail or report is in, or None."""
    inner = part.get_payload() if part.get_content_maintype() == "message" else None
    if not (isinstance(inner, list) and is_base64(part)):
        return None
    bodies = [written_of(one) for one in inner if isinstance(one, Message) and not one.keys()]
    texts = [text for text in bodies if text is not None]
    written = b"".join(texts).translate(None, _BLANKS)
    return None if len(texts) < len(inner) or _NO_BASE64.search(written) else written


def _cleaned_file(part: Message) -> bool:
    octets = _octets_shown(part)
    clean = scrub_file(octets)
    if clean == octets:
        return False
    del part["content-transfer-encoding"]
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(clean).decode("ascii"))
    return True


def _cleaned_text(part: Message) -> bool:
    charset = part.get_param("charset", "utf-8")
    octets = _octets_shown(part)
    if charset == "utf-8" and b"\0" not in octets and not may_hold_token(octets):
        return False  # not decoded: it may be large
    text = decode(octets, charset if isinstance(charset, str) else "utf-8")
    clean = scrub(text)
    if clean == text:
        return False
    kind = part.get_content_type() if part.get_content_maintype() == "text" else "text/plain"
    for name in ("content-type", "content-transfer-encoding"):
        del part[name]
    part["Content-Type"] = f"{kind}; charset=utf-8"
    part["Content-Transfer-Encoding"] = "8bit"
    part.set_payload(clean.encode("utf-8").decode("ascii", "surrogateescape"))
    return True


def _octets_shown(part: Message) -> bytes:
    """Return a part's octets: as they stand where they are not in the base64 they claim."""
    written = written_of(part) if is_base64(part) else None
    if written is not None and _NO_BASE64.search(written):
        return bytes(written)
    return octets_of(part)


def _written(message: Message) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(message)
    octets = out.getvalue()
    return message.stretches.restored(octets) if isinstance(message, OutlinedPart) else octets
