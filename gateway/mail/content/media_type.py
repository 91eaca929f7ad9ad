"""Of which media type does a part say it is, however badly it says so?

What cannot be read is plain text (RFC 2045, 5.2), and so is what says nothing; in a digest it is
a mail (RFC 2046, 5.1.5). A type that is followed by rubbish, or by its parameters without a
semicolon, is still that type.
"""

import re
from email.message import Message
from functools import lru_cache
from typing import NamedTuple

UNREADABLE = ""
PLAIN = "text/plain"

_TOKEN = "[a-z0-9!#$&^_.+-]"  # noqa: S105  RFC 6838, 4.2
_TYPE = re.compile(rf"[\"'\s]*({_TOKEN}{{1,60}})\s?/\s?({_TOKEN}{{1,90}})", re.IGNORECASE)
_LONGEST = 2_000
_MOST_LABELS = 10
# What is left of a type of which somebody wrote only a half.
_HALVES = {"text": PLAIN, "text/": PLAIN, "plain": PLAIN, "/plain": PLAIN, "html": "text/html"}

_SAME = {"application/xhtml+xml": "text/html", "application/html": "text/html"}  # RFC 3236


class ContentHeaders(NamedTuple):
    """What a part says of itself.

    Its media type, its disposition with its parameters in small letters (RFC 2183), its transfer
    encodings, as they stand, and its first Content-Type, as it stands, for the parameters.
    """

    kind: str
    disposition: str
    encodings: tuple[str, ...]
    written: str = ""


def media_type_of(part: Message) -> str:
    """Return type and subtype in lower case; ``UNREADABLE`` where a header stands and says none.

    Of several headers the first that can be read counts.
    """
    return content_headers(part).kind


def content_headers(part: Message) -> ContentHeaders:
    """Return what a part says of itself, in one look at its headers: a root has many."""
    kind: str | None = None
    written: str | None = None
    disposition = ""
    encodings: list[str] = []
    for name, raw in part.raw_items():
        if name[:1] not in "Cc" or name[:8].lower() != "content-":
            continue
        match name[8:].lower():
            case "type" if not kind:
                value = str(raw)[:_LONGEST]
                kind = read(value) if value.strip() else kind
                written = value if written is None else written
            case "disposition":
                disposition = disposition or " ".join(str(raw)[:_LONGEST].split()).lower()
            case "transfer-encoding":
                encodings.append(str(raw)[:_LONGEST])
            case _:
                pass
    kind = part.get_default_type() if kind is None else kind
    return ContentHeaders(kind, disposition, tuple(encodings[:_MOST_LABELS]), written or "")


@lru_cache(maxsize=256)  # programs write few different ones
def read(value: str) -> str:
    """Return the type that a Content-Type header names, or ``UNREADABLE``."""
    found = _TYPE.match(value)
    if found is not None:
        kind = f"{found.group(1)}/{found.group(2)}".lower()
        return _SAME.get(kind, kind)
    return _HALVES.get(value.partition(";")[0].strip().lower(), UNREADABLE)
