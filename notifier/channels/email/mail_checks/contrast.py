"""Can every word be read, and is none hidden? Colours of text on what is behind it.

By the inline styles of the page, each inherited as CSS inherits them; what stands in a style sheet
is written inline first. WCAG 2.2, 1.4.3 asks for 4.5:1, and for 3:1 where letters are large. A
little hidden text is customary (what an inbox previews); much of it is how filters are deceived.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from core.check_finding import Finding, Gravity
from core.lazy_import import lazy_import
from notifier.channels.email.mail_checks.examined import ExaminedMail, seen
from notifier.rendering import variants

if TYPE_CHECKING:
    import css_inline
    from selectolax import lexbor
else:
    css_inline = lazy_import("css_inline")
    lexbor = lazy_import("selectolax.lexbor")

Colour = tuple[int, int, int]

_ENOUGH, _ENOUGH_IF_LARGE = 4.5, 3.0
_LARGE, _LARGE_IF_BOLD = 24.0, 18.66
_MOST_HIDDEN = 200  # characters
_DEEPEST = 200
_UNSHOWN = frozenset({"style", "script", "head", "title", "template", "-comment"})
_NAMED: dict[str, Colour] = {
    "black": (0, 0, 0),
    "silver": (192, 192, 192),
    "gray": (128, 128, 128),
    "grey": (128, 128, 128),
    "white": (255, 255, 255),
    "maroon": (128, 0, 0),
    "red": (255, 0, 0),
    "purple": (128, 0, 128),
    "fuchsia": (255, 0, 255),
    "green": (0, 128, 0),
    "lime": (0, 255, 0),
    "olive": (128, 128, 0),
    "yellow": (255, 255, 0),
    "navy": (0, 0, 128),
    "blue": (0, 0, 255),
    "teal": (0, 128, 128),
    "aqua": (0, 255, 255),
    "orange": (255, 165, 0),
}  # fmt: skip  CSS 2.1, 4.3.6
_KNOWS_DARK = re.compile(r"prefers-color-scheme\s*:\s*dark", re.IGNORECASE)
_HEX = re.compile("#([0-9a-f]{3}|[0-9a-f]{6})")
_RGB = re.compile(
    r"rgba?\(\s*(\d{1,3})[\s,]+(\d{1,3})[\s,]+(\d{1,3})\s*(?:[,/]\s*1(?:\.0*)?\s*)?\)"
)
_PIXELS = re.compile(r"(\d{1,4}(?:\.\d{1,4})?)px")


@dataclass(frozen=True, slots=True)
class _Style:
    """What an element is drawn with; ``colour`` None: of a form that is not known here."""

    colour: Colour | None
    behind: Colour | None
    size: float = 16.0
    bold: bool = False
    hidden: bool = False


def legible(mail: ExaminedMail) -> Iterator[Finding]:
    """Find words that are hard to see, in a light or a dark theme, and words that are hidden."""
    if not mail.page:
        return
    light = _runs(mail.page, _Style((0, 0, 0), (255, 255, 255)))
    yield from _faint("light", light)
    if _KNOWS_DARK.search(mail.page):
        dark = variants.dark(mail.page)
        yield from _faint("dark", _runs(dark, _Style((255, 255, 255), (18, 18, 18))))
    hidden = sum(len(words) for words, style in light if style.hidden)
    if hidden > _MOST_HIDDEN:
        yield Finding(
            "hidden_text", Gravity.WARNING,
            f"{hidden} characters of text are hidden from who reads the mail.",
            "Show them or leave them out: filters take hidden words for a trick.",
        )  # fmt: skip


def _faint(theme: str, runs: list[tuple[str, _Style]]) -> Iterator[Finding]:
    told: set[tuple[Colour, Colour]] = set()
    for words, style in runs:
        if style.hidden or style.colour is None or style.behind is None:
            continue
        pair, ratio = (style.colour, style.behind), contrast(style.colour, style.behind)
        large = style.size >= (_LARGE_IF_BOLD if style.bold else _LARGE)
        if ratio >= (_ENOUGH_IF_LARGE if large else _ENOUGH) or pair in told:
            continue
        told.add(pair)
        yield Finding(
            "low_contrast",
            Gravity.ERROR if ratio < 2 else Gravity.WARNING,
            f"{_written(pair[0])} on {_written(pair[1])} is {ratio:.1f}:1 in a {theme} theme: "
            f"{words[:40]!r}.",
            "Choose colours of 4.5:1 or more, 3:1 for large letters (WCAG 2.2, 1.4.3).",
        )


def contrast(one: Colour, other: Colour) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, contrast ratio)."""
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def colour_of(written: str) -> Colour | None:
    """Return a colour of CSS as red, green and blue; None for what is not known, or see-through."""
    text = written.strip().lower()
    if (found := _HEX.fullmatch(text)) is not None:
        digits = found[1] if len(found[1]) == 6 else "".join(one * 2 for one in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if (found := _RGB.fullmatch(text)) is not None:
        return min(int(found[1]), 255), min(int(found[2]), 255), min(int(found[3]), 255)
    return _NAMED.get(text)


def _runs(html: str, begins: _Style) -> list[tuple[str, _Style]]:
    """Return each run of words of a page with what it is drawn with."""
    inliner = css_inline.CSSInliner(load_remote_stylesheets=False, keep_style_tags=False)
    body = lexbor.LexborHTMLParser(inliner.inline(html)).body
    runs: list[tuple[str, _Style]] = []
    todo = [(body, begins, 0)] if body is not None else []
    while todo:
        node, above, depth = todo.pop()
        if node.tag == "-text":
            if words := seen(node.text(deep=False)):
                runs.append((words, above))
        elif node.tag not in _UNSHOWN and depth < _DEEPEST:
            style = _drawn(node, above)
            inner = list(node.iter(include_text=True))
            todo += [(one, style, depth + 1) for one in reversed(inner)]
    return runs


def _drawn(node: "lexbor.LexborNode", above: _Style) -> _Style:
    """Return what an element is drawn with, from what it is in."""
    attributes = node.attributes
    said = _declared(attributes.get("style") or "")
    style = above
    if (written := said.get("color") or attributes.get("color")) and written != "inherit":
        style = replace(style, colour=colour_of(written))
    ground = said.get("background-color") or said.get("background") or attributes.get("bgcolor")
    if ground and ground not in {"transparent", "none", "inherit"}:
        style = replace(style, behind=colour_of(ground))
    if found := _PIXELS.match(said.get("font-size", "")):
        style = replace(style, size=float(found[1]))
    weight = said.get("font-weight", "bold" if node.tag in {"b", "strong", "h1", "h2"} else "")
    if weight:
        style = replace(style, bold=weight in {"bold", "bolder", "600", "700", "800", "900"})
    return replace(style, hidden=True) if _is_hidden(said, style) else style


def _is_hidden(said: dict[str, str], style: _Style) -> bool:
    return (
        said.get("display") == "none"
        or said.get("visibility") in {"hidden", "collapse"}
        or said.get("opacity", "1").strip() in {"0", "0.0", "0%"}
        or style.size < 2
        or (style.colour is not None and style.colour == style.behind)
    )


def _declared(style: str) -> dict[str, str]:
    pairs = (one.partition(":") for one in style.split(";"))
    return {
        name.strip().lower(): value.lower().replace("!important", "").strip()
        for name, _, value in pairs
    }


def _luminance(colour: Colour) -> float:
    """Return how light a colour is (WCAG 2.2, relative luminance)."""
    linear = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (one / 255 for one in colour)
    ]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def _written(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)
