"""Which parameters has a header, as octets, in every way people's programs write them?

RFC 2231 cuts a long value into numbered sections and writes octets as ``%XX`` behind a charset; it
is written with sections out of order or missing, with some encoded and some not, and without the
charset. RFC 2045 asks for quotes around blanks, which are left out, and semicolons, too.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message
from functools import cache, lru_cache
from urllib.parse import unquote_to_bytes

LONGEST = 16_000
_MOST = 500
_NAME = re.compile(r"[;\s]\s{0,99}([A-Za-z][A-Za-z0-9-]{0,40})((?:\*\d{0,3}\*?)?)\s{0,99}=\s{0,99}")
# A letter of raw ISO-2022-JP may be a quote or a backslash between its escapes (RFC 1468).
_SHIFTED = r"\x1b\$[@B][!-~]{0,400}\x1b\([BJ]"
_QUOTED = re.compile(rf'"((?:{_SHIFTED}|[^"\\]|\\.){{0,16000}}+)(?:"|\Z)', re.DOTALL)
_BARE = re.compile(r"[^;]{0,16000}")
_PAIR = re.compile(rf'({_SHIFTED})|\\(["\\])')
_NEXT = re.compile(r"\s[A-Za-z][A-Za-z0-9-]{0,40}(?:\*\d{0,3}\*?)?=")


@dataclass(frozen=True, slots=True)
class Value:
    """A parameter's octets, and the charset it names itself (RFC 2231, 4); empty if none."""

    octets: bytes
    charset: str = ""
    encoded: bool = False


@dataclass(frozen=True, slots=True)
class _Section:
    """One section: its number, -1 where it is the whole value, and whether it is encoded."""

    number: int
    encoded: bool
    text: str


def header_of(part: Message, name: str) -> str:
    """Return a part's first header of a name as it came, on one line; octets as surrogates."""
    for one, raw in part.raw_items():
        if one.lower() == name:
            return " ".join(str(raw)[:LONGEST].split())
    return ""


@lru_cache(maxsize=256)  # programs write few different headers, and each is asked several times
def parameter(header: str, name: str) -> str | None:
    """Return a parameter whose value is a plain word, such as a charset; None if there is none."""
    if name not in header and name not in header.lower():
        return None
    if (usual := _usual(name).search(header)) is not None:
        return usual.group(1)
    found = values(header, name)
    return found[0].octets.decode("ascii", "replace").strip() if found else None


@cache
def _usual(name: str) -> re.Pattern[str]:
    """Return a pattern of how nearly every program writes a plain word: the rest is for others."""
    return re.compile(
        rf"^[a-z]{{1,20}}/[a-z]{{1,20}}; {name}=\"?([A-Za-z0-9_.-]{{1,40}})\"?(?:;|\Z)"
    )


def values(header: str, name: str) -> list[Value]:
    """Return what is said of a parameter, the best writing first: encoded, in sections, plain."""
    sections = [one for found, one in _sections(header[:LONGEST]) if found == name]
    whole = [_value([one]) for one in sections if one.number < 0 and one.encoded]
    numbered = sorted((one for one in sections if one.number >= 0), key=lambda one: one.number)
    plain = [_value([one]) for one in sections if one.number < 0 and not one.encoded]
    return [*whole, *([_value(numbered)] if numbered else []), *plain]


def _sections(header: str) -> Iterator[tuple[str, _Section]]:
    """Yield each parameter's name in lower case and what is said of it."""
    at = 0
    for _ in range(_MOST):
        found = _NAME.search(header, at)
        if found is None:
            return
        text, at = _text(header, found.end())
        mark = found.group(2)
        digits = mark.strip("*")
        encoded = mark.endswith("*") and mark != ""
        yield found.group(1).lower(), _Section(int(digits) if digits else -1, encoded, text)


def _text(header: str, at: int) -> tuple[str, int]:
    """Return a value and where it ends: at its quote, at a semicolon, or before the next name."""
    quoted = _QUOTED.match(header, at)
    if quoted is not None:
        return _PAIR.sub(r"\1\2", quoted.group(1)), quoted.end()
    bare = _BARE.match(header, at)
    text = bare.group() if bare is not None else ""
    following = _NEXT.search(text)
    text = text[: following.start()] if following is not None else text
    return text.strip().strip('"'), at + len(text)


def _value(sections: list[_Section]) -> Value:
    """Join sections: the first that is encoded names the charset (RFC 2231, 4.1)."""
    charset, octets = "", b""
    encoded = any(one.encoded for one in sections)
    for at, one in enumerate(sections):
        text = one.text
        if one.encoded and at == 0 and text.count("'") >= 2:  # charset'lang'text
            charset, _, rest = text.partition("'")
            text = rest.partition("'")[2]
        written = text.encode("utf-8", "surrogateescape")
        octets += unquote_to_bytes(written) if one.encoded else written
    return Value(octets, charset.strip(), encoded)
