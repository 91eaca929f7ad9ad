"""A mail attached to a mail: one file, in its own octets, never entered.

It may be a notification of ours, forwarded as a file: then it holds the reply address of the one
it was sent to, and whoever has that address can write as them. So its headers, its texts and its
files are scrubbed, the files by the rule for those that come by themselves; where there is nothing
to take out, not an octet changes.
"""

import re
from base64 import encodebytes
from collections.abc import Iterator
from email.errors import MessageError
from email.generator import BytesGenerator
from email.message import Message
from email.policy import Compat32
from io import BytesIO

from core.scrub import scrub
from gateway.mail.charset import decode
from gateway.mail.content.names import clean_name
from gateway.mail.content.parts import octets_of
from gateway.mail.parse import message_of
from gateway.mail.scrub import scrub_file, scrub_octets

_NO_BASE64 = re.compile(r"[^A-Za-z0-9+/=\s]")
_BROKEN = (MessageError, ValueError, LookupError, TypeError, AttributeError, RecursionError)


class _AsItCame(Compat32):
    """Write headers as they were read: the standard policy folds them anew."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Return a header in the octets it came in."""
        text = f"{name}: {value}{self.linesep}"
        return text.encode("utf-8", "surrogateescape")


_POLICY = _AsItCame(linesep="\r\n")


def file_of(part: Message) -> tuple[str, bytes]:
    """Return an attached mail as a file: its name by its subject, and its octets; or nothing."""
    payload = part.get_payload() if part.is_multipart() else None
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return "mail.eml", b""
    try:
        octets = _written(inner)
        subject = " ".join(str(inner.get("subject", ""))[:200].split())
    except _BROKEN:
        return "mail.eml", b""
    stem = clean_name(subject.replace("/", " ").replace("\\", " ")) if subject else "mail"
    return clean_name(f"{stem}.eml"), scrubbed(octets)


def scrubbed(octets: bytes) -> bytes:
    """Return a mail's octets without secrets of ours, whatever they are encoded in."""
    try:
        message = message_of(octets)
        changed = [_cleaned_headers(part) | _cleaned_body(part) for part in _every(message)]
        return _written(message) if any(changed) else octets
    except _BROKEN:  # what cannot be taken apart is scrubbed as it stands
        return scrub_octets(octets)


def _every(message: Message) -> Iterator[Message]:
    """Yield every part, those of mails within the mail too."""
    todo = [message]
    while todo:
        part = todo.pop()
        yield part
        payload = part.get_payload() if part.is_multipart() else None
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


def _cleaned_body(part: Message) -> bool:
    """Take secrets out of what a part holds; tell whether there were any.

    A multipart that has no parts is a text, too: it stands there for everybody to read.
    """
    if part.is_multipart():
        return False
    is_text = part.get_content_maintype() in ("text", "multipart")
    return _cleaned_text(part) if is_text else _cleaned_file(part)


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
    text = decode(_octets_shown(part), charset if isinstance(charset, str) else "utf-8")
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
    written = part._payload  # type: ignore[attr-defined]  # noqa: SLF001  get_payload may decode it
    claimed = str(part.get("content-transfer-encoding", "")).strip().lower() == "base64"
    if claimed and isinstance(written, str) and _NO_BASE64.search(written):
        return written.encode("utf-8", "surrogateescape")
    return octets_of(part)


def _written(message: Message) -> bytes:
    out = BytesIO()
    BytesGenerator(out, mangle_from_=False, policy=_POLICY).flatten(message)
    return out.getvalue()
