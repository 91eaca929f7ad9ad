"""Did a device or a program write this line: "Sent from my iPhone"?

The trap: people write such words themselves. "Sent from my desk, so I can type" has a clause after
it, "This email was sent from our system" has more than a tagline says. Only a short line that
stands alone, starts or ends as taglines do and names a product (or "my" device) is one.
"""

import re
from functools import cache

from gateway.quote.line import Line, asked_once
from gateway.quote.words import beginning, pattern, phrases, stems, words

_LINK = re.compile(r"\[([^\]\n]{0,200})\]\([^)\n]{0,300}\)")
_CLAUSE = re.compile(r",\s*|\.\s+")
_EDGES = " .!*_-~[]()<>\u3002\uff0e"
_LONGEST = 90
_MOST_WORDS = 9


@asked_once
def is_tagline(line: Line) -> bool:
    """Whether the line is a default signature."""
    if not 4 < len(line.bare) <= _LONGEST + 60 or line.depth:
        return False
    text = line.folded
    if "](" in text:
        text = _LINK.sub(r"\1", text)
    text = text.strip(_EDGES)
    text = text.split("<")[0].split("http")[0].strip(_EDGES)
    clause = _CLAUSE.search(text)
    head = (text[: clause.start()] if clause else text).strip()
    rest = text[clause.end() :].strip() if clause else ""
    if not head or len(text) > _LONGEST or head.count(" ") >= _MOST_WORDS + 3:
        return False
    if rest and not rest.startswith(phrases("taglines", "polite")):
        return False
    return _starts_as_one(head) or (head.count(" ") < _MOST_WORDS and _cue_and_product(head))


def _starts_as_one(text: str) -> bool:
    """Whether it starts as taglines do, and names a product or a device of "mine"."""
    if beginning("taglines", "mine", text):
        return True
    return beginning("taglines", "starts", text) is not None and _names_product(text)


def _names_product(text: str) -> bool:
    """Whether a product is named."""
    return stems("taglines", "products", text).search(text) is not None


def _cue_and_product(text: str) -> bool:
    """Whether the first or last word says sent or get, and a product is named."""
    said = text.split()
    cues, joined = words("taglines", "cues"), _unspaced_cues()
    cued = said[0] in cues or said[-1].strip("()") in cues
    if not cued and not text.startswith(joined) and not text.endswith(joined):
        return False
    named = stems("taglines", "products", text).finditer(text)
    if all(found.group() in words("taglines", "ordinary") for found in named):
        return False
    return pattern("taglines", "spoken", text).search(text) is None


@cache
def _unspaced_cues() -> tuple[str, ...]:
    """Return the cues that scripts without spaces, or endings, join to the product's name."""
    return tuple(cue for cue in words("taglines", "cues") if len(cue) >= 2 and not cue.isascii())
