"""How do some readers see a page? In a dark theme, and on a narrow screen, as pages to look at.

Mail programs choose by media queries; a browser on a desk chooses as its user has set it. So the
rules for such readers are made to hold for everybody who opens the page.

The trap: the page may be an app's own theme, made to be read over and over. So a query has a
length, and a block that was looked for once is not looked for again.
"""

import re

NARROW = 320  # CSS pixels: the narrowest telephone there is to write for
_DARK = re.compile(
    r"@media\b[^{}]{0,300}prefers-color-scheme\s*:\s*dark[^{}]{0,300}\{", re.IGNORECASE
)
_UP_TO = re.compile(r"@media\b[^{}]{0,300}max-width\s*:\s*(\d{1,5})px[^{}]{0,300}\{", re.IGNORECASE)
_HEAD_END = re.compile("</head>", re.IGNORECASE)


def dark(html: str) -> str:
    """Return a page as it is seen in a dark theme by programs that ask for one."""
    return _with_rules(_for_all(html, _DARK, 0), ":root{color-scheme:dark}")


def narrow(html: str) -> str:
    """Return a page as it is seen 320 pixels wide."""
    return _with_rules(
        _for_all(html, _UP_TO, NARROW), f"html{{max-width:{NARROW}px;margin:0 auto!important}}"
    )


def _for_all(html: str, query: re.Pattern[str], least: int) -> str:
    """Return a page in which the rules of a query hold for all, if it is for so wide a screen."""
    pieces, position = [], 0
    for found in query.finditer(html):
        if found.start() < position or (least and int(found[1]) < least):
            continue
        end = end_of_block(html, found.end())
        pieces += [html[position : found.start()], html[found.end() : end]]
        position = end + 1
    return "".join(pieces) + html[position:]


def end_of_block(html: str, start: int) -> int:
    """Return where the brace is that ends a block, or the end where none does."""
    depth = 1
    for found in re.compile("[{}]").finditer(html, start):
        depth += 1 if found[0] == "{" else -1
        if depth == 0:
            return found.start()
    return len(html)


def _with_rules(html: str, rules: str) -> str:
    """Return a page with rules of style that come last."""
    return _HEAD_END.sub(lambda end: f"<style>{rules}</style>{end[0]}", html, count=1)
