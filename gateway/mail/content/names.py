"""Under which name is a stranger's file safe to show, to save and to send on?

The name in the mail is a wish. What is kept of it is its last part, without control, direction
and invisible characters, in NFC, short enough for every file system. Charsets named in it
(RFC 2231, RFC 2047) are read by ``charset.decode`` alone, which knows no dangerous codec.
"""

import re
import unicodedata
from email.message import Message
from urllib.parse import unquote_to_bytes

from gateway.mail.charset import decode
from gateway.mail.content.encoded_words import read_words
from gateway.mail.content.parameters import Value, header_of, parameter, values
from gateway.mail.content.parts import leaves

LONGEST = 120  # characters
_LONGEST_OCTETS = 200  # file systems take 255
_LONGEST_SUFFIX = 12
_LONGEST_HEADER = 16_000
_UNSAFE = re.compile(r'[<>:"|?*\\/\x00-\x1f\x7f-\x9f\ud800-\udfff]')
_BLANKS = re.compile(r"[\s\u2028\u2029]+")
_JOINERS = "\u200c\u200d"  # Persian words and emoji need them
_FILE = re.compile(r"[^\s.]\.[A-Za-z0-9]{1,8}$")
_PERCENT = re.compile(r"%[0-9A-Fa-f]{2}")
_WORD_CHARSET = re.compile(r"=\?([A-Za-z0-9_.:-]{1,40})[?*]")
_SAYS_NOTHING = frozenset({"", "utf-8", "utf8", "us-ascii", "ascii"})
_DEVICE = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?=\.|$)", re.IGNORECASE)


def clean_name(name: str) -> str:
    """Return a file name without path, control or direction characters, 120 at most."""
    parts = [part for part in re.split(r"[\\/]", name[-_LONGEST_HEADER:]) if part.strip(" .")]
    base = "".join(sign for sign in (parts[-1] if parts else "") if _visible(sign))
    safe = _UNSAFE.sub("_", unicodedata.normalize("NFC", _BLANKS.sub(" ", base)))
    safe = _shortened(safe.strip(" ."))
    return f"_{safe}" if _DEVICE.match(safe) else safe or "file"


def wished_name(part: Message, charset: str = "") -> str:
    """Return the name a part asks for, decoded; empty if it has none. Never raises.

    ``charset``: in which octets are read that name none and are no UTF-8. The disposition's name
    counts before the type's (RFC 2183, 2.3); then the address it was taken from (RFC 2557, 4.2) and
    its description, where they look like a file's name.
    """
    for header, name in (("content-disposition", "filename"), ("content-type", "name")):
        written = header_of(part, header)
        found = values(written, name) if name in written.lower() else []
        names = [text for one in found if (text := _decoded(one, charset).strip())]
        if names:
            return next((text for text in names if "\ufffd" not in text), names[0])
    return _like_a_file(part, charset)


def charset_of_names(message: Message) -> str:
    """Return which charset a mail's raw names are likely in: what its texts say they are in."""
    for part, _ in leaves(message):
        label = parameter(header_of(part, "content-type"), "charset") or ""
        if label.lower() not in _SAYS_NOTHING:
            return label
    for name in ("subject", "from"):
        word = _WORD_CHARSET.search(header_of(message, name))
        if word is not None and word.group(1).lower() not in _SAYS_NOTHING:
            return word.group(1)
    return ""


def _like_a_file(part: Message, charset: str) -> str:
    """Return a name that stands where names do not belong, if it has the form of one."""
    place = header_of(part, "content-location").split("?")[0].split("#")[0]
    if not place.lower().startswith(("cid:", "mid:", "data:")):
        place = _unescaped(place.replace("\\", "/").rpartition("/")[2].strip(' <>"'))
        if _FILE.search(place):
            return read_words(place, charset)
    said = header_of(part, "content-description")
    return read_words(said, charset) if len(said) <= LONGEST and _FILE.search(said) else ""


def _decoded(value: Value, charset: str) -> str:
    """Return a parameter's text. Encoded words are not allowed there (RFC 2047, 5), and common."""
    if value.charset:
        return _whole_words(decode(value.octets, value.charset))
    text = value.octets.decode("ascii", "surrogateescape")
    return _whole_words(read_words(text if value.encoded else _unescaped(text), charset))


def _whole_words(text: str) -> str:
    return read_words(text) if "=?" in text else text


def _unescaped(text: str) -> str:
    """Undo ``%20`` in a plain name, if all of it is so written and gives UTF-8."""
    if "%" not in text or " " in text or "=?" in text or _PERCENT.sub("", text).count("%"):
        return text
    try:
        return unquote_to_bytes(text.encode("utf-8", "surrogateescape")).decode("utf-8")
    except UnicodeDecodeError:
        return text


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
