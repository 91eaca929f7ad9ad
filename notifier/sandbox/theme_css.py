"""Which CSS may a theme bring? What is named here, and of a style sheet what stands in ``@media``.

Known properties with plain values are kept, one declaration at a time; all else goes. So nothing
loads, and nothing is moved, hidden or drawn over what is beside it, however it is written. Each
selector of an ``@media`` rule begins with the element that a theme stands in: it reaches no other.

The trap: a string or a bracket that does not end swallows what is written after it, and that is
ours. So a value is kept only if it is whole. Each pass reads its text once: a theme may be long.
"""

import re

from notifier.rendering.variants import end_of_block

SCOPE = "own-theme"  # the class of the element that a theme stands in, in frame.html
_EDGES = ("", "-top", "-right", "-bottom", "-left")
_PROPERTIES = frozenset(
    {"background", "background-color", "caption-side", "clear", "color", "color-scheme"}
    | {"direction", "display", "empty-cells", "float", "font", "font-family", "font-size"}
    | {"font-style", "font-variant", "font-weight", "height", "hyphens", "letter-spacing"}
    | {"line-height", "list-style", "list-style-type", "max-height", "max-width", "min-height"}
    | {"min-width", "overflow-wrap", "table-layout", "text-align", "text-decoration"}
    | {"text-decoration-color", "text-decoration-line", "text-decoration-style", "text-transform"}
    | {"vertical-align", "white-space", "width", "word-break", "word-spacing", "word-wrap"}
    | {"-webkit-text-size-adjust", "-ms-text-size-adjust", "text-size-adjust"}
    | {"mso-line-height-rule", "mso-padding-alt", "mso-table-lspace", "mso-table-rspace"}
    | {"border-collapse", "border-color", "border-spacing", "border-style", "border-width"}
    | {f"{name}{edge}" for name in ("border", "margin", "padding") for edge in _EDGES}
    | {f"border{e}-{what}" for e in _EDGES[1:] for what in ("color", "style", "width")}
    | {"border-radius", "border-top-left-radius", "border-top-right-radius"}
    | {"border-bottom-left-radius", "border-bottom-right-radius"}
)
_VALUE = re.compile(
    r"""(?:(?:rgba?|hsla?|linear-gradient)\([\w #%.,/-]*\)"""
    r"""|[\w #%.,+/\t\r\n-]|"[\w .-]*"|'[\w .-]*')+(?:![ ]*important)?[ ]*""",
    re.IGNORECASE,
)
_LONGEST = 300  # characters of a value, a selector, or a query
_MEDIA = re.compile(r"@media\b([^{}<>]{0,300})\{", re.IGNORECASE)
_QUERY = re.compile(r"[\w\s():,.-]*")
_SELECTOR = re.compile(r"""(?!>)(?:[\w\s.#*>:-]|\[[\w-]+(?:=(?:"[\w -]*"|'[\w -]*'|[\w-]+))?\])+""")
_PAGE = re.compile(r"(?:html|body|:root)(?![\w-])", re.IGNORECASE)


def declarations(css: str) -> str:
    """Return the declarations that may be; none of CSS with escapes or comments in it."""
    if "\\" in css or "/*" in css:
        return ""
    return ";".join(one.strip() for one in css.split(";") if _may_be(one))


def media_rules(css: str) -> str:
    """Return the rules of a style sheet that hold under a condition; all others are inline."""
    if "\\" in css or "/*" in css:
        return ""
    found, position = [], 0
    while (opening := _MEDIA.search(css, position)) is not None:
        position = end_of_block(css, opening.end())
        if position == len(css):  # it does not end, so what is in it is anything
            break
        rules = _scoped(css[opening.end() : position])
        query = opening[1]
        if rules and _QUERY.fullmatch(query) and query.count("(") == query.count(")"):
            found.append(f"@media{query}{{{rules}}}")
    return "\n".join(found)


def _may_be(declaration: str) -> bool:
    """Tell whether a declaration names what is known, and its value is plain and whole."""
    name, _, value = declaration.partition(":")
    name, value = name.strip().lower(), value.strip()
    if name not in _PROPERTIES or len(value) > _LONGEST or not _VALUE.fullmatch(value):
        return False
    return not name.startswith("margin") or not any(one.startswith("-") for one in value.split())


def _scoped(block: str) -> str:
    """Return the rules of a block, each for what is in a theme only; rules within rules go."""
    kept = []
    for rule in block.split("}"):
        selectors, _, body = rule.partition("{")
        told = declarations(body)
        reached = [_within(one.strip()) for one in selectors.split(",")]
        if told and "{" not in body and all(reached):
            kept.append(f"{','.join(reached)}{{{told}}}")
    return "".join(kept)


def _within(selector: str) -> str:
    """Return a selector that reaches nothing but a theme; nothing of one that is not plain."""
    if len(selector) > _LONGEST or not _SELECTOR.fullmatch(selector):
        return ""
    own = _PAGE.sub("", selector, count=1).strip() if _PAGE.match(selector) else selector
    return f".{SCOPE} {own}" if own else f".{SCOPE}"
