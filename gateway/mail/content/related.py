"""Which part of a multipart/related is its root (RFC 2387)?

``start`` names it by its content id, ``type`` says of which type it is. Both are often wrong, or
missing; then the first part is the root, unless it cannot be: what holds words comes before.
"""

import re
from collections.abc import Sequence
from email.message import Message

from gateway.mail.content.media_type import media_type_of, read
from gateway.mail.content.parts import content_id_of

KIND = "multipart/related"
_START = re.compile(r";\s{0,99}start\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
_TYPE = re.compile(r";\s{0,99}type\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|([^;\s]+))", re.IGNORECASE)
_HOLDS_WORDS = ("multipart/", "text/html", "text/plain", "application/smil")


def root_of(part: Message, children: Sequence[Message]) -> int:
    """Return which child is the root: by ``start``, by ``type``, or the first that has words."""
    header = str(part.get("content-type", ""))[:2_000]
    start = _value(_START, header).strip("<> ").lower()
    kinds = [media_type_of(child) for child in children]
    named = [at for at, one in enumerate(children) if start and content_id_of(one).lower() == start]
    wished = read(_value(_TYPE, header))
    typed = [at for at, kind in enumerate(kinds) if kind == wished]
    wordy = [at for at, kind in enumerate(kinds) if kind.startswith(_HOLDS_WORDS)]
    return next(iter([*named, *typed, *wordy]), 0)


def _value(pattern: re.Pattern[str], header: str) -> str:
    found = pattern.search(header)
    return (found.group(1) or found.group(2) or "").strip() if found else ""
