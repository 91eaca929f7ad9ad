"""Take our secrets out of a text: reply and opt-out addresses, and the links we sign.

Whoever holds a reply address may write as its owner, so one that a reader quoted back, or that
an error names, must be shown to nobody. A token is 44 or 48 characters of base32 (``core.address``,
``core.files.link``). It is found in addresses of either form, in links, also those that a mail
filter wrapped into its own, encoded for URLs (%2B), quoted-printable (=2B) and HTML (&#43;), broken
over lines or by what nobody sees, and bare. Linear: no pattern nests a repetition in a repetition
without an end.
"""

import re
from binascii import a2b_base64
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from core.nested_encodings import MOST_ENCODINGS, views

HIDDEN = "[address removed]"

# Where a page or a mail program lets a long word break, unseen: as HTML says it, and as it is.
UNSEEN_IN_HTML = (
    *("<wbr>", "<wbr >", "<wbr/>", "<wbr />", "&shy;", "&#173;", "&#xad;", "&zwnj;", "&zwj;"),
    *("&nobreak;", "&zerowidthspace;", "&#8203;", "&#8204;", "&#8205;", "&#8288;", "&#65279;"),
    *("&#x200b;", "&#x200c;", "&#x200d;", "&#x2060;", "&#xfeff;"),
)
_UNSEEN = r"[\u00ad\u200b-\u200d\u2060\ufeff]|=c2=ad|=e2=80=8[b-d]"

SHORTEST = 44  # signs of a token
_LONGEST = 48
_PIECE, _SHARED = 1024 * 1024, 64 * 1024  # no token, however broken and encoded, is as long
_LAST = "aq"  # 27 octets end in four bits that say nothing (RFC 4648, 6)
_SIGN = "[a-z2-7]"
# A line that was broken within a token: soft (RFC 2045, 6.7), quoted, or for the eye.
_BREAK = rf"(?:=?\r?\n(?:> ?){{0,4}}|{'|'.join(UNSEEN_IN_HTML)}|{_UNSEEN})"
_NEXT = rf"(?:{_SIGN}|{_BREAK}{_SIGN})"
# What stands in the next line of one that is whole is another word.
_TOKEN = rf"{_SIGN}{_NEXT}{{43}}(?:{_SIGN}{_NEXT}{{3}}|{_SIGN}{{0,3}})"
_PLUS = r"(?:[+.]|%(?:25)?2b|=2b|&#43;|&#x2b;|&plus;)"
_AT = r"(?:@|%(?:25)?40|=40|&#64;|&#x40;|&commat;)"
_EDGE = r"(?:(?<![a-z0-9])|(?<=[%=][0-9a-f]{2}))"
_PURPOSE = "[rbu]"

_URL = re.compile(r"https?://[^\s<>\"')\]]+", re.IGNORECASE)
_IN_URL = re.compile(rf"(?:[/=_-]|%(?:25)?2f){_SIGN}{{44,48}}(?![a-z0-9])", re.IGNORECASE)
_LINK = re.compile(
    rf"/[ufhps]/{_BREAK}?(?P<token>{_TOKEN})(?![a-z0-9])[^\s<>\"')\]]{{0,300}}",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    rf"{_PURPOSE}{_BREAK}?{_PLUS}{_BREAK}?(?P<token>{_TOKEN})(?![a-z0-9])"
    rf"(?:{_BREAK}?{_AT}[a-z0-9.-]{{1,253}})?",
    re.IGNORECASE,
)
# A word of this length without a digit may be somebody's cry of joy.
_BARE = re.compile(
    rf"{_EDGE}(?=[a-z]{{0,47}}[2-7]){_SIGN}{{44}}(?:{_SIGN}{{4}})?(?![a-z0-9])", re.IGNORECASE
)


# One that white space was put into: checked for how our tokens end, and for the digits they have.
_SPACED = re.compile(
    rf"(?:/[ufhps]/|(?<![a-z0-9])[rbu]{_PLUS})({_SIGN}{{4,40}}(?:\s{{1,8}}{_SIGN}{{4,40}}){{1,3}})",
    re.IGNORECASE,
)
# One whose escapes have lost their sign, as in the name of a file.
_GLUED = re.compile(
    rf"(?:2f[ufhps]2f|(?:(?<![a-z0-9])|3a|3c)[rbu]2b){_SIGN}{{44}}(?:{_SIGN}{{4}})?(?:40|(?![a-z0-9]))",
    re.IGNORECASE,
)
_FEWEST_DIGITS = 2
# A code that is begun at a wrong place says nothing of this length that is text.
_SOME_TEXT = re.compile(r"[\t\r\n -~\u00ad\u200b-\u200f\u2060-\u2064\ufeff]{24}")
_TEXT_OCTETS = b"\t\r\n\xc2\xad\xe2\x80\x81\xef\xbb\xbf" + bytes(
    (*range(0x20, 0x7F), *range(0x8B, 0x90), *range(0xA0, 0xA5))
)
_TEXT_SHAPE = bytes(0x61 if octet in _TEXT_OCTETS else 0x20 for octet in range(256))
_ANY_TEXT = b"a" * 24
_CODE = re.compile(r"[A-Za-z0-9+/_-]{60,}")
# A JWT (RFC 7519) by HS256, as ``{{link.token}}`` is; each of its lines alone may say nothing.
_JWT_SIGN = rf"(?:[A-Za-z0-9_-]|(?i:{_BREAK})[A-Za-z0-9_-])"
_JWT_DOT = rf"(?i:{_BREAK})?\."
_JWT = re.compile(
    rf"(?<![A-Za-z0-9_-])e(?i:{_BREAK})?y(?i:{_BREAK})?J{_JWT_SIGN}{{30,60}}+{_JWT_DOT}"
    rf"{_JWT_SIGN}{{60,3900}}+{_JWT_DOT}{_JWT_SIGN}{{43}}"
)
_BREAKS = re.compile(_BREAK, re.IGNORECASE)
_STANDARD = str.maketrans("-_", "+/")
_HEX = re.compile(r"(?:[0-9a-f]{2}){50,}", re.IGNORECASE)
_CODES = (_CODE, _HEX, _JWT)
# What carries a token that is encoded: a whole link, or what stands between blanks and brackets.
_WORD = re.compile(
    r"https?://[^\s<>\"')\]]+"
    r"|(?:[^\s<>\"'()\[\]{},|;&]|&(?:#?[A-Za-z0-9]{1,31};)?)+",  # the ";" of an entity is no border
    re.IGNORECASE,
)
# What a cheap look at the octets asks: signs of a token, or of a code, in a row.
_ALPHABET = b"abcdefghijklmnopqrstuvwxyz234567"
_SHAPE = bytes(0x61 if octet in _ALPHABET else 0x20 for octet in range(256))
_UNSEEN_OCTETS = b"=\r\n>" + bytes(range(0x80, 0x100))  # what is not ASCII may be a break, too
_CODED = (b"=c2=ad", b"=e2=80=8b", b"=e2=80=8c", b"=e2=80=8d")
_MARKS = (b"> ", *_CODED, *(mark.encode() for mark in UNSEEN_IN_HTML))
_ANY_TOKEN = b"a" * SHORTEST
_CODE_SIGNS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"
_CODE_SHAPE = bytes(0x61 if octet in _CODE_SIGNS else 0x20 for octet in range(256))
_ANY_CODE = b"a" * 60  # the shortest address, of 46 octets
_SPACED_OCTETS = re.compile(  # what it may begin with comes first, which the library finds fast
    rb"[/rbu](?:(?<=/)[ufhps]/|(?<=[rbu])(?:[+.]|%2b|&#43;))[a-z2-7]{4,40}\s{1,8}[a-z2-7]{4}"
)
_MARKED = (b"&", b"<", b"> ", b"=c2", b"=e2")  # without these there is none of the marks
_PATTERNS = (_URL, _LINK, _ADDRESS, _BARE, _SPACED, _GLUED)


@dataclass(slots=True)
class _Budget:
    """How many octets of codes within codes may still be looked at."""

    left: int


def scrub(text: str) -> str:
    """Return the text with every token of ours, and what carries it, removed."""
    if len(text) < SHORTEST:
        return text
    out, last = StringIO(), 0  # a list of what stands between the tokens of a file is as large
    for start, stop in _pieces(text):
        for begin, end in sorted(_found(text[start : stop + _SHARED])):
            if start + begin >= stop:
                break  # the next piece has it whole
            if start + begin >= last:
                out.write(text[last : start + begin] + HIDDEN)
            last = max(last, start + end)
    out.write(text[last:])
    return out.getvalue()


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield where the pieces of a text begin and end: all of it, but for a long file.

    Its views and what is found in them take ten times the room. A piece ends with a line if it can,
    so that no half of a word looks like a token.
    """
    start = 0
    while len(text) - start > _PIECE + _SHARED:
        line_end = text.rfind("\n", start + _PIECE - _SHARED, start + _PIECE) + 1
        end = line_end or start + _PIECE
        yield start, end
        start = end
    yield start, len(text)


def _found(text: str) -> list[tuple[int, int]]:
    """Return where tokens stand, and what carries them; in no order, and they may overlap."""
    plain: list[tuple[int, int]] = []
    coded: list[tuple[int, int]] = []
    for at, found in _ranges(text, _Budget(8 * len(text)), 0):
        (coded if at else plain).append(found)
    known = set(plain)
    words = [one for one in coded if one not in known]
    return plain + (_whole_words(text, words) if words else [])


def _ranges(text: str, budget: _Budget, depth: int) -> Iterator[tuple[int, tuple[int, int]]]:
    """Yield where a token stands in a text, and behind how many encodings of at most five."""
    for at, view in enumerate(views(text)):
        octets = view.text.encode("utf-8", "surrogatepass")
        for pattern in _PATTERNS if has_run(octets) else ():
            for found in pattern.finditer(view.text):
                if _is_token(found):
                    where = view.source(*_carrier(found)) if at else found.span()
                    yield at or found.re is _GLUED, where
        if depth == MOST_ENCODINGS or not has_code(octets):
            continue
        for found in (one for code in _CODES for one in code.finditer(view.text)):
            if any(_holds(inner, budget, depth) for inner in _inside(found, budget)):
                yield at + 1, view.source(*found.span())


def has_run(octets: bytes) -> bool:
    """Tell at little cost whether a text may hold a token, whole or broken."""
    whole = _without_marks(octets.lower())
    if _ANY_TOKEN in whole.translate(_SHAPE, _UNSEEN_OCTETS):
        return True
    return _SPACED_OCTETS.search(whole) is not None


def has_code(octets: bytes) -> bool:
    """Tell at little cost whether a text has base64 or hexadecimal digits that may hold a link."""
    whole = _without_marks(octets)
    return _ANY_CODE in whole.translate(_CODE_SHAPE, _UNSEEN_OCTETS)


def _without_marks(octets: bytes) -> bytes:
    """Return octets without what may break a token and is more than one octet."""
    if any(mark in octets for mark in _MARKED):
        for mark in _MARKS:
            octets = octets.replace(mark, b"")
    return octets


def _carrier(found: re.Match[str]) -> tuple[int, int]:
    """Return where a token stands, without what follows it.

    Where a link ends in "=", as some filters' do, the next line may seem to go on with it.
    """
    if found.re is _URL:
        inner = _IN_URL.search(found[0])
        return (found.start() + inner.start(), found.start() + inner.end()) if inner else (0, 0)
    return found.start(), found.end("token") if "token" in found.re.groupindex else found.end()


def _is_token(found: re.Match[str]) -> bool:
    """Tell whether what matched is a token, where its pattern alone does not say so."""
    if found.re is _URL:
        return _IN_URL.search(found[0]) is not None
    if found.re is not _SPACED:
        return True
    signs = ""
    for piece in found[1].split():
        signs += piece.lower()
        if len(signs) in (SHORTEST, _LONGEST):
            ends = len(signs) == _LONGEST or signs[-1] in _LAST
            return ends and sum(sign.isdigit() for sign in signs) >= _FEWEST_DIGITS
    return False


def _inside(found: re.Match[str], budget: _Budget) -> Iterator[str]:
    """Yield what a run of base64 (RFC 4648, 4 and 5) or of hexadecimal digits may say.

    Where in the run the code begins is not told, so each of its four beginnings is tried. What is
    no text is not decoded: that is seen at little cost, and most files hold nothing else.
    """
    for octets in _undone(found, budget):
        if _ANY_TEXT in octets.translate(_TEXT_SHAPE):
            yield octets.decode("utf-8", "replace")


def _undone(found: re.Match[str], budget: _Budget) -> Iterator[bytes]:
    if found.re is _HEX:
        budget.left -= len(found[0])
        yield bytes.fromhex(found[0])
        return
    if found.re is _JWT:
        for part in _CODE.finditer(_BREAKS.sub("", found[0])):
            yield from _undone(part, budget)
        return
    signs = found[0].translate(_STANDARD)
    for start in range(4):
        budget.left -= len(signs)
        if budget.left < 0:
            return
        end = start + (len(signs) - start) // 4 * 4
        yield a2b_base64(signs[start:end] + (signs[end:] + "==" if len(signs) - end > 1 else ""))


def _holds(text: str, budget: _Budget, depth: int) -> bool:
    """Tell whether what a code says holds a token. Begun at a wrong place, it is no text."""
    if _SOME_TEXT.search(text) is None:
        return False
    return any(True for _ in _ranges(text, budget, depth + 1))


def _whole_words(text: str, ranges: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Widen ranges to the links and words they stand in."""
    words = [one.span() for one in _WORD.finditer(text)]
    starts = [start for start, _ in words]
    out: list[tuple[int, int]] = []
    for start, end in ranges:
        first = words[max(0, bisect_right(starts, start) - 1)]
        last = words[max(0, bisect_right(starts, end - 1) - 1)]
        out.append((first[0] if start < first[1] else start, max(end, last[1])))
    return out
