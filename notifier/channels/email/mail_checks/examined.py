"""A mail as checks look at it: its header fields as they are written, its two parts, its tree."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import TYPE_CHECKING

from core.lazy_import import lazy_import

if TYPE_CHECKING:
    from selectolax import lexbor
else:
    lexbor = lazy_import("selectolax.lexbor")

_MOST = 102_000  # characters of HTML that are looked at: whoever clips shows no more
_UNSEEN = re.compile("[\u00ad\u034f\u2000-\u200f\u2007\u202a-\u202f\u2060-\u2064\ufeff\\s]+")


@dataclass(frozen=True, slots=True)
class ExaminedMail:
    """One mail. ``fields``: each with its name, as written, folds and all; None: no such part."""

    raw: bytes
    fields: tuple[tuple[str, str], ...]
    subject: str
    text: str | None
    html: str | None
    tree: "lexbor.LexborHTMLParser | None"

    def field(self, name: str) -> str | None:
        """Return the first header field of a name, unfolded, or None."""
        for known, value in self.fields:
            if known.lower() == name.lower():
                return " ".join(value.split())
        return None

    def nodes(self, selector: str) -> Iterator["lexbor.LexborNode"]:
        """Return the elements of the HTML part that a selector names."""
        yield from self.tree.css(selector) if self.tree is not None else ()

    @property
    def page(self) -> str:
        """The HTML part as far as it is looked at."""
        return (self.html or "")[:_MOST]


def examined(raw: bytes) -> ExaminedMail:
    """Read a mail of ours, whose lines end by CRLF."""
    mail = message_from_bytes(raw, policy=policy.default)
    head = raw.partition(b"\r\n\r\n")[0].decode(errors="replace")
    html = _part(mail, "html")
    return ExaminedMail(
        raw=raw,
        fields=tuple(_fields(head)),
        subject=str(mail["Subject"] or ""),
        text=_part(mail, "plain"),
        html=html,
        tree=lexbor.LexborHTMLParser(html[:_MOST]) if html else None,
    )


def seen(text: str) -> str:
    """Return a text with each run of blanks and of what is not seen as one blank."""
    return _UNSEEN.sub(" ", text).strip()


def _part(mail: EmailMessage, kind: str) -> str | None:
    part = mail.get_body((kind,))
    return None if part is None else str(part.get_content())


def _fields(head: str) -> Iterator[tuple[str, str]]:
    for line in re.split("\r\n(?![ \t])", head):
        name, _, value = line.partition(":")
        yield name, value
