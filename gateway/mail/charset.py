"""Which text do these octets stand for, when the label may lie?

The order of evidence is: what the octets prove themselves (a byte order mark; the escapes of
ISO-2022; multi-octet UTF-8), then what was declared, if the octets are valid in it, then what the
page says of itself, then UTF-8 with a few broken octets, and then the letters: which charset would
make the likeliest text, given the mail's encoded words and its writer's language.

A label is overruled only where the letters leave no doubt (``wrong_label``): UTF-8 under another,
one Cyrillic charset under the name of another, a Latin one that hardly any Latin letter stands in.

The trap: a label comes from a stranger, and chooses among charsets only (``charset_labels``).
"""

import codecs
import re
from dataclasses import dataclass
from functools import partial

from gateway.mail.charset_guess import guess
from gateway.mail.charset_labels import (
    EAST_ASIAN,
    SINGLE_OCTET,
    UNDECLARED,
    codec_for,
    label_of,
)
from gateway.mail.charset_shifts import decode_seven_bit
from gateway.mail.misread_utf8 import decode_nearly, mended, paired, sequences
from gateway.mail.wrong_label import drawn_in, is_likelier, is_utf_8, rival_of

__all__ = ["NO_EVIDENCE", "Evidence", "codec_for", "decode"]

_LATIN = frozenset({"cp1252", "ascii", "iso8859-15", "cp1254"})
_BY_DEFAULT = "cp1252"  # what programs say that know no other; who says Latin-5 means it
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_ANY_MARK = tuple(mark for mark, _ in _MARKS)
_WIDE = frozenset(f"utf-{bits}{end}" for bits in (16, 32) for end in ("", "-le", "-be"))
_META = re.compile(
    rb"<(?:meta|\?xml)\b[^<>]{0,300}?(?:charset|encoding)\s{0,9}=\s{0,9}[\"']?\s{0,9}([\w:.-]{2,40})",
    re.IGNORECASE,
)
_HEAD = 4_096
_SMALL_LETTERS = bytes(range(0x41, 0x5B)) + bytes(range(0x61, 0x7B))
_HIGH = bytes(range(0xC0, 0x100))
_SELDOM = bytes(range(0x80, 0xA0))
_MOST_HIGH = 0.5  # of the letters of Latin text, however many umlauts there are
_FEWEST_HIGH = 6
_FEWEST_SEQUENCES = 3  # of UTF-8 that are none by accident
_MOST_BROKEN = 0.02  # of the letters of a text that is what it was declared to be


@dataclass(frozen=True, slots=True)
class Evidence:
    """What tells of a text's charset beside its label.

    ``markup``: it is HTML, and may name its charset. ``labels``: those of the encoded words in the
    same mail (RFC 2047). ``language``: its writer's, as ``pt-BR``; empty if nobody knows.
    """

    markup: bool = False
    labels: tuple[str, ...] = ()
    language: str = ""


NO_EVIDENCE = Evidence()


def decode(octets: bytes, label: str | None = None, evidence: Evidence = NO_EVIDENCE) -> str:
    """Decode a text part. Never raises; what cannot be read becomes U+FFFD."""
    declared = codec_for(label)
    if declared not in _WIDE and octets.isascii():
        return decode_seven_bit(octets, declared, label_of(label))
    marked = octets.startswith(_ANY_MARK)
    if declared == "utf-8" and not marked and (text := _strictly(octets, declared)) is not None:
        return mended(text)  # nearly every mail; what is UTF-8 holds no pairs to be joined
    if marked:
        mark, codec = next(one for one in _MARKS if octets.startswith(one[0]))
        return octets[len(mark) :].decode(codec, "replace")
    if declared not in EAST_ASIAN:
        octets = paired(octets)
    text = _as_declared(octets, None if label_of(label) in UNDECLARED else declared)
    return mended(text) if text is not None else _likeliest(octets, evidence)


def _as_declared(octets: bytes, declared: str | None) -> str | None:
    """Decode octets as they prove themselves, or were declared; None if they are not that."""
    if declared is None or declared in _LATIN or _is_utf_8_after_all(octets, declared):
        # Real Latin text is not valid UTF-8 by accident, so valid UTF-8 is no accident.
        text = _strictly(octets, "utf-8")
        if text is not None or declared is None:
            return text
    if declared in _WIDE:
        return _wide(octets, declared)
    if declared in EAST_ASIAN and is_utf_8(octets):
        return octets.decode("utf-8", "replace")
    text = _strictly(octets, declared)
    if text is None and declared != "utf-8":
        text = _nearly(octets, declared)
    if declared == _BY_DEFAULT and not _is_western(octets) and is_likelier(octets, declared):
        return None
    rival = rival_of(octets, declared) if text is not None else ""
    return octets.decode(rival, "replace") if rival else text


def _nearly(octets: bytes, declared: str) -> str | None:
    """Decode octets of which few are nothing in the declared charset; None if it is another."""
    text = octets.decode(declared, "replace")
    if text.count("\ufffd") > max(1, _MOST_BROKEN * len(text)):
        return None
    if _is_utf_8_after_all(octets, declared) or (declared in _LATIN and _is_double(octets)):
        return None
    return text


def _likeliest(octets: bytes, evidence: Evidence) -> str:
    """Decode octets of which no declared charset is known, or only a wrong one."""
    found = _META.search(octets, 0, _HEAD) if evidence.markup else None
    if found is not None:
        named = codec_for(found[1].decode("ascii", "replace"))
        text = _strictly(octets, named) if named and named not in _WIDE else None
        if text is not None:
            return text
    text = decode_nearly(octets, partial(_guessed, evidence=evidence))
    if text is not None:
        return text
    nulls = octets[:_HEAD].count(0)
    if nulls * 4 >= len(octets[:_HEAD]):
        return _wide(octets, "utf-16")
    return _guessed(octets, evidence)


def _guessed(octets: bytes, evidence: Evidence) -> str:
    named = [codec for label in evidence.labels if (codec := codec_for(label))]
    return octets.decode(guess(octets, named, evidence.language), "replace")


def _strictly(octets: bytes, codec: str) -> str | None:
    try:
        return octets.decode(codec)
    except (UnicodeError, ValueError):
        return None


def _wide(octets: bytes, codec: str) -> str:
    """Decode UTF-16 or UTF-32; without a mark, the end where the zeros are is the big one.

    Without any, it is as RFC 2781 says, 4.3.
    """
    if codec in ("utf-16", "utf-32"):
        size = 2 if codec == "utf-16" else 4
        head = octets[:_HEAD]
        little = head[size - 1 :: size].count(0) > head[0::size].count(0)
        codec += "-le" if little else "-be"
    return octets.decode(codec, "replace")


def _is_utf_8_after_all(octets: bytes, declared: str | None) -> bool:
    """Tell whether a text in a charset of single octets has more UTF-8 in it than by accident."""
    return declared in SINGLE_OCTET and sequences(octets[:_HEAD]) >= _FEWEST_SEQUENCES


def _is_western(octets: bytes) -> bool:
    """Tell whether octets may be Latin text: most of its letters are in ASCII."""
    head = drawn_in(octets[:_HEAD])
    high = len(head) - len(head.translate(None, _HIGH))
    plain = len(head) - len(head.translate(None, _SMALL_LETTERS))
    return high < _FEWEST_HIGH or high <= _MOST_HIGH * (high + plain)


def _is_double(octets: bytes) -> bool:
    """Tell whether octets that Latin text has seldom outnumber its letters beyond ASCII.

    With such octets the letters of East Asia begin.
    """
    head = octets[:_HEAD]
    high = len(head) - len(head.translate(None, _HIGH))
    return len(head) - len(head.translate(None, _SELDOM)) > high
