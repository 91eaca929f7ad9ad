"""Octets to a Mail value: mail-parser reads who wrote it, ``body`` what was said.

The mail is parsed once, by the stdlib's compat32 parser, and mail-parser is handed the header
that needs its care: who it is from, where a display name must not pass for an address. Its full
``parse()`` reads every address header, decodes every part and renders the mail as JSON, which
costs a millisecond and is not needed.

Call ``guard.inspect`` first. A mail that passes it never makes this raise, however broken.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from email import policy
from email.errors import MessageError
from email.feedparser import BytesFeedParser
from email.message import Message
from email.policy import Compat32
from typing import cast

from mailparser.utils import get_addresses

from core.in_pieces import pieces
from gateway.mail.body import Body, read_body
from gateway.mail.content.text_choice import ChosenParts, chosen
from gateway.mail.stretches import OutlinedPart, Stretches, stretches_of, whole_body

_LARGE = 256 * 1024  # octets of a mail that is not copied, line by line and as a text
_HEADERS_END = re.compile(rb"\n\r?\n")
_HOLDS_PARTS = frozenset({"multipart", "message"})

# What most people's programs write, in which nothing needs a careful reader: Bo <bo@example.net>.
_LABEL = "[a-z0-9]{1,60}(?:-[a-z0-9]{1,60}){0,5}"
_LOCAL = "[A-Za-z0-9+_]{1,40}(?:[.-][A-Za-z0-9+_]{1,40}){0,9}"
_ADDRESS = rf"{_LOCAL}@{_LABEL}(?:\.{_LABEL}){{1,9}}"
_PLAIN = re.compile(rf" ?[A-Za-z0-9][A-Za-z0-9 -]{{0,60}} <({_ADDRESS})>| ?({_ADDRESS})")


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it was read: its headers, what each part is, and what it says."""

    message: Message
    author: str | None
    authors: tuple[str, ...]
    message_id: str
    body: Body
    parts: ChosenParts | None = None
    language: str = ""

    def header(self, name: str) -> str:
        """Return a header's first value, unfolded, or an empty string."""
        return " ".join(str(self.message.get(name, "")).split())

    def headers(self, name: str) -> list[str]:
        """Return all values of a header, unfolded."""
        return [" ".join(str(value).split()) for value in self.message.get_all(name, [])]

    @property
    def content_type(self) -> str:
        """The mail's own media type, in lower case."""
        return self.message.get_content_type()


def message_of(raw: bytes) -> Message:
    """Return the parts of a mail that the guard has let pass.

    The body of a mail of one part is what stands below its headers, octet for octet, so the
    parser, which goes through it line by line, is not asked about it.
    """
    end = _HEADERS_END.search(raw)
    if end is None:
        return _in_parts(raw)
    message = _parsed(raw[: end.end()])
    if message.get_content_maintype() in _HOLDS_PARTS:
        return _in_parts(raw)
    # Where headers break off, the parser has found the body's first lines among them.
    above = message._payload  # type: ignore[attr-defined]  # noqa: SLF001  get_payload may decode it
    if len(raw) >= _LARGE:
        return _outlined(whole_body(raw, end.end()))
    message.set_payload(above + str(memoryview(raw)[end.end() :], "ascii", "surrogateescape"))
    return message


def _in_parts(raw: bytes) -> Message:
    stretches = stretches_of(raw) if len(raw) >= _LARGE else None
    return _parsed(raw) if stretches is None else _outlined(stretches)


def _parsed(raw: bytes) -> Message:
    """Parse piece by piece, because the parser takes five times the room for all at once."""
    parser = BytesFeedParser(policy=policy.compat32)
    for piece in pieces(raw):
        parser.feed(piece)
    return parser.close()


def _outlined(stretches: Stretches) -> Message:
    """Parse a mail without its long stretches, which its parts know."""

    def part(policy: Compat32) -> OutlinedPart:
        made = OutlinedPart(policy)
        made.stretches = stretches
        return made

    parser = BytesFeedParser(cast("Callable[[], Message]", part), policy=policy.compat32)
    for part_of_it in stretches.outline():
        for piece in pieces(part_of_it):
            parser.feed(piece)
    return parser.close()


def parse(raw: bytes, language: str = "") -> Mail:
    """Read a mail that the guard has let pass. ``language``: its writer's, if that is known."""
    message = message_of(raw)
    authors = _addresses(message, "from")
    parts = chosen(message)
    return Mail(
        message=message,
        author=authors[0] if len(authors) == 1 else None,
        authors=authors,
        message_id=str(message.get("message-id", "")).strip()[:998],
        body=read_body(message, parts, language),
        parts=parts,
        language=language,
    )


def _addresses(message: Message, name: str) -> tuple[str, ...]:
    """Return the addresses in all headers of a name, as mail-parser reads them."""
    return tuple(
        address
        for value in message.get_all(name, [])
        for _, address in _mailboxes(value)
        if "@" in address
    )


def _mailboxes(value: object) -> list[tuple[str, str]]:
    """Return names and addresses in a header; names as they stand where they cannot be decoded."""
    if isinstance(value, str) and (plain := _PLAIN.fullmatch(value)):
        return [("", plain.group(1) or plain.group(2))]
    for decode_names in (True, False):
        with suppress(MessageError, ValueError, LookupError):
            return list(get_addresses(value, decode_names=decode_names))
    return []
