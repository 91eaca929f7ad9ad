"""Under which name is a stranger's file safe to show, to save and to send on?

The name in the mail is a wish. What is kept of it is its last part, without control, direction
and invisible characters, in NFC, short enough for every file system. Charsets named in it
(RFC 2231, RFC 2047) are read by ``charset.decode`` alone, which knows no dangerous codec.
"""

import re
import unicodedata
from email.errors import MessageError
from email.header import decode_header
from email.message import Message

from gateway.mail.charset import decode

LONGEST = 120  # characters
_LONGEST_OCTETS = 200  # file systems take 255
_LONGEST_SUFFIX = 12
_LONGEST_HEADER = 16_000
_UNSAFE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_BLANKS = re.compile(r"[\s\u2028\u2029]+")
_JOINERS = "\u200c\u200d"  # Persian words and emoji need them
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return a file name without path, control or direction characters, 120 at most."""
    parts = [part for part in re.split(r"[\\/]", name[-_LONGEST_HEADER:]) if part.strip(" .")]
    base = "".join(sign for sign in (parts[-1] if parts else "") if _visible(sign))
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", _BLANKS.sub(" ", base)))
    safe = _shortened(safe.strip(" ."))
    return f"_{safe}" if _DEVICE.match(safe) else safe or "file"


def wished_name(part: Message) -> str:
    """Return the name a part asks for, decoded; empty if it has none. Never raises."""
    for header, parameter in (("content-disposition", "filename"), ("content-type", "name")):
        value = _raw(part, header)
        name = _parameter(value, header, parameter) if parameter in value.lower() else ""
        if name:
            return name
    return ""


def _visible(sign: str) -> bool:
    """Tell invisible and direction-changing characters (category Cf) from the rest."""
    return unicodedata.category(sign) != "Cf" or sign in _JOINERS


def _shortened(name: str) -> str:
    """Cut a name in its stem, so that its ending stays."""
    if len(name) <= LONGEST and len(name.encode()) <= _LONGEST_OCTETS:
        return name
    stem, dot, suffix = name.rpartition(".")
    if not dot or len(suffix) > _LONGEST_SUFFIX:
        stem, suffix = name, ""
    ending = f".{suffix}" if suffix else ""
    stem = stem[: LONGEST - len(ending)]
    room = _LONGEST_OCTETS - len(ending.encode())
    return stem.encode()[:room].decode("utf-8", "ignore").rstrip(" .") + ending


def _raw(part: Message, header: str) -> str:
    """Return a header on one line; octets beyond ASCII are taken for UTF-8 (RFC 6532)."""
    for name, raw in part.raw_items():
        if name.lower() == header:
            value = str(raw)[:_LONGEST_HEADER].encode("utf-8", "surrogateescape")
            return " ".join(value.decode("utf-8", "replace").split())
    return ""


def _parameter(value: str, header: str, name: str) -> str:
    """Return a parameter, its fragments joined (RFC 2231, 3) and its encoding undone."""
    probe = Message()
    probe[header] = value
    try:
        found = probe.get_param(name, "", header)
        if isinstance(found, tuple):
            charset, _, text = found
            return decode(text.encode("latin-1", "replace"), charset)
        return _words(found)
    except (MessageError, LookupError, ValueError, TypeError, AttributeError):
        return ""


def _words(text: str) -> str:
    """Undo encoded words: not allowed in a parameter (RFC 2047, 5), and common."""
    if "=?" not in text:
        return text
    return "".join(
        decode(piece, charset) if isinstance(piece, bytes) else piece
        for piece, charset in decode_header(text)
    )
