"""Where in a statement's text are the places of its values, ``$1``, ``$2``, …?

Asked when several statements become one and the places of all but the first are counted on. The
trap: what looks like a place need not be one. PostgreSQL sees none in a string, a quoted name, a
text between dollars, a comment, nor in a name that has a dollar in it (PostgreSQL manual, 4.1).
"""

import re
from collections.abc import Iterator

_TOKEN = re.compile(
    r"""
      \$(?P<number>[0-9]+)
    | \$(?P<tag>[^\W\d]\w*)?\$ .*? \$(?(tag)(?P=tag))\$  # $$text$$, $tag$text$tag$
    | [eE]'(?:[^'\\]|\\.|'')*'  # with escapes: a backslash may stand before the quote
    | '(?:[^']|'')*'
    | "(?:[^"]|"")*"
    | [^\W\d][\w$]*  # a name or a word: taken whole, so that E and $ in it mean nothing
    | --[^\r\n]*
    | (?P<comment>/\*)
    """,
    re.VERBOSE | re.DOTALL,
)
_COMMENT_EDGE = re.compile(r"/\*|\*/")


def counted_on(text: str, by: int) -> tuple[str, int]:
    """Return a statement with each place so many further on, and the highest it had, or 0."""
    parts: list[str] = []
    end = highest = 0
    for place in _places(text):
        number = int(place["number"])
        highest = max(highest, number)
        parts += (text[end : place.start()], f"${number + by}")
        end = place.end()
    return "".join((*parts, text[end:])), highest


def _places(text: str) -> Iterator[re.Match[str]]:
    """Yield what is a place, and pass over everything that only holds what looks like one."""
    at = 0
    while (found := _TOKEN.search(text, at)) is not None:
        if found["number"] is not None:
            yield found
        at = _end_of_comment(text, found.end()) if found["comment"] else found.end()


def _end_of_comment(text: str, start: int) -> int:
    """Return where a comment ends that was opened before: PostgreSQL's nest, as SQL's do."""
    depth = 1
    for edge in _COMMENT_EDGE.finditer(text, start):
        depth += 1 if edge[0] == "/*" else -1
        if depth == 0:
            return edge.end()
    return len(text)
