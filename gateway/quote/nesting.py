"""How deep may HTML nest, and how long may a tag be, before it is somebody's attack?

HTML parsers answer each start tag with a walk up the open elements, and each attribute with a walk
along those before it: 50,000 unclosed pairs take lexbor half a minute, 100,000 attributes more than
one. The text is cut where it passes a limit; what stands there is history, never a reply.

The trap: what counts as a tag must be what a parser may take for one, so quotes and slashes inside
a tag are counted as if each began an attribute.
"""

import re
from collections import defaultdict

MAX_DEPTH = 300
MAX_ATTRIBUTES = 1_000
# A tag to its end, or to the end of the text: every character is consumed once, so this is linear.
_TAG = re.compile(
    r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})(?:[^>\"']++|\"[^\"]*+(?:\"|\Z)|'[^']*+(?:'|\Z))*+(?:>|\Z)"
)
_SEPARATOR = re.compile(r"[\s/=\"']+")
_INLINE_DATA = re.compile(r"data:[a-zA-Z0-9/+.;=-]{0,100},[A-Za-z0-9+/=%]*")
# Below these sizes even the worst markup is cheap.
_FEW = 1_000
_SHORT = 12_000
_VOID = "area base br col embed hr img input link meta param source track wbr p li dt dd option"
_CLOSE_THEMSELVES = frozenset(_VOID.split())


def bounded(markup: str) -> tuple[str, str]:
    """Return the markup up to where it passes a limit, and the rest; mostly there is none."""
    if len(markup) <= _SHORT and markup.count("<") <= _FEW:
        return markup, ""
    markup = _INLINE_DATA.sub("data:", markup)
    unclosed: defaultdict[str, int] = defaultdict(int)
    depth = 0
    for found in _TAG.finditer(markup):
        start, end = found.span()
        if end - start > MAX_ATTRIBUTES and _too_many_attributes(found.group()):
            return markup[:start], markup[start:]
        closes, name = found.groups()
        name = name.lower()
        if name in _CLOSE_THEMSELVES:
            continue
        if not closes:
            unclosed[name] += 1
            depth += 1
            if depth > MAX_DEPTH:
                return markup[:start], markup[start:]
        elif unclosed[name] > 0:
            # An end tag that opens nothing is ignored by parsers, so it must not be counted.
            unclosed[name] -= 1
            depth -= 1
    return markup, ""


def has_letters(rest: str) -> bool:
    """Tell whether there is a letter or a digit in markup beside its tags."""
    return any(map(str.isalnum, _TAG.sub(" ", rest)))


def _too_many_attributes(tag: str) -> bool:
    return sum(1 for _ in _SEPARATOR.finditer(tag)) > MAX_ATTRIBUTES
