"""How is a header written so that nobody corrupts it? Folded between tokens, never within.

RFC 5322, 2.1.1 and 2.2.3: lines of 78 octets where possible, of 998 always, broken only at
spaces that were there already. RFC 2047: words that are not ASCII are encoded, cut at character
boundaries, at most 75 octets each. The standard library's newer policy encodes long References
and List-Unsubscribe too, and no mail program finds the link again; hence our own.

The trap: a value holding CR or LF would start a header of its own. Text loses them (``clean``);
in an address, an id or a URL they can only mean an attack or a bug, and are refused.
"""

import base64
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from core.email_address import wire_form
from notifier.rendering.clean import one_line

_SOFT = 78
_HARD = 998
_ADDRESS_HEADER = 320  # longer ones are refused by large receivers
_SHORTER = (150, 100, 70, 50, 30, 15)  # characters of a display name, tried in turn
_CRLF = "\r\n"
_ENCODED_WORD = 75  # RFC 2047, 2
_OPEN_Q, _OPEN_B, _CLOSE = "=?utf-8?q?", "=?utf-8?b?", "?="
_Q_SAFE = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!*+-/")
_B_OCTETS = (_ENCODED_WORD - len(_OPEN_B) - len(_CLOSE)) // 4 * 3
_Q_OCTETS = _ENCODED_WORD - len(_OPEN_Q) - len(_CLOSE)
_BAD_TOKEN = re.compile("[\x00-\x20\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
_IN_BRACKETS = re.compile("[<>]")
_ESCAPED = re.compile(r'(["\\])')


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name, which may be empty, and an address (RFC 5322, 3.4)."""

    name: str
    address: str


def fold(name: str, tokens: Iterable[str]) -> str:
    """Return a header, its tokens separated by one space or a fold, ended by CRLF."""
    lines: list[str] = []
    line = f"{name}:"
    for token in tokens:
        width = _octets(token)
        if width > _HARD - len(name) - 2:
            raise ValueError(f"a token of {name} is too long for a line")
        if _octets(line) + 1 + width > _SOFT and (lines or len(line) > len(name) + 1):
            lines.append(line)
            line = ""
        line += f" {token}"
    lines.append(line)
    return _CRLF.join(lines) + _CRLF


def text_header(name: str, text: str, limit: int = 255) -> str:
    """Return a header of free text, as Subject (RFC 5322, 2.2.1; RFC 2047, 5 (1))."""
    clean = one_line(text, limit)
    words = clean.split(" ")
    if clean.isascii() and "=?" not in clean and max(map(len, words)) < _ENCODED_WORD:
        return fold(name, words)
    return fold(name, encoded_words(clean, first=len(name) + 2))


def address_header(name: str, mailbox: Mailbox) -> str:
    """Return a header that names one mailbox, its display name cut if it is too long."""
    address = f"<{wire_form(mailbox.address)}>"
    for most in _SHORTER:
        phrase = phrase_tokens(mailbox.name, first=len(name) + 2, limit=most)
        folded = fold(name, [*phrase, address])
        if len(folded.encode()) <= _ADDRESS_HEADER:
            return folded
    return fold(name, [address])


def phrase_tokens(text: str, first: int = 0, limit: int = 150) -> list[str]:
    """Return a display name as tokens: a quoted string or encoded words (RFC 5322, 3.2.5)."""
    clean = one_line(text, limit)
    if not clean:
        return []
    if clean.isascii() and "=?" not in clean:
        quoted = _ESCAPED.sub(r"\\\1", clean)
        return f'"{quoted}"'.split(" ")
    return list(encoded_words(clean, first=first))


def safe_token(text: str) -> str:
    """Return a URL, or an id without its brackets, that may stand in a header, or refuse it."""
    if not text or _BAD_TOKEN.search(text) or _IN_BRACKETS.search(text):
        raise ValueError("a header's token is empty or holds a character it may not")
    return text


def encoded_words(text: str, first: int = 0) -> Iterator[str]:
    """Encode a text in words of at most 75 octets: in Q if that stays readable, else in B.

    ``first`` is how many octets stand before the first word on its line (RFC 2047, 2: a line
    that holds an encoded word has at most 76).
    """
    plain = sum(1 for c in text if c in _Q_SAFE or c == " ")
    quoted = plain * 2 >= len(text)
    most = _Q_OCTETS if quoted else _B_OCTETS
    room = max(most - (first if quoted else first * 3 // 4), most // 3)
    chunk: list[str] = []
    used = 0
    for piece, width in _pieces(text, quoted=quoted):
        if chunk and used + width > room:
            yield _word(chunk, quoted=quoted)
            chunk, used, room = [], 0, most
        chunk.append(piece)
        used += width
    yield _word(chunk, quoted=quoted)


def _pieces(text: str, *, quoted: bool) -> Iterator[tuple[str, int]]:
    """Return each character with the room it takes: encoded in Q, its octets in B."""
    for char in text:
        if not quoted:
            yield char, len(char.encode())
        elif char in _Q_SAFE:
            yield char, 1
        elif char == " ":
            yield "_", 1
        else:
            octets = char.encode()
            yield "".join(f"={octet:02X}" for octet in octets), 3 * len(octets)


def _word(chunk: list[str], *, quoted: bool) -> str:
    joined = "".join(chunk)
    if quoted:
        return f"{_OPEN_Q}{joined}{_CLOSE}"
    return f"{_OPEN_B}{base64.b64encode(joined.encode()).decode('ascii')}{_CLOSE}"


def _octets(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode())
