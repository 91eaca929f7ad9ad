"""How is a subject read for comparison: without case, accents and tags, and where does it begin?"""

import re
import unicodedata

_LONGEST = 200
_MOST_TAGS = 3
_DOTLESS_I, _APOSTROPHE = "\u0131", "\u2019"
# What gateways and machines put before a subject: [EXTERNAL], [Ticket #4711], 【…】.
_TAG = re.compile(r"[\[【(]([^\[\]【】()]{1,60})[\]】)] ?")


def fold(text: str, longest: int = _LONGEST) -> str:
    """Return a text without regard to case, accents, width and spaces, cut to ``longest``."""
    text = text[:longest]
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(one for one in decomposed if not unicodedata.combining(one))
        text = text.replace(_DOTLESS_I, "i").replace(_APOSTROPHE, "'")
    return " ".join(text.lower().split())


def beginnings(folded: str) -> tuple[str, ...]:
    """Return where a folded subject may be said to begin: at its start, in and after each tag."""
    starts = [folded]
    for _ in range(_MOST_TAGS):
        tag = _TAG.match(folded)
        if tag is None:
            break
        folded = folded[tag.end() :]
        starts += [tag.group(1).strip(), folded]
    return tuple(starts)
