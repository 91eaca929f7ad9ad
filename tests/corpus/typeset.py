"""How do words become a mail's parts? Paragraphs, quote marks and labels as clients make them."""

import html
import re
import textwrap
from collections.abc import Mapping
from string import Template

_PARAGRAPHS = {
    "div": ("<div>{}</div>", "<div><br></div>"),
    "p": ("<p>{}</p>", ""),
    "mso": ('<p class="MsoNormal">{}<o:p></o:p></p>', '<p class="MsoNormal"><o:p>&nbsp;</o:p></p>'),
    "auto": ('<div dir="auto">{}</div>', '<div dir="auto"><br></div>'),
    "br": ("{}<br>", "<br>"),
}
_LABELLED = re.compile(r"([bosfcq])\|(.*)")
_PART_OF = {
    "b": "body",
    "o": "optional",
    "s": "signature",
    "c": "context",
    "f": "context",
    "q": "quote",
}


def paragraphs(text: str, style: str) -> str:
    """Mark up the lines of an answer as a client does."""
    full, empty = _PARAGRAPHS[style]
    return "".join(
        full.format(html.escape(line, quote=False)) if line else empty for line in text.split("\n")
    )


def quoted(text: str, wrap: int = 0) -> str:
    """Put "> " before each line, folded at the column if one is given."""
    lines = text.split("\n")
    if wrap:
        lines = [piece for line in lines for piece in fold(line, wrap - 2).split("\n")]
    return "\n".join(f"> {line}".rstrip() for line in lines)


def fold(line: str, wrap: int) -> str:
    """Fold one line at spaces, never inside a word."""
    pieces = textwrap.wrap(line, wrap, break_long_words=False, break_on_hyphens=False)
    return "\n".join(pieces) or line


def filled(template: str, values: Mapping[str, str]) -> str:
    """Put the values into a template; what it does not know stays as it is."""
    return Template(template).safe_substitute(values)


def escaped(values: Mapping[str, str]) -> dict[str, str]:
    """Make values fit for HTML."""
    return {key: html.escape(value, quote=False) for key, value in values.items()}


def unlabelled(text: str, values: Mapping[str, str]) -> tuple[str, dict[str, str]]:
    """Part labelled lines into the text as sent and its parts."""
    lines: list[str] = []
    parts: dict[str, list[str]] = {part: [] for part in _PART_OF.values()}
    for line in text.rstrip("\n").split("\n"):
        found = _LABELLED.fullmatch(line)
        if found is None:
            msg = f"a line without a label: {line!r}"
            raise ValueError(msg)
        whole = filled(found[2], values)
        lines.append(whole)
        parts[_PART_OF[found[1]]].append(whole)
    return "\n".join(lines), {part: "\n".join(kept) for part, kept in parts.items()}
