"""What does a mail say, as text and as HTML, and which headers tell whose words it may quote?

Which parts are the text is decided by ``content.text_choice``; all that are count, in order: Apple
Mail sends text, image, text. What another mail says does not.

The trap: the stdlib's walk() recurses and its get_payload() decodes with whatever codec a stranger
names. So octets are counted, and only charset.decode turns them into text.
"""

import html
import re
from dataclasses import dataclass, field
from email.message import Message

from core.rules.emoji import unicode_emoji
from gateway.mail.charset import Evidence, decode
from gateway.mail.content import coded_files, enriched, mislabelled
from gateway.mail.content.encoded_words import read_words
from gateway.mail.content.parameters import parameter
from gateway.mail.content.shown_words import has_words
from gateway.mail.content.text_choice import (
    ChosenParts,
    Leaf,
    PartRole,
    chosen,
    text_kind,
    words_of,
)
from gateway.mail.content.written_types import REACTION
from gateway.mail.flowed import unflow
from gateway.mail.invisible import BYTE_ORDER_MARK
from gateway.mail.long_quotes import without_middles

Part = Message

MAX_CHARACTERS = 1_200_000
_MANY_LINES = 5_000
_LONGEST_LINE = 64 * 1024
_OWN_LINE = re.compile(rb"(?m)^(?!>)[^\S\n]*+\S")
_READ = frozenset({"from", "in-reply-to", "message-id", "references", "subject"})
_MAX_HEADER = 2_000
_MESSAGE_ID = re.compile(r"<[^<>\s]{1,250}>")
_WORD = re.compile(r"=\?([^?*\s]{1,40})(?:\*[^?\s]{0,40})?\?[bBqQ]\?")  # RFC 2047; RFC 2231, 5
_MOST_WORDS = 20
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
    """One thing said, perhaps in two renderings (multipart/alternative: RFC 2046, 5.1.4).

    ``number``: which alternative it is, -1 if none.
    """

    number: int = -1
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
    labels: tuple[str, ...] = ()
    language: str = ""


def read_body(message: Part, parts: ChosenParts | None = None, language: str = "") -> Body:
    """Read text, HTML and the headers that matter. Bounded; never raises for a mail's fault.

    ``parts``: its parts, where they have been told apart already. ``language``: its writer's, if
    that is known, as ``pt-BR``.
    """
    headers = _headers(message)
    reading = _walk(parts or chosen(message), _labels(headers), language)
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
        subject=read_words(headers.get("subject", "")).strip(),
        message_id=own.group() if own else "",
        in_reply_to=parent.group() if parent else "",
        references=ids,
        truncated=reading.truncated,
        has_files=reading.has_files,
    )


def _walk(parts: ChosenParts, labels: tuple[str, ...], language: str) -> _Reading:
    """Read the parts that are the text, in order."""
    reading = _Reading(truncated=parts.cut, labels=labels, language=language)
    for leaf in parts.leaves:
        if leaf.kind == REACTION and not leaf.attached:
            found = _EMOJI.search(_unescape(_content(leaf, reading, leaf.kind)))
            reading.reaction = unicode_emoji(found.group(1)) if found else None
        elif leaf.role is PartRole.FILE:
            reading.has_files = reading.has_files or leaf.attached or leaf.named
        elif leaf.role is PartRole.TEXT:
            _take(leaf, reading)
    return reading


def _take(leaf: Leaf, reading: _Reading) -> None:
    """Add one part to what was gathered, as what its label says it is."""
    kind = text_kind(leaf)
    content = _content(leaf, reading, kind)
    if kind in enriched.KINDS:
        content = enriched.plain_of(content, kind)
    if leaf.slot < 0 or not reading.slots or reading.slots[-1].number != leaf.slot:
        reading.slots.append(_Slot(leaf.slot))
    slot = reading.slots[-1]
    (slot.htmls if kind == "text/html" else slot.texts).append(content)


def _content(leaf: Leaf, reading: _Reading, kind: str) -> str:
    """Decode a leaf: transfer encoding, charset, flowed lines, newlines, within the budget.

    Files that a program wrote into a plain text do not count: they are no words.
    """
    markup = kind == "text/html"
    octets = words_of(leaf)
    if not markup and coded_files.may_hold(leaf):
        octets, files = coded_files.split(octets)
        reading.has_files = reading.has_files or bool(files)
    header = _on_one_line(leaf.said.written)
    budget = max(0, MAX_CHARACTERS - reading.characters)
    evidence = Evidence(markup, reading.labels, reading.language)
    if len(octets) > 4 * budget:
        octets, reading.truncated = _begun(octets, 4 * budget, markup=markup, cut=reading.truncated)
    text = decode(octets, parameter(header, "charset"), evidence)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    text = text.replace(BYTE_ORDER_MARK, "")
    if not markup and (len(text) > budget or text.count("\n") > _MANY_LINES):
        text = without_middles(text)
    if len(text) > budget:
        text, reading.truncated = text[:budget], True
    reading.characters += len(text)
    if (parameter(header, "format") or "").lower() == "flowed":
        text = unflow(text, delsp=(parameter(header, "delsp") or "").lower() == "yes")
    return text


def _begun(octets: bytes, most: int, *, markup: bool, cut: bool) -> tuple[bytes, bool]:
    """Return the beginning of a text, and whether more than quoted lines stand behind it.

    It ends with a line where it can: half a letter would make it broken UTF-8.
    """
    end = octets.rfind(b"\n", max(0, most - _LONGEST_LINE), most) + 1
    if not end or b"\0" in octets[end - 4 : end + 4]:  # UTF-16, perhaps
        end = most
    is_more = markup or _OWN_LINE.search(octets, end) is not None
    return octets[:end], cut or is_more


def _relabelled(slot: _Slot, *, alone: bool) -> _Slot:
    """Go by what the words are where the label is wrong, and by the half of two that has some.

    Where a slot is all there is, an empty half does no harm, and its pictures may count.
    """
    htmls = [one for one in slot.htmls if not mislabelled.is_plain(one)]
    if len(htmls) < len(slot.htmls):
        texts = [mislabelled.plain_of(one) for one in slot.htmls if mislabelled.is_plain(one)]
        return _Slot(texts=slot.texts or texts, htmls=htmls)
    if not slot.htmls and len(slot.texts) == 1:
        document = mislabelled.document_of(slot.texts[0])
        if document is not None:
            return _Slot(htmls=[document])
        return _Slot(texts=[mislabelled.without_styles(slot.texts[0])])
    if not alone and slot.texts and not any(has_words(one, markup=True) for one in htmls):
        htmls = []
    return _Slot(texts=slot.texts, htmls=htmls)


def _join(slots: list[_Slot]) -> tuple[str | None, str | None]:
    """Put the slots one under another, as text if all have text, as HTML if any has HTML."""
    alone = len(slots) == 1
    slots = [_relabelled(slot, alone=alone) for slot in slots if slot.texts or slot.htmls]
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
    """Return the first header of each name that matters, on one line, cut to a sane length.

    The raw items are taken: the parser's own accessors decode, and raise on what strangers write.
    """
    headers: dict[str, str] = {}
    for written, raw in part.raw_items():
        name = written.lower()
        if name not in _READ or name in headers:
            continue
        headers[name] = _on_one_line(str(raw)[:_MAX_HEADER])
    return headers


def _on_one_line(value: str) -> str:
    """Return a header's value with its octets beyond ASCII decoded, and without its folds."""
    if not value.isascii():
        value = value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
    return " ".join(value.split())


def _labels(headers: dict[str, str]) -> tuple[str, ...]:
    """Return the charsets of the encoded words in a mail's subject and its author's name."""
    words = headers.get("subject", "") + headers.get("from", "")
    return tuple(_WORD.findall(words)[:_MOST_WORDS]) if "=?" in words else ()


def _mailbox(value: str) -> tuple[str, str]:
    """Return display name and address of the first mailbox (RFC 5322, 3.4), leniently."""
    name, bracket, rest = value[:1_000].partition("<")
    if not bracket:
        return "", name.split(",")[0].strip()
    return read_words(name.strip().strip('"')).strip(), rest.partition(">")[0].strip()


def _unescape(text: str) -> str:
    r"""Undo the ``\uXXXX`` escapes of JSON, so that an emoji is an emoji."""
    pairs = re.sub(r"\\u([0-9a-fA-F]{4})", lambda m: chr(int(m.group(1), 16)), text[:1_000])
    return pairs.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
