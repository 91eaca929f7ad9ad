"""Which charset is a text really in that its label calls by the name of another?

A gateway puts the label of its country on UTF-8; a program writes KOI8 and says windows-1251, or
the charset of Prague and says that of Paris. The octets are valid in both, so it is the letters
that tell, and a label is only overruled where they leave no doubt.

The trap: a few letters are never without doubt. Real GBK may be valid UTF-8 (two of its letters
make two of UTF-8), and an abbreviation in capitals reads as well in KOI8 as in windows-1251.
"""

import math
import re

from gateway.mail.charset_guess import costs_in, guess, unlikelihood_in
from gateway.mail.charset_labels import EAST_ASIAN

_LONG = re.compile(rb"[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")  # RFC 3629, 4
_SHORT = re.compile(rb"[\xc2-\xdf][\x80-\xbf]")
_HALF = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{0,2}\s{0,4}\Z")
_WITHIN_WORD = re.compile(
    rb"(?:(?<=[A-Za-z])[\xc3-\xc6][\x80-\xbf]|[\xc3-\xc6][\x80-\xbf](?=[a-z]))"
)
_FEWEST_LONG = 2  # letters of three octets or more that stand for proof
_FEWEST_SHORT = 6  # different ones of two octets: more than ideographs make by accident
_FEWEST_IN_WORDS = 3  # of two octets, each beside a letter of ASCII
_LOOKED_AT = 100_000
_SAMPLE = 120
_REPEATED = re.compile(rb"([\x80-\xff])\1{2,}")
_MARGIN = 20.0  # natural logarithms
_MARGIN_AN_OCTET = 1.0
_USUAL = 3.2  # what a letter costs at most in nearly every text that is what its label says
_MARGIN_OF_A_GUESS = 22.0
_MARGIN_OF_PAIRS = 12.0  # of a charset in which two octets are a letter
_HIGH = bytes(range(0x80, 0x100))
_CYRILLIC = ("cp1251", "koi8-r", "koi8-u", "iso8859-5", "cp866", "mac-cyrillic")
# Which charsets are written under a label. A program that knows no other says windows-1252.
_RIVALS = {
    **{one: tuple(other for other in _CYRILLIC if other != one) for one in _CYRILLIC},
    "cp1252": ("cp1250", "iso8859-2", "cp1254", "cp1257"),
}
_FEWEST = {"cp1252": 2}
_FEWEST_CYRILLIC = 6


def is_utf_8(octets: bytes) -> bool:
    """Tell whether octets that are called a charset of East Asia are UTF-8 by more than accident.

    Half a letter may stand at their end.
    """
    octets = _HALF.sub(b"", octets[:_LOOKED_AT])
    try:
        octets.decode("utf-8")
    except UnicodeDecodeError:
        return False
    if len(_LONG.findall(octets)) >= _FEWEST_LONG:
        return True
    short = _SHORT.findall(octets)
    if len(set(short)) >= _FEWEST_SHORT:
        return True
    return len(short) >= _FEWEST_IN_WORDS and len(_WITHIN_WORD.findall(octets)) == len(short)


def rival_of(octets: bytes, declared: str) -> str:
    """Return the codec that the letters speak for, clearly, against the declared; else nothing."""
    rivals = _RIVALS.get(declared, ())
    sample = _sampled(octets) if rivals else b""
    high = len(sample) - len(sample.translate(None, _HIGH))
    if not rivals or high < _FEWEST.get(declared, _FEWEST_CYRILLIC):
        return ""
    own = math.inf
    for cost in costs_in(sample, declared):
        if cost <= _USUAL * len(sample):
            return ""  # usual in one language is enough: the others need not be tried
        own = min(own, cost)
    cost, best = min((unlikelihood_in(sample, one), one) for one in rivals)
    return best if own - cost >= max(_MARGIN, _MARGIN_AN_OCTET * high) else ""


def is_likelier(octets: bytes, declared: str) -> bool:
    """Tell whether the letters clearly speak for what is guessed, against the declared codec."""
    sample = _sampled(octets)
    guessed = guess(sample)
    margin = unlikelihood_in(sample, declared) - unlikelihood_in(sample, guessed)
    return margin >= (_MARGIN_OF_PAIRS if guessed in EAST_ASIAN else _MARGIN_OF_A_GUESS)


def drawn_in(octets: bytes) -> bytes:
    """Return octets with letters that are drawn out ("ooooh") written once: they tell no more."""
    return _REPEATED.sub(rb"\1", octets)


def _sampled(octets: bytes) -> bytes:
    """Return the first words that are beyond ASCII, and what stands between them."""
    lines = [line for line in octets[:_LOOKED_AT].split(b"\n") if not line.isascii()]
    sample = drawn_in(b"\n".join(lines)[: 2 * _SAMPLE])
    if len(sample) <= _SAMPLE:
        return sample
    blank = sample.rfind(b" ", _SAMPLE // 2, _SAMPLE)
    return sample[: blank if blank > 0 else _SAMPLE]
