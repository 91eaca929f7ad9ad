r"""The octets of a mail as a signature sees them: fields in order, and the body made canonical.

dkimpy reads a mail into a list of lines and makes it canonical with patterns that are quadratic
on runs of blanks (32 KB of them: 3.6 seconds, with the interpreter's lock held). So this is ours:
linear, and a piece at a time, whatever the size of the mail.

A header block that readers could take in two ways (a field without a name, a CR on its own) is no
header block: nothing in it can be proven.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

Field = tuple[bytes, bytes]

_END = re.compile(rb"(?:\A|\r?\n)\r?\n")
_LINES = re.compile(rb"\r?\n")
_NAME = re.compile(rb"([\x21-\x39\x3b-\x7e]+):")
_BLANKS = re.compile(rb"[ \t]{2,}|\t")  # a single space is as it should be
_BARE_LF = re.compile(rb"(?<!\r)\n")
_PIECE = 1 << 16


@dataclass(frozen=True, slots=True)
class CanonicalMail:
    """A mail's fields, each with its value as it was folded, and where its body begins."""

    fields: tuple[Field, ...]
    raw: bytes
    start: int

    def named(self, name: bytes) -> list[bytes]:
        """Return the values of all fields of a name (in lower case), from the top."""
        return [value for field, value in self.fields if field.lower() == name]

    def digest(self, *, relaxed: bool) -> tuple[bytes, int]:
        """Return the SHA-256 of the canonical body and its length (RFC 6376, 3.4)."""
        sha, length = hashlib.sha256(), 0
        for piece in canonical(self.raw, self.start, relaxed=relaxed):
            sha.update(piece)
            length += len(piece)
        return sha.digest(), length


def split(raw: bytes) -> CanonicalMail | None:
    """Return a mail's fields and body, or None if its header block is not plain."""
    end = _END.search(raw)
    head, start = (raw[: end.start()], end.end()) if end else (raw, len(raw))
    if re.search(rb"\r(?!\n)", head):
        return None
    fields: list[tuple[bytes, list[bytes]]] = []
    lines = _LINES.split(head.rstrip(b"\r\n"))
    for line in lines[1:] if lines[0].startswith(b"From ") else lines:  # an mbox's first line
        if line[:1] in {b" ", b"\t"} and fields:
            fields[-1][1].append(line)
            continue
        name = _NAME.match(line)
        if name is None:
            return None
        fields.append((name[1], [line[name.end() :]]))
    return CanonicalMail(tuple((n, b"\r\n".join([*parts, b""])) for n, parts in fields), raw, start)


def canonical(raw: bytes, start: int, *, relaxed: bool) -> Iterator[bytes]:
    """Yield the canonical body (RFC 6376, 3.4.3 and 3.4.4) in pieces."""
    empty_lines, said = 0, False
    for lines in _pieces(raw, start):
        plain = lines.count(b"\n") == lines.count(b"\r\n")
        piece = lines if plain else _BARE_LF.sub(b"\r\n", lines)
        if not piece.endswith(b"\n"):
            piece += b"\r\n"
        if relaxed:
            piece = _BLANKS.sub(b" ", piece).replace(b" \r\n", b"\r\n")
        text = piece[: _line_ends_from(piece)]
        ends = (len(piece) - len(text)) // 2
        if text:
            yield b"\r\n" * empty_lines + text
            empty_lines, said = 0, True
        empty_lines += ends
    if said or not relaxed:
        yield b"\r\n"


def _pieces(raw: bytes, start: int) -> Iterator[bytes]:
    """Yield whole lines, about 64 KB at a time."""
    while start < len(raw):
        end = raw.find(b"\n", start + _PIECE)
        end = len(raw) if end < 0 else end + 1
        yield raw[start:end]
        start = end


def _line_ends_from(piece: bytes) -> int:
    """Return where the line ends begin that a piece closes with; each of them is CR LF."""
    begin = len(piece.rstrip(b"\r\n"))
    lone = piece.rfind(b"\r\r", begin)
    return begin if lone < 0 else lone + 1
