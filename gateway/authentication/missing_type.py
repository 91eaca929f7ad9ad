"""Might a Content-Type or a transfer encoding have been taken away from this body?

A signature that does not name a field covers neither what it says nor that it is there (RFC 6376,
5.4.2), so anybody may take it away. The signature still holds, and the octets are read another
way: HTML with its comments, base64 as letters, parts with their boundaries. Only a short body of
plain ASCII, in which no form or coding writes anything else, is the same with and without.

A wrong "yes" asks the owner of the address; a wrong "no" posts other words as theirs.
"""

import re

_SHORT = 4_096
_CODED_AT_MOST = 65_536
_NOT_PLAIN = re.compile(rb"[^\t\r\n\x20-\x7e]")
_ADDRESS_OR_LINK = re.compile(rb"<(?:[\w.+-]+@[\w.-]+|https?:[^\s<>]*)>")
# What another type would have made something else of; each a shape of its own.
_SHAPES = re.compile(
    rb"<[a-z/!?]"  # a tag, a comment (HTML, RFC 1896's text/enriched)
    rb"|&#?\w+;"  # a character reference
    rb"|^--(?! ?\r?$)"  # a boundary (RFC 2046, 5.1.1), and not a signature's line
    rb"|^content-[a-z-]+[ \t]*:"  # the head of a part
    rb"|\A\s*[!-9;-~]+:[^\n]*\n[!-9;-~]+:"  # the head of a whole mail (message/rfc822)
    rb"|\A\s*(?:begin:v|\{\\rtf|%!|%pdf|[\[{])"  # a calendar, a card, a document, JSON
    rb"|\+[a-z0-9/]*[a-z/][a-z0-9/]*-?"  # UTF-7 (RFC 2152)
    rb"|~[{}]",  # HZ (RFC 1843)
    re.IGNORECASE | re.MULTILINE,
)
_BASE64 = re.compile(rb"\s*[A-Za-z0-9+/]+(?:(?:[ \t]*\r?\n)+[A-Za-z0-9+/]+)*={0,2}\s*")
_NO_WORD = re.compile(rb"[a-z][A-Z]|[0-9+/=]|[A-Z]{2}[a-z]")
_NOT_QUOTED_PRINTABLE = re.compile(rb"=(?![0-9A-Fa-f]{2}|[ \t]*\r?\n|\Z)")


def may_lack_a_type(body: bytes) -> bool:
    """Whether a body without Content-Type may have had one, by which it read otherwise."""
    if len(body) > _SHORT or _NOT_PLAIN.search(body):
        return True
    text = _ADDRESS_OR_LINK.sub(b"", body)
    return bool(_SHAPES.search(text)) or may_lack_a_coding(body)


def may_lack_a_coding(body: bytes) -> bool:
    """Whether a body without Content-Transfer-Encoding may be coded (RFC 2045, 6.7 and 6.8)."""
    seen = body[:_CODED_AT_MOST]
    if not seen.isascii():
        return False
    quoted_printable = b"=" in seen and not _NOT_QUOTED_PRINTABLE.search(seen)
    return quoted_printable or _is_base64(seen)


def _is_base64(text: bytes) -> bool:
    """Whether nothing stands there but base64, which a word of letters is only by chance."""
    return bool(_NO_WORD.search(text) and _BASE64.fullmatch(text))
