"""Which parts has a mail, in order, without entering other mails? Bounded, without recursion."""

import binascii
from collections.abc import Iterator
from contextlib import suppress
from email.message import Message

MOST_PARTS = 1_000
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


def octets_of(part: Message) -> bytes:
    """Return what a part holds, its transfer encoding undone; nothing if that fails."""
    written = part._payload  # type: ignore[attr-defined]  # noqa: SLF001  get_payload may decode it
    if isinstance(written, str) and written.isascii() and is_base64(part):
        # The parser's own way holds four copies of a large file at once; this holds none.
        with suppress(binascii.Error):
            return binascii.a2b_base64(written)
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def is_base64(part: Message) -> bool:
    """Tell whether a part says it is in base64; a comment may follow (RFC 2045, 5.1 and 6.1)."""
    said = str(part.get("content-transfer-encoding", ""))[:1_000]
    return said.partition("(")[0].strip().lower() == "base64"


def disposition_of(part: Message) -> str:
    """Return a part's disposition with its parameters, in lower case (RFC 2183)."""
    return " ".join(str(part.get("content-disposition", ""))[:2_000].split()).lower()


def content_id_of(part: Message) -> str:
    """Return a part's content id without its angle brackets (RFC 2392)."""
    return str(part.get("content-id", ""))[:1_000].strip().strip("<>").strip()
