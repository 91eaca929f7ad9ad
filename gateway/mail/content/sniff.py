"""What is a file, going by its octets? What the mail says it is counts only where they agree.

puremagic knows the first and last octets of some hundred formats. Several formats share a
beginning (a spreadsheet is a zip); among those that fit, the one the mail declares is believed,
then the one its ending names, then the likeliest. Nothing here makes a file harmless: it is
served so that no browser runs it, whatever its type.
"""

import codecs
import mimetypes
import re
from functools import cache
from typing import TYPE_CHECKING

from core.lazy_import import lazy_import

if TYPE_CHECKING:
    import puremagic
else:
    puremagic = lazy_import("puremagic")

UNKNOWN = "application/octet-stream"
_TEXTS = frozenset({"text/plain", "text/csv", "text/markdown", "text/calendar", "text/vcard"})
_MARKUP = re.compile(rb"\s*<(?:!doctype html|html|head|body|script|svg|\?xml)", re.IGNORECASE)
_LOOKED_AT = 4_096
_NO_CONTROL = b"\t\n\f\r\x1b" + bytes(range(0x20, 0x7F)) + bytes(range(0x80, 0x100))
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,80}")
_ENDINGS = {
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/calendar": ".ics",
    "text/vcard": ".vcf",
    "image/jpeg": ".jpeg",
}
_SAME = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "audio/wave": "audio/wav",
    "audio/x-wav": "audio/wav",
    "image/heif": "image/heic",
    "application/x-zip-compressed": "application/zip",
    "application/x-pdf": "application/pdf",
}


def type_of(octets: bytes, declared: str = "", name: str = "") -> str:
    """Return the media type of a file's octets."""
    declared = _SAME.get(declared, declared)
    if _MARKUP.match(octets[:_LOOKED_AT]):
        return "text/html" if b"<?xml" not in octets[:_LOOKED_AT].lower() else "application/xml"
    candidates = _candidates(octets)
    if not candidates:
        return _text_type(declared) if _is_text(octets) else UNKNOWN
    kinds = [kind for kind, _ in candidates]
    if declared in kinds:
        return declared
    ending = "." + name.lower().rpartition(".")[2]
    return next((kind for kind, suffix in candidates if suffix == ending), kinds[0])


def is_readable(octets: bytes) -> bool:
    """Tell whether the beginning may be somebody's words, in whatever charset: no control signs.

    Escapes are none: Japanese mail shifts its charsets with them (RFC 1468).
    """
    return not octets[:_LOOKED_AT].translate(None, _NO_CONTROL)


def ending_of(kind: str) -> str:
    """Return the usual ending of a type's files, for one that came without a name."""
    major, _, minor = kind.partition("/")
    if kind in _ENDINGS:
        return _ENDINGS[kind]
    plain = minor.isalnum() and len(minor) < 5 and major != "application"
    return f".{minor}" if plain else _known_endings().get(kind, "")


@cache
def _known_endings() -> dict[str, str]:
    """Return what the standard library knows by itself, whatever this machine's tables say."""
    known = mimetypes.MimeTypes(()).types_map_inv[True]
    return {kind: endings[0] for kind, endings in known.items() if kind != UNKNOWN}


def _candidates(octets: bytes) -> list[tuple[str, str]]:
    """Return the types the octets fit and their endings, the likeliest first."""
    try:
        matches = puremagic.magic_string(octets)
    except (puremagic.PureError, ValueError, LookupError):
        return []
    found = []
    for match in matches:
        kind = _SAME.get(match.mime_type, match.mime_type)
        if _TYPE.fullmatch(kind):
            found.append((kind, match.extension))
    return found


def _is_text(octets: bytes) -> bool:
    """Tell whether the beginning reads as text: UTF-8 without control characters."""
    head = octets[:_LOOKED_AT]
    if any(octet < 0x20 and octet not in b"\t\n\r\f" for octet in head):
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=len(octets) <= _LOOKED_AT)
    except UnicodeDecodeError:
        return False
    return True


def _text_type(declared: str) -> str:
    return declared if declared in _TEXTS else "text/plain"
