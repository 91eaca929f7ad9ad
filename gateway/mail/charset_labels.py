"""Which codec does a charset label ask for, as labels are really written?

A label is widened to the superset that senders really mean (gb2312 says gb18030). The trap:
Python's codec registry also holds codecs that are no charsets (unicode_escape, idna, utf-7, hex,
zlib). A charset label comes from a stranger, so only the names below are ever asked.
"""

import codecs
from functools import lru_cache

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
    "iso-8859-6-i": "iso8859-6",
    "iso-8859-6-e": "iso8859-6",
    "x-mac-cyrillic": "mac-cyrillic",
    "x-mac-ukrainian": "mac-cyrillic",
    "macintosh": "mac-roman",
    "x-mac-roman": "mac-roman",
    "dos-866": "cp866",
    "dos-862": "cp862",
    "koi8": "koi8-r",
    "koi8r": "koi8-r",
    "koi": "koi8-r",
    "x-koi8-r": "koi8-r",
    "ansi": "cp1252",
    "x-ansi": "cp1252",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "win-1250": "cp1250",
    "win-1251": "cp1251",
    "win-1252": "cp1252",
    "windows1250": "cp1250",
    "windows1251": "cp1251",
    "windows1252": "cp1252",
    "cn-big5": "big5hkscs",
    "x-x-big5": "big5hkscs",
    "cn-gb": "gb18030",
    "x-euc-cn": "gb18030",
    "windows-936": "gb18030",
    "chinese": "gb18030",
    "hz-gb-2312": "hz",
    "x-euc-jp": "euc_jp",
    "x-euc-kr": "cp949",
    "korean": "cp949",
    "windows-949": "cp949",
    "iso-2022-jp-ms": "iso2022_jp_ext",
    "cp50220": "iso2022_jp_ext",
    "x-utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-8n": "utf-8",
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
# One octet a letter: nearly any octets are valid in them.
SINGLE_OCTET = frozenset(
    one
    for one in _ALLOWED
    if one.startswith(("iso8859", "cp12", "koi8", "mac", "tis", "ptcp"))
    or one in {f"cp{n}" for n in (437, 737, 775, 850, 852, 855, 857, 858, 860, 861, 862, 863, 864)}
    or one in {"cp865", "cp866", "cp869", "cp874", "cp1125", "ascii"}
)
# Two octets or more for most letters.
EAST_ASIAN = frozenset(
    {"gb2312", "gbk", "gb18030", "big5", "big5hkscs", "cp950", "euc_kr", "cp949", "johab"}
    | {"euc_jp", "euc_jis_2004", "shift_jis", "cp932"}
)
# Labels that say nothing of octets beyond ASCII.
UNDECLARED = frozenset({"us-ascii", "ascii", "ansi_x3.4-1968", "default", "x-unknown", "unknown"})


@lru_cache(maxsize=256)
def label_of(label: str | None) -> str:
    """Return a label in small letters, without quotes and what was put behind it."""
    name = (label or "").strip().strip("\"'").split(";")[0].split(",")[0]
    return name.strip().strip("\"'").strip().lower()[:40]


@lru_cache(maxsize=256)
def codec_for(label: str | None) -> str | None:
    """Return the codec a charset label asks for, widened; None if it names no charset of mail."""
    name = label_of(label)
    name = _SUPERSETS.get(name, name).replace("cp-", "cp")
    try:
        canonical = codecs.lookup(name).name if name.isascii() and name else ""
    except (LookupError, ValueError):
        return None
    return canonical if canonical in _ALLOWED else None
