"""How deep may HTML nest before it is somebody's attack?

HTML parsers answer each start tag with a walk up the open elements, so depth times length is what
they cost: 50,000 unclosed pairs take lexbor half a minute. The text is cut where the depth passes
the limit; what stands that deep is history, never a reply.
"""

import re
from collections import Counter

MAX_DEPTH = 300
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:]{0,20})")
# Below this many tags even the worst nesting is cheap.
_FEW = 1_000
_VOID = "area base br col embed hr img input link meta param source track wbr p li dt dd option"
_CLOSE_THEMSELVES = frozenset(_VOID.split())


def bounded(markup: str) -> tuple[str, bool]:
    """Return the markup, cut before the depth limit, and whether it was cut."""
    if markup.count("<") <= _FEW:
        return markup, False
    unclosed: Counter[str] = Counter()
    depth = 0
    for found in _TAG.finditer(markup):
        name = found.group(2).lower()
        if name in _CLOSE_THEMSELVES:
            continue
        if not found.group(1):
            unclosed[name] += 1
            depth += 1
            if depth > MAX_DEPTH:
                return markup[: found.start()], True
        elif unclosed[name] > 0:
            # An end tag that opens nothing is ignored by parsers, so it must not be counted.
            unclosed[name] -= 1
            depth -= 1
    return markup, False
