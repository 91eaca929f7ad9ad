"""What do encoded words say (RFC 2047), also where they are not written quite right?

They are found in quoted parameters, where they must not be; cut within a letter, so that two of
them must be joined before they are decoded; with blanks in them, without their end, and with base64
that lacks its padding. Octets beyond ASCII beside them are read in the charset given.
"""

import re
from binascii import Error, a2b_base64, a2b_qp
from itertools import groupby

from gateway.mail.charset import decode

_WORD = re.compile(
    r"=\?([A-Za-z0-9_.:+-]{1,40})(?:\*[A-Za-z0-9-]{0,40})?"  # RFC 2231, 5: a language
    r"\?([bq])\?([^?]{0,16000})(?:\?=|\Z)",
    re.IGNORECASE,
)
_MOST = 400


def read_words(text: str, charset: str = "") -> str:
    """Return a text with its encoded words decoded. ``charset``: of raw octets, kept as surrogates.

    Never raises; charsets are read by ``charset.decode`` alone.
    """
    if "=?" not in text:
        return _plain(text, charset)
    whole = _WORD.fullmatch(text)
    if whole is not None:  # as a rule
        return decode(_octets(whole.group(2), whole.group(3)), whole.group(1).lower())
    pieces: list[tuple[str, bytes | str]] = []
    at = 0
    for count, word in enumerate(_WORD.finditer(text)):
        if count >= _MOST:
            break
        between = text[at : word.start()]
        if between.strip() or not pieces:  # blanks between two words say nothing (RFC 2047, 6.2)
            pieces.append(("", between))
        pieces.append((word.group(1).lower(), _octets(word.group(2), word.group(3))))
        at = word.end()
    pieces.append(("", text[at:]))
    return "".join(_joined(label, list(group), charset) for label, group in groupby(pieces, _label))


def _label(piece: tuple[str, bytes | str]) -> str:
    return piece[0]


def _joined(label: str, group: list[tuple[str, bytes | str]], charset: str) -> str:
    octets = b"".join(one for _, one in group if isinstance(one, bytes))
    texts = "".join(one for _, one in group if isinstance(one, str))
    return decode(octets, label) if label else _plain(texts, charset)


def _octets(how: str, written: str) -> bytes:
    raw = written.encode("utf-8", "surrogateescape")
    if how in "qQ":
        return a2b_qp(raw.replace(b" ", b"_"), header=True)
    kept = raw.translate(None, _NO_BASE64)
    kept = kept[: len(kept) - (len(kept) % 4 == 1)]
    try:
        return a2b_base64(kept + b"==")
    except Error:
        return b""


_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
_NO_BASE64 = bytes(octet for octet in range(256) if octet not in _BASE64)


def _plain(text: str, charset: str) -> str:
    if text.isascii():
        # ISO-2022 is as raw as any other charset, and has no octet beyond ASCII.
        return decode(text.encode(), charset or None) if "\x1b" in text else text
    octets = text.encode("utf-8", "surrogateescape")
    return _raw(octets, charset)


def _raw(octets: bytes, charset: str) -> str:
    """Read octets that name no charset: UTF-8 (RFC 6532) if they are, else what else is known."""
    try:
        return octets.decode("utf-8")
    except UnicodeDecodeError:
        return decode(octets, charset or None)
