"""What does a mail say, as text and as HTML, and which headers tell whose words it may quote?

All inline text parts count, in order: Apple Mail sends text, image, text. What another mail says
does not: message/rfc822 and multipart/report are never entered, attachments are left out.

The trap: the stdlib's walk() recurses and its get_payload() decodes with whatever codec a stranger
names. So the tree is walked with a list, parts and octets are counted, and only charset.decode
turns octets into text.
"""

import html
import re
from dataclasses import dataclass, field
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from core.rules.emoji import unicode_emoji
from gateway.mail.charset import decode
from gateway.mail.content.parts import octets_of
from gateway.mail.flowed import unflow

Part = Message

MAX_PARTS = 1_000
MAX_CHARACTERS = 1_200_000
_MAX_HEADER = 2_000
_REACTION_TYPE = "text/vnd.google.email-reaction+json"
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_EMOJI = re.compile(r'"emoji"\s*:\s*"([^"\\]{1,40})"')


@dataclass(frozen=True, slots=True)
class Body:
    """What one mail says. ``text`` and ``html`` are None where the mail has no such part.

    ``has_files``: parts came with it that are files by their disposition.
    """

    text: str | None = None
    html: str | None = None
    reaction: str | None = None
    sender_name: str = ""
    sender_address: str = ""
    subject: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    truncated: bool = False
    has_files: bool = False


@dataclass(slots=True)
class _Slot:
    """One thing said, perhaps in two renderings (multipart/alternative: RFC 2046, 5.1.4)."""

    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Reading:
    """What the walk has gathered."""

    slots: list[_Slot] = field(default_factory=list)
    reaction: str | None = None
    characters: int = 0
    truncated: bool = False
    has_files: bool = False


def read_body(message: Part) -> Body:
    """Read text, HTML and the headers that matter. Bounded; never raises for a mail's fault."""
    headers = _headers(message)
    reading = _walk(message, headers)
    text, markup = _join(reading.slots)
    name, address = _mailbox(headers.get("from", ""))
    ids = tuple(_MESSAGE_ID.findall(headers.get("references", "")))
    parent = _MESSAGE_ID.search(headers.get("in-reply-to", ""))
    own = _MESSAGE_ID.search(headers.get("message-id", ""))
    return Body(
        text=text,
        html=markup,
        reaction=reading.reaction,
        sender_name=name,
        sender_address=address,
        subject=_words(headers.get("subject", "")),
        message_id=own.group() if own else "",
        in_reply_to=parent.group() if parent else "",
        references=ids,
        truncated=reading.truncated,
        has_files=reading.has_files,
    )


def _walk(message: Part, outermost: dict[str, str]) -> _Reading:
    """Visit the parts in order, without recursion (a mail may nest a thousand deep)."""
    reading = _Reading()
    todo: list[tuple[Part, _Slot | None]] = [(message, None)]
    seen = 0
    while todo:
        part, slot = todo.pop()
        seen += 1
        if seen > MAX_PARTS:
            reading.truncated = True
            break
        headers = outermost if part is message else _headers(part)
        kind = _content_type(headers)
        payload = part.get_payload() if part.is_multipart() else None
        if kind.startswith("message/") or kind == "multipart/report":
            continue
        if isinstance(payload, list):
            if kind == "multipart/alternative" and slot is None:
                slot = _Slot()
                reading.slots.append(slot)
            # RFC 2387: only the root of related is the text; RFC 1847: the first part is signed.
            only_first = kind in ("multipart/related", "multipart/signed")
            children = payload[:1] if only_first else payload[:MAX_PARTS]
            todo.extend((c, slot) for c in reversed(children) if isinstance(c, Message))
        else:
            _take(part, headers, slot, reading)
    return reading


def _take(part: Part, headers: dict[str, str], slot: _Slot | None, reading: _Reading) -> None:
    """Add one leaf to what was gathered, if it is inline text."""
    kind = _content_type(headers)
    disposition = headers.get("content-disposition", "").lower()
    if disposition.startswith("attachment") or "filename" in disposition:
        reading.has_files = True
        return
    if kind == _REACTION_TYPE:
        found = _EMOJI.search(_unescape(_content(part, headers, reading)))
        reading.reaction = unicode_emoji(found.group(1)) if found else None
    if kind not in ("text/plain", "text/html"):
        return
    content = _content(part, headers, reading)
    if slot is None:
        slot = _Slot()
        reading.slots.append(slot)
    (slot.texts if kind == "text/plain" else slot.htmls).append(content)


def _content(part: Part, headers: dict[str, str], reading: _Reading) -> str:
    """Decode a leaf: transfer encoding, charset, flowed lines, newlines, within the budget."""
    octets = octets_of(part)
    header = headers.get("content-type", "")
    budget = max(0, MAX_CHARACTERS - reading.characters)
    text = decode(octets[: 4 * budget], _parameter(header, "charset"))
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    if len(text) > budget:
        text, reading.truncated = text[:budget], True
    reading.characters += len(text)
    if (_parameter(header, "format") or "").lower() == "flowed":
        text = unflow(text, delsp=(_parameter(header, "delsp") or "").lower() == "yes")
    return text


def _join(slots: list[_Slot]) -> tuple[str | None, str | None]:
    """Put the slots one under another, as text if all have text, as HTML if any has HTML."""
    slots = [slot for slot in slots if slot.texts or slot.htmls]
    if not slots:
        return None, None
    texts = ["\n".join(slot.texts) for slot in slots if slot.texts]
    text = "\n".join(texts) if len(texts) == len(slots) else None
    if not any(slot.htmls for slot in slots):
        return text, None
    return text, "\n".join(
        "\n".join(slot.htmls) if slot.htmls else _as_html("\n".join(slot.texts)) for slot in slots
    )


def _as_html(text: str) -> str:
    """Write plain text as HTML that shows the same lines."""
    return "<div>" + html.escape(text, quote=False).replace("\n", "<br>\n") + "</div>"


def _headers(part: Part) -> dict[str, str]:
    """Return the first header of each name, on one line, cut to a sane length.

    The raw items are taken: the parser's own accessors decode, and raise on what strangers write.
    """
    headers: dict[str, str] = {}
    for name, raw in part.raw_items():
        value = str(raw)[:_MAX_HEADER]
        if not value.isascii():
            octets = value.encode("utf-8", "surrogateescape")
            value = octets.decode("utf-8", "replace")
        headers.setdefault(name.lower(), " ".join(value.split()))
    return headers


def _content_type(headers: dict[str, str]) -> str:
    """Return type and subtype; text/plain if there is none (RFC 2045, 5.2)."""
    kind = headers.get("content-type", "").split(";", 1)[0].strip().lower()
    return kind if kind.count("/") == 1 else "text/plain"


def _parameter(header: str, name: str) -> str | None:
    """Return a parameter of a header, also in the RFC 2231 form ``name*=charset'lang'value``."""
    if ";" not in header:
        return None
    found = re.search(rf";\s*{name}\*?\s*=\s*(?:\"([^\"]*)\"|([^;\s]+))", header, re.IGNORECASE)
    if found is None:
        return None
    return (found.group(1) or found.group(2) or "").rpartition("'")[2]


def _mailbox(value: str) -> tuple[str, str]:
    """Return display name and address of the first mailbox (RFC 5322, 3.4), leniently."""
    name, bracket, rest = value[:1_000].partition("<")
    if not bracket:
        return "", name.split(",")[0].strip()
    return _words(name.strip().strip('"')), rest.partition(">")[0].strip()


def _words(value: str) -> str:
    """Decode encoded words (RFC 2047)."""
    if "=?" not in value:
        return value
    try:
        parts = decode_header(value)
    except (MessageError, ValueError):
        return value
    return "".join(
        decode(part, charset) if isinstance(part, bytes) else part for part, charset in parts
    ).strip()


def _unescape(text: str) -> str:
    r"""Undo the ``\uXXXX`` escapes of JSON, so that an emoji is an emoji."""
    pairs = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text[:1_000])
    return pairs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
