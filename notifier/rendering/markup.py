r"""How does a message look? TalkJS's text formatting, as safe HTML and as plain text.

``*bold*``, ``_italic_``, ``~strike~`` at word boundaries within a line, `` `code` `` and
triple-backtick blocks, bare URLs, and ``<URL|label>`` where the author may label links. The text
part keeps the marks as typed, which is what plain text has always looked like; only a labelled
link is written out, since hiding where it leads is the one thing plain text cannot do.

The trap: the text is hostile. Every branch of the pattern excludes the character that opens it,
so a failed match costs one run to the next such character: the whole is linear. Everything that
is not a tag of ours passes through ``escape``.
"""

import re

from markupsafe import escape

from core.web import web_url

_TRAILING = ".,;:!?'\"*_~"
# Each branch begins with a literal, which lets the search skip to the next such character; what
# must stand before it is therefore asked right after it.
_SPAN = r"{mark}(?<![^\W_]{mark})(?![\s{mark}])(?P<{name}>[^{mark}\n]++)(?<!\s){mark}(?![^\W_])"
_LABELLED = r"<(?P<target>(?i:https?)://[^\s<>|]++)\|(?P<label>[^<>\n]++)>"
_URL = r"{first}(?<!\w{first})(?P<url{number}>(?i:{rest})[^\s<>\"\x60]++)"
_URLS = "|".join(
    _URL.format(first=first, rest=rest, number=number)
    for number, (first, rest) in enumerate(
        (("h", "ttps?://"), ("H", "ttps?://"), ("w", r"ww\."), ("W", r"ww\."))
    )
)
_CODE = r"\x60{3}\n?(?P<pre>(?:[^\x60]|\x60{1,2}(?!\x60))++)\x60{3}|\x60(?P<code>[^\x60\n]++)\x60"
_SPANS = "|".join(
    _SPAN.format(name=name, mark=mark)
    for name, mark in (("strong", r"\*"), ("em", "_"), ("s", "~"))
)
_BARE = re.compile(f"{_CODE}|{_URLS}|{_SPANS}")
_WITH_LABELS = re.compile(f"{_CODE}|{_LABELLED}|{_URLS}|{_SPANS}")
_LABEL = re.compile(_LABELLED)

LINK = '<a href="{url}" class="l" style="color:#1d4ed8;text-decoration:underline">{text}</a>'
_CODE_STYLE = "font-family:Menlo,Consolas,monospace;font-size:14px"
_BLOCK = ";display:block;padding:4px 0"


def to_html(text: str, *, labelled_links: bool = False) -> str:
    """Return a cleaned text as HTML that contains no tag but ours."""
    if not _interesting(text):
        return _escape(text)
    return _spans(text, _WITH_LABELS if labelled_links else _BARE)


def to_text(text: str, *, labelled_links: bool = False) -> str:
    """Return a cleaned text as plain text, labelled links written out."""
    if not labelled_links or "|" not in text:
        return text
    return _LABEL.sub(r"\g<label> <\g<target>>", text)


def link(url: str, text: str) -> str:
    """Return a link, or only its text if a mail should not link there."""
    href = web_url(url)
    return LINK.format(url=escape(href), text=_escape(text)) if href else _escape(text)


def _interesting(text: str) -> bool:
    """Say whether a text may hold any mark at all; most lines of talk do not."""
    return any(mark in text for mark in ("*", "_", "~", "`", "://", "ww.", "WW."))


def _spans(text: str, pattern: re.Pattern[str]) -> str:
    """Render one level: a mark's own content is rendered again, without that mark in it."""
    pieces: list[str] = []
    position = 0
    for match in pattern.finditer(text):
        pieces.append(_escape(text[position : match.start()]))
        pieces.append(_span(match, pattern))
        position = match.end()
    pieces.append(_escape(text[position:]))
    return "".join(pieces)


def _span(match: re.Match[str], pattern: re.Pattern[str]) -> str:
    kind = match.lastgroup or ""
    inner = match[kind]
    if kind.startswith("url"):
        return _bare_link(match[0])
    if kind == "label":
        return link(match["target"], inner)
    if kind in {"pre", "code"}:
        style = _CODE_STYLE + _BLOCK if kind == "pre" else _CODE_STYLE
        return f'<code class="c" style="{style}">{_escape(inner.rstrip())}</code>'
    return f"<{kind}>{_spans(inner, pattern)}</{kind}>"


def _bare_link(url: str) -> str:
    """Link a URL found in running text, leaving the sentence its punctuation."""
    kept = url.rstrip(_TRAILING)
    unopened = kept.count(")") - kept.count("(")
    while unopened > 0 and kept.endswith(")"):
        kept = kept[:-1]
        unopened -= 1
    target = kept if "://" in kept else f"https://{kept}"
    return link(target, kept) + _escape(url[len(kept) :])


def _escape(text: str) -> str:
    """Escape, keep line breaks, and keep runs of spaces (code, tables drawn by hand) apart."""
    escaped = str(escape(text))
    if "\n" in escaped:
        escaped = escaped.replace("\n", "<br>\n")
    return escaped.replace("  ", "&nbsp; ") if "  " in escaped else escaped
