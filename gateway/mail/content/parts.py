"""Which parts has a mail, in order, without entering other mails? Bounded, without recursion."""

import binascii
import re
from collections.abc import Iterator, Sequence
from email.message import Message

from gateway.mail.content.media_type import ContentHeaders, content_headers
from gateway.mail.content.transfer_encoding import encoding_of, signs_of, undo, undo_signs
from gateway.mail.stretches import written_of

MOST_PARTS = 1_000
_PADDING = re.compile(rb"=")
MAILS = frozenset({"message/rfc822", "message/global"})  # RFC 2046, 5.2.1; RFC 6532, 3.7


def leaves(message: Message) -> Iterator[tuple[Message, str]]:
    """Yield each part that holds no others, and the type of what holds it."""
    todo = [(message, "")]
    seen = 0
    while todo and seen < MOST_PARTS:
        part, holder = todo.pop()
        seen += 1
        kind = part.get_content_type()
        # Asked of a text, get_payload decodes it in whatever charset a stranger names.
        payload = part.get_payload() if part.is_multipart() else None
        if isinstance(payload, list) and not kind.startswith("message/"):
            children = [child for child in payload[:MOST_PARTS] if isinstance(child, Message)]
            todo.extend((child, kind) for child in reversed(children))
        else:
            yield part, holder


def octets_of(part: Message, told: ContentHeaders | None = None) -> bytes:
    """Return what a part holds, its transfer encoding undone; nothing where it holds other parts.

    ``told``: what it says of itself, where that was read before.

    The parser's own way holds four copies of a large file at once, and knows no label but those
    that are written as in the RFC.
    """
    written = written_of(part)
    if written is None:
        return b""
    said = told or content_headers(part)
    kind, disposition, labels = said.kind, said.disposition, said.encodings
    # What is no type is plain text (RFC 2045, 5.2).
    is_text = (kind.count("/") != 1 or kind.startswith("text/")) and "filename" not in disposition
    if not is_text and _is_whole_base64(written, labels):
        try:
            return binascii.a2b_base64(written)
        except binascii.Error:  # cut off, or its padding lost
            return undo_signs(signs_of(written))
    return undo(bytes(written), labels, is_text=is_text)


def _is_whole_base64(written: bytes | memoryview, labels: Sequence[str]) -> bool:
    """Tell whether a file is one piece of base64: its padding, if any, is its end."""
    if [encoding_of(one) for one in labels] != ["base64"]:
        return False
    padding = _PADDING.search(written)
    rest = bytes(written[padding.start() :][:4_000]) if padding else b""
    return not rest.strip(b"= \t\r\n")


def is_base64(part: Message) -> bool:
    """Tell whether a part says it is in base64; a comment may follow (RFC 2045, 5.1 and 6.1)."""
    return encoding_of(str(part.get("content-transfer-encoding", ""))) == "base64"


def disposition_of(part: Message) -> str:
    """Return a part's disposition with its parameters, in lower case (RFC 2183)."""
    return " ".join(str(part.get("content-disposition", ""))[:2_000].split()).lower()


def content_id_of(part: Message) -> str:
    """Return a part's content id without its angle brackets (RFC 2392)."""
    return str(part.get("content-id", ""))[:1_000].strip().strip("<>").strip()
