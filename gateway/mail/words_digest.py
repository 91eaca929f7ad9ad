"""What does a mail say, however it was coded on the way: a digest of its words and files.

Servers between write a mail anew: another transfer encoding or charset, lines broken elsewhere, the
HTML taken off, a file's line ends changed. None of that is in the digest. White space is left out
and not only evened out, since Chinese, Japanese and Thai lines are broken where no space stood;
so are the marks that our own reading writes for emphasis and bullets (``quote.render``), which a
mail without its HTML has not.

What a list put below is mostly folded by then. Where it is not, it is known by its form: last
lines below a drawn one, with an address in them. For posting that is too little to go by; that two
mails are one is shown by their Message-ID and all above.

The trap: punctuation says something. "Yes?" and "Yes!" under one Message-ID are two mails of a
program that uses it again, and the second must not be lost, so nothing else is left out.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable

from core.in_pieces import PIECE, pieces
from gateway.mail.attachments import FilePart, Gathered

_RULE = re.compile(r"[-_=*#~+─━—]{2,}")
_LAST = 20  # lines
_ADDRESSES = ("://", "www.", "@")
_MARKS = "*_~`•·"


def words_digest(text: str, gathered: Gathered) -> bytes | None:
    """Return the SHA-256 of a reply's words (NFC) and files, None if there are neither.

    A picture that is left out because the conversation has it counts: it may have it from the
    first copy of this very mail.
    """
    words = "".join(unicodedata.normalize("NFC", _without_footer(text)).split())
    for mark in _MARKS:  # five times as fast as ``translate``
        words = words.replace(mark, "")
    files = sorted([*map(_of_file, gathered.files), *_seen(gathered)])
    if not words and not files:
        return None
    digest = hashlib.sha256(words.encode("utf-8", "surrogatepass"))
    said = hashlib.sha256(digest.digest())  # of one length, so that no word can pass for a file
    said.update("\0".join(files).encode())
    return said.digest()


def _without_footer(text: str) -> str:
    """Return the words above the first drawn line among the last ones, if what follows is a footer.

    Whoever draws lines has it in each copy, so it is the same that is left of both.
    """
    if "\n" not in text:
        return text
    lines = text.split("\n")
    first = max(1, len(lines) - _LAST)
    for at in range(first, len(lines) - 1):
        if _RULE.fullmatch(lines[at].strip()):
            below = "\n".join(lines[at:])
            above = "\n".join(lines[:at])
            return above if above.strip() and any(one in below for one in _ADDRESSES) else text
    return text


def _of_file(file: FilePart) -> str:
    """Return a file's digest; of a text it is that of its lines, whatever ends them."""
    if not file.content_type.startswith("text/"):
        return file.sha256
    return _of_lines(file.octets)


def _of_lines(octets: bytes, size: int = PIECE) -> str:
    """Return the digest of lines that end in LF, the last ones' ends left out; piece by piece."""
    digest, ends, held = hashlib.sha256(), 0, b""
    for piece in pieces(octets, size):
        lines = held + piece
        held = b"\r" * lines.endswith(b"\r")  # half of a line end, perhaps
        lines = lines[: len(lines) - len(held)].replace(b"\r\n", b"\n")
        whole = lines.rstrip(b"\n")
        if whole:
            digest.update(b"\n" * ends)
            digest.update(whole)
            ends = 0
        ends += len(lines) - len(whole)
    digest.update(b"\n" * ends * bool(held) + held)
    return digest.hexdigest()


def _seen(gathered: Gathered) -> Iterable[str]:
    return (one.sha256 for one in gathered.left_out if one.sha256)
