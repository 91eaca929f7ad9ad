"""Which text do these octets stand for, when the label may lie?

The order is: what the octets prove themselves (ISO-2022-JP escapes, RFC 1468; multi-octet UTF-8),
then what was declared, widened to the superset that senders really mean (gb2312 says gb18030),
then UTF-8, then windows-1252, which never fails here.

The trap: Python's codec registry also holds codecs that are no charsets (unicode_escape, idna,
utf-7, hex, zlib). A charset label comes from a stranger, so only the names below are ever asked.
"""

import codecs

# What a label means in practice: the superset that decodes everything the label does, and more.
_SUPERSETS = {
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "ansi_x3.4-1968": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "latin-1": "cp1252",
    "iso8859-1": "cp1252",
    "iso-8859-8-i": "cp1255",
    "iso-8859-8-e": "cp1255",
    "iso-8859-8": "cp1255",
    "iso-8859-9": "cp1254",
    "iso-8859-11": "cp874",
    "tis-620": "cp874",
    "windows-874": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb_2312-80": "gb18030",
    "x-gbk": "gb18030",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "x-sjis": "cp932",
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "sjis": "cp932",
    "windows-31j": "cp932",
    "ks_c_5601-1987": "cp949",
    "ks_c_5601": "cp949",
    "euc-kr": "cp949",
    "x-windows-949": "cp949",
    "iso-2022-jp": "iso2022_jp_ext",
    "unicode-1-1-utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-8": "utf-8",
    "utf8mb4": "utf-8",
}

# Canonical codec names that are character sets of mail.
_ALLOWED = frozenset(
    [f"iso8859-{n}" for n in (*range(1, 12), 13, 14, 15, 16)]
    + [f"cp{n}" for n in (*range(1250, 1259), 437, 737, 775, 850, 852, 855, 857, 858, 860, 861)]
    + [f"cp{n}" for n in (862, 863, 864, 865, 866, 869, 874, 932, 949, 950, 1125)]
    + [
        "ascii",
        "utf-8",
        "utf-16",
        "utf-16-le",
        "utf-16-be",
        "utf-32",
        "utf-32-le",
        "utf-32-be",
        "koi8-r",
        "koi8-u",
    ]
    + [
        "koi8-t",
        "gb2312",
        "gbk",
        "gb18030",
        "hz",
        "big5",
        "big5hkscs",
        "euc_jp",
        "euc_jis_2004",
        "shift_jis",
    ]
    + [
        "iso2022_jp",
        "iso2022_jp_1",
        "iso2022_jp_2",
        "iso2022_jp_ext",
        "iso2022_jp_2004",
        "iso2022_kr",
    ]
    + [
        "euc_kr",
        "johab",
        "tis-620",
        "mac-roman",
        "mac-cyrillic",
        "mac-greek",
        "mac-latin2",
        "ptcp154",
    ]
)
_SINGLE_OCTET_LATIN = frozenset({"cp1252", "ascii", "iso8859-15", "cp1254"})
_ESCAPE = b"\x1b"
_ISO_2022_JP = (b"\x1b$B", b"\x1b$@", b"\x1b(J", b"\x1b(I", b"\x1b$(D")


def codec_for(label: str | None) -> str | None:
    """Return the codec a charset label asks for, widened; None if it names no charset of mail."""
    name = (label or "").strip().strip("\"'").split(";")[0].strip().lower()[:40]
    name = _SUPERSETS.get(name, name).replace("cp-", "cp")
    try:
        canonical = codecs.lookup(name).name if name.isascii() and name else ""
    except (LookupError, ValueError):
        return None
    return canonical if canonical in _ALLOWED else None


def decode(octets: bytes, label: str | None = None) -> str:
    """Decode a text part. Never raises; what cannot be read becomes U+FFFD."""
    for codec in _candidates(octets, codec_for(label)):
        try:
            return octets.decode(codec)
        except (UnicodeError, ValueError):
            continue
    text = octets.decode(codec_for(label) or "cp1252", "replace")
    if all(character.isascii() or character == "\ufffd" for character in text):
        # The declared codec read no character beyond ASCII at all: it was the wrong one.
        return octets.decode("cp1252", "replace")
    return text


def _candidates(octets: bytes, declared: str | None) -> list[str]:
    """Return the codecs to try, best first, each of them strictly."""
    candidates = []
    if declared in (None, "cp1252", "utf-8") and _shifts(octets):
        candidates.append("iso2022_jp_ext")
    if declared is None or declared in _SINGLE_OCTET_LATIN:
        # Real Latin text is not valid UTF-8 by accident, so valid UTF-8 is no accident.
        candidates.append("utf-8")
    if declared is not None:
        candidates.append(declared)
    candidates.append("utf-8")
    if declared is None:
        candidates.append("cp1252")
    return candidates


def _shifts(octets: bytes) -> bool:
    """Tell whether octets shift to a Japanese set (RFC 1468)."""
    return _ESCAPE in octets and any(sequence in octets for sequence in _ISO_2022_JP)
