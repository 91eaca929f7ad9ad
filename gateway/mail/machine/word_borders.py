"""Does a phrase stand in a text as words of its own, and not within longer ones?

A word goes on with letters, digits and vowel signs. Scripts that leave no space between words, or
append to them what they mean there (Hangul), have no borders to ask for.

The trap: Hebrew and Arabic write "and", "in", "to" as one letter at the next word's front, so a
letter or two of that kind before a phrase are words of their own.
"""

import re
import unicodedata
from collections.abc import Iterator

# Thai, Lao, Burmese, Hangul, Khmer, Han and kana; of the text as ``fold`` has decomposed it.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f"
    "\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]"
)
_PREFIXED = frozenset("ובהכלמשوفبلك")  # Hebrew, Arabic
_MOST_PREFIXED = 2


def stands_in(phrase: str, text: str) -> bool:
    """Tell whether a folded phrase stands in a folded text as words."""
    return next(places_of(phrase, text), None) is not None


def places_of(phrase: str, text: str) -> Iterator[int]:
    """Yield where a folded phrase ends, for each time it stands in a folded text as words."""
    at = text.find(phrase)
    while at >= 0:
        end = at + len(phrase)
        if _begins_word(text, at) and not _is_within(text, end):
            yield end
        at = text.find(phrase, at + 1)


def _begins_word(text: str, at: int) -> bool:
    if not _is_within(text, at):
        return True
    start = at
    while start > max(at - _MOST_PREFIXED, 0) and text[start - 1] in _PREFIXED:
        start -= 1
    return start < at and not _is_within(text, start)


def _is_within(text: str, at: int) -> bool:
    """Tell whether a word goes on over a place in a text."""
    return 0 < at < len(text) and _goes_on(text[at - 1]) and _goes_on(text[at])


def _goes_on(one: str) -> bool:
    return unicodedata.category(one)[0] in "LNM" and not _UNSPACED.match(one)
