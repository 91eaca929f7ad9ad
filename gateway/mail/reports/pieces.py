"""What does a reader of reports look at? The telling headers, the words, the machine's blocks.

One walk over the parts. The mail that a report brings back is another mail: of it only the headers
are kept, since complaints name the reader there. The trap: the parser takes the parts of a report
for mails and splits them into header blocks, encoded ones included, so they are put together again.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from selectolax.lexbor import LexborHTMLParser

from gateway.mail.charset import decode
from gateway.mail.content.parts import octets_of
from gateway.mail.parse import Mail

_MOST_PARTS = 60
_MOST_BLOCKS = 60
_MOST_HEADERS = 200
_LONGEST_HEADER = 2_000
_LONGEST_TEXT = 48 * 1024
# RFC 3464, RFC 6533 and what some gateways call it instead.
_STATUS = frozenset({"message/delivery-status", "message/global-delivery-status"})
_FEEDBACK = frozenset({"message/feedback-report", "text/feedback-report"})
_OTHER_MAIL = frozenset({"message/rfc822", "message/global", "message/partial"})
_HEADERS_ONLY = frozenset(
    {"text/rfc822-headers", "message/rfc822-headers", "message/global-headers"}
)
_NO_WORDS = _FEEDBACK | _HEADERS_ONLY
_CHARSET = re.compile(r"charset\*?[ ]?=[ ]?\"?([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)


@dataclass(slots=True)
class Pieces:
    """What was found. Header names are in lower case, each with its first value."""

    headers: dict[str, str]
    subject: str
    authors: tuple[str, ...]
    is_report: bool = False
    text: str = ""
    status: str = ""
    feedback: str = ""
    returned: dict[str, str] = field(default_factory=dict)


def gather(mail: Mail) -> Pieces:
    """Look at a mail once."""
    headers = headers_of(mail.message)
    authors = tuple(one.lower() for one in mail.authors)
    is_report = mail.content_type == "multipart/report"
    pieces = Pieces(headers, mail.body.subject, authors, is_report)
    plain: list[str] = []
    marked_up: list[str] = []
    for part in _parts(mail.message):
        kind = part.get_content_type()
        if kind == "text/html":
            marked_up.append(_text(part))
        elif kind.startswith(("text/", "multipart/")) and kind not in _NO_WORDS:
            plain.append(_text(part))
        else:
            _take(pieces, part, kind)
    pieces.text = "\n".join(plain)[:_LONGEST_TEXT]
    if not pieces.text.strip():
        pieces.text = "\n".join(_unmarked(text) for text in marked_up)[:_LONGEST_TEXT]
    return pieces


def _take(pieces: Pieces, part: Message, kind: str) -> None:
    """Take what is written for machines, and the headers of the mail that is brought back."""
    if kind in _STATUS:
        pieces.status += _put_together(part) + "\n\n"
    elif kind in _FEEDBACK:
        pieces.feedback += _put_together(part) + "\n\n"
    elif kind in _OTHER_MAIL or kind in _HEADERS_ONLY:
        pieces.returned = pieces.returned or _returned(part)


def headers_of(message: Message) -> dict[str, str]:
    """Return the first header of each name, unfolded. The raw values: accessors may raise."""
    headers: dict[str, str] = {}
    for count, (name, raw) in enumerate(message.raw_items()):
        if count >= _MOST_HEADERS:
            break
        headers.setdefault(name.lower(), " ".join(_readable(raw).split()))
    return headers


def _readable(raw: object) -> str:
    value = str(raw)[:_LONGEST_HEADER]
    return value if value.isascii() else decode(value.encode("utf-8", "surrogateescape"))


def _parts(message: Message) -> Iterator[Message]:
    """Yield the parts in order, without recursion; what another mail holds is not of this one."""
    todo = [message]
    for _ in range(_MOST_PARTS):
        if not todo:
            return
        part = todo.pop()
        yield part
        children = part.get_payload() if part.is_multipart() else None
        if isinstance(children, list) and part.get_content_maintype() == "multipart":
            todo += [c for c in reversed(children[:_MOST_PARTS]) if isinstance(c, Message)]


def _text(part: Message) -> str:
    """Decode a leaf; a multipart without parts is a broken one, and its text is all there is."""
    if part.is_multipart():
        return ""
    label = _CHARSET.search(_readable(part.get("content-type", "")))
    text = decode(octets_of(part)[: 4 * _LONGEST_TEXT], label.group(1) if label else None)
    return text.replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_TEXT]


def _decoded(part: Message, payload: str) -> str:
    """Undo the transfer encoding and the charset."""
    bare = Message()
    bare["content-transfer-encoding"] = _readable(part.get("content-transfer-encoding", "7bit"))
    bare.set_payload(payload[: 4 * _LONGEST_TEXT])
    text = decode(octets_of(bare))
    return text.replace("\r\n", "\n").replace("\r", "\n")[:_LONGEST_TEXT]


def _put_together(part: Message) -> str:
    """Return the text of a part that the parser took for mails."""
    inner = part.get_payload() if part.is_multipart() else None
    if not isinstance(inner, list):
        return _text(part)
    written = (_as_written(one) for one in inner[:_MOST_BLOCKS] if isinstance(one, Message))
    return _decoded(part, "\n\n".join(written))


def _as_written(block: Message) -> str:
    lines = [f"{name}: {str(raw)[:_LONGEST_HEADER]}" for name, raw in block.raw_items()]
    rest = "" if block.is_multipart() else octets_of(block).decode("ascii", "surrogateescape")
    return "\n".join([*lines[:_MOST_HEADERS], "", rest])


def _returned(part: Message) -> dict[str, str]:
    """Return the headers of the mail that is brought back."""
    if part.is_multipart():
        payload = part.get_payload()
        inner = payload[0] if isinstance(payload, list) else None
        if isinstance(inner, Message) and inner.keys():
            return headers_of(inner)
    found: dict[str, str] = {}
    for line in _put_together(part).strip().partition("\n\n")[0].splitlines()[:_MOST_HEADERS]:
        name, colon, value = line.partition(":")
        if colon and name.strip() == name:
            found.setdefault(name.lower(), value.strip()[:_LONGEST_HEADER])
    return found


def _unmarked(markup: str) -> str:
    body = LexborHTMLParser(markup).body
    return body.text(separator="\n") if body is not None else ""
