"""Which files came with a mail, under names that are safe to show and to save?

Attached mails are files and never entered. Pictures that only belong to the HTML (a Content-ID
and no wish to be an attachment) are left out when small: they are signature logos.
"""

import re
import unicodedata
from dataclasses import dataclass
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message

MOST_FILES = 30
_LOGO_OCTETS = 24 * 1024
_LONGEST_NAME = 120
_MOST_PARTS = 1_000
_BIDI = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")
_UNSAFE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f-\x9f]')
_TYPE = re.compile(r"[a-z0-9][a-z0-9.+-]{0,60}/[a-z0-9][a-z0-9.+-]{0,60}")


@dataclass(frozen=True, slots=True)
class FilePart:
    """One file of a mail."""

    filename: str
    content_type: str
    octets: bytes


def files_of(message: Message, most_octets: int) -> tuple[FilePart, ...]:
    """Return the files of a mail; those beyond the limits are left out. Never raises."""
    found: list[FilePart] = []
    todo: list[Message] = [message]
    seen = 0
    while todo and seen < _MOST_PARTS and len(found) < MOST_FILES:
        part = todo.pop()
        seen += 1
        payload = part.get_payload()
        kind = part.get_content_type()
        if kind == "message/rfc822":
            file = FilePart("mail.eml", kind, _attached_mail(payload))
        elif isinstance(payload, list):
            todo.extend(child for child in reversed(payload) if isinstance(child, Message))
            continue
        elif _is_file(part, kind, is_root=part is message):
            file = FilePart(clean_name(_name(part)), _safe_type(kind), _octets(part))
        else:
            continue
        if file.octets and len(file.octets) <= most_octets and not _is_logo(part, file):
            found.append(file)
    return tuple(found)


def clean_name(name: str) -> str:
    """Return a file name without path, control or direction characters, 120 at most."""
    base = re.split(r"[\\/]", unicodedata.normalize("NFC", name))[-1]
    safe = _UNSAFE.sub("_", _BIDI.sub("", base)).strip(" .")
    if len(safe) > _LONGEST_NAME:
        stem, dot, suffix = safe.rpartition(".")
        keep = _LONGEST_NAME - len(suffix) - 1
        safe = f"{stem[:keep]}.{suffix}" if dot and len(suffix) <= 12 else safe[:_LONGEST_NAME]
    return safe or "file"


def _is_file(part: Message, kind: str, *, is_root: bool) -> bool:
    disposition = str(part.get("content-disposition", "")).strip().lower()
    if disposition.startswith("attachment"):
        return True
    if kind in {"text/plain", "text/html", "text/vnd.google.email-reaction+json"}:
        return bool(_name(part)) and not is_root and not disposition.startswith("inline")
    return not kind.startswith(("text/", "multipart/")) or bool(_name(part))


def _is_logo(part: Message, file: FilePart) -> bool:
    """Tell whether a picture is part of the page's look rather than something sent."""
    disposition = str(part.get("content-disposition", "")).strip().lower()
    inline = part.get("content-id") is not None and not disposition.startswith("attachment")
    return inline and file.content_type.startswith("image/") and len(file.octets) < _LOGO_OCTETS


def _name(part: Message) -> str:
    try:
        name = part.get_filename("")
        return str(make_header(decode_header(name))) if "=?" in name else name
    except (MessageError, LookupError, ValueError, TypeError):
        return ""


def _octets(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        return b""
    return payload if isinstance(payload, bytes) else b""


def _attached_mail(payload: object) -> bytes:
    """Return an attached mail in its octets, if it can be written back."""
    inner = payload[0] if isinstance(payload, list) and payload else None
    try:
        return inner.as_bytes() if isinstance(inner, Message) else b""
    except (ValueError, LookupError, TypeError, AttributeError, KeyError, RecursionError):
        return b""


def _safe_type(kind: str) -> str:
    return kind if _TYPE.fullmatch(kind) else "application/octet-stream"
