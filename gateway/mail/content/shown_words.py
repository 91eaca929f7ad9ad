"""Has a part words in it, and are they the same as another's?

Asked only where the form of a mail leaves open which part is meant, so nearly never.
"""

import re
from html import unescape

from gateway.mail.invisible import without_invisible_ends

_UNSHOWN = tuple(
    (re.compile(opens, re.IGNORECASE), re.compile(closes, re.IGNORECASE))
    for opens, closes in (
        ("<!--", "-->"),
        (r"<style\b", r"</style\s{0,9}>"),
        (r"<script\b", r"</script\s{0,9}>"),
        (r"<head\b", r"</head\s{0,9}>"),
    )
)
_TAG = re.compile(r"<[a-z!/?][^<>]{0,20000}>", re.IGNORECASE)
_LOOKED_AT = 200_000


def letters(text: str, *, markup: bool) -> str:
    """Return the letters and digits of a text or of HTML, in small letters, 200,000 at most."""
    return "".join(sign for sign in shown(text, markup=markup).casefold() if sign.isalnum())


def has_words(text: str, *, markup: bool) -> bool:
    """Tell whether something is said: a letter, a digit, or a sign such as an emoji."""
    return bool(without_invisible_ends(shown(text, markup=markup)))


def without(text: str, opens: re.Pattern[str], closes: re.Pattern[str]) -> str:
    """Return a text without what stands between two marks, and these. Linear."""
    kept, at = [], 0
    while (first := opens.search(text, at)) and (last := closes.search(text, first.end())):
        kept.append(text[at : first.start()])
        at = last.end()
    return "".join([*kept, text[at:]])


def shown(text: str, *, markup: bool) -> str:
    """Return what a text or HTML shows, of its first 200,000 letters."""
    text = text[:_LOOKED_AT]
    if not markup:
        return text
    for opens, closes in _UNSHOWN:
        text = without(text, opens, closes)
    return unescape(_TAG.sub(" ", text))
