"""Which part of a multipart/related is its root (RFC 2387)?

``start`` names it by its content id, ``type`` says of which type it is. Both are often wrong, or
missing; then the first part is the root, unless it cannot be: what holds words comes before.
"""

from collections.abc import Sequence
from email.message import Message

from gateway.mail.content.media_type import media_type_of, read
from gateway.mail.content.parameters import parameter
from gateway.mail.content.parts import content_id_of

KIND = "multipart/related"
_HOLDS_WORDS = ("multipart/", "text/html", "text/plain", "application/smil")


def root_of(part: Message, children: Sequence[Message]) -> int:
    """Return which child is the root: by ``start``, by ``type``, or the first that has words."""
    header = str(part.get("content-type", ""))[:2_000]
    start = (parameter(header, "start") or "").strip("<> ").lower()
    kinds = [media_type_of(child) for child in children]
    named = [at for at, one in enumerate(children) if start and content_id_of(one).lower() == start]
    wished = read(parameter(header, "type") or "")
    typed = [at for at, kind in enumerate(kinds) if kind == wished]
    wordy = [at for at, kind in enumerate(kinds) if kind.startswith(_HOLDS_WORDS)]
    return next(iter([*named, *typed, *wordy]), 0)
