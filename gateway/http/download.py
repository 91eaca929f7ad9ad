"""How is a stranger's file served so that no browser runs it?

As a download, never inline (RFC 6266), in a sandbox, not sniffed; under its own type only if
that type is a picture, sound, film or document that no browser takes for a page. What a file's
row says of its type came from its octets, and is still not believed further than that.
"""

from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse

from core.files.base import Files
from core.files.keep import pieces_of
from core.model.attachment import Attachment

_MEDIA = ("image/", "audio/", "video/")
_PAGES = frozenset({"image/svg+xml"})
_DOCUMENTS = frozenset(
    {"application/pdf", "application/zip", "application/msword", "message/rfc822", "text/plain"}
)
_OFFICE = ("application/vnd.openxmlformats-officedocument.", "application/vnd.oasis.opendocument.")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cache-Control": "private, no-store",
}


async def download(file: Attachment, place: Files) -> Response | None:
    """Return a file as a response, or None if its octets are no longer kept."""
    pieces = await pieces_of(file.object_key, file.octets, place)
    if pieces is None:
        return None
    headers = _HEADERS | {
        "Content-Disposition": _disposition(file.filename),
        "Content-Length": str(file.size),
        "Content-Type": served_type(file.content_type),
    }
    return StreamingResponse(pieces, headers=headers)


def served_type(kind: str) -> str:
    """Return a type no browser makes a page of: the file's own, or that of mere octets."""
    harmless = (kind.startswith(_MEDIA) and kind not in _PAGES) or kind.startswith(_OFFICE)
    if kind == "text/plain":
        return "text/plain; charset=utf-8"
    return kind if harmless or kind in _DOCUMENTS else "application/octet-stream"


def _disposition(filename: str) -> str:
    """Return the name in both forms: in full, and for readers of ASCII alone (RFC 6266, D)."""
    plain = "".join(
        sign if sign.isascii() and sign.isprintable() and sign not in '"\\%' else "_"
        for sign in filename
    )
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
