r"""How does a message look? TalkJS's text formatting, as safe HTML and as plain text.

``*bold*``, ``_italic_``, ``~strike~`` at word boundaries within a line, `` `code` `` and
triple-backtick blocks, bare URLs, and ``<URL|label>``. The text part keeps the marks as typed,
which is what plain text has always looked like; only a labelled link is written out, since hiding
where it leads is the one thing plain text cannot do.

Only the app itself may hide where a link leads behind words of its own. Of everybody else's link
the words are words, and the address stands after them and is the link; so it does after a URL that
does not lead where it seems to (``link_target``).

The trap: the text is hostile. Every branch of the pattern excludes the character that opens it,
so a failed match costs one run to the next such character: the whole is linear. Everything that
is not a tag of ours passes through ``escape``.
"""

import re

from markupsafe import escape

from notifier.rendering.link_target import says_where, target_of
from notifier.rendering.palette import PLAIN

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
_MARKS = re.compile(f"{_CODE}|{_LABELLED}|{_URLS}|{_SPANS}")
_LINKS = re.compile(f"{_CODE}|{_LABELLED}|{_URLS}")

_LINK_STYLE = 'class="l" style="color:{colour};text-decoration:underline"'
_PLAIN_LINK = _LINK_STYLE.format(colour=PLAIN.link)
LINK = f'<a href="{{url}}" {_PLAIN_LINK}>{{text}}</a>'
_CODE_STYLE = "font-family:Menlo,Consolas,monospace;font-size:14px"
_BLOCK = ";display:block;padding:4px 0"


def to_html(text: str, *, labelled_links: bool = False) -> str:
    """Return a cleaned text as HTML that contains no tag but ours.

    ``labelled_links``: the author may say in words of their own where a link leads.
    """
    return _spans(text, labelled_links) if _interesting(text) else escaped(text)


def to_text(text: str) -> str:
    """Return a cleaned text as plain text, the address of a link after its words."""
    if "://" not in text and "ww." not in text.lower():
        return text
    return _LINKS.sub(_link_in_text, text)


def recoloured(html: str, colour: str) -> str:
    """Return a page with its messages' links in a colour.

    What is looked for holds quotes, which nobody but us writes: theirs are escaped.
    """
    if colour == PLAIN.link:
        return html
    return html.replace(_PLAIN_LINK, _LINK_STYLE.format(colour=colour))


def link(url: str, words: str, *, labelled: bool = False) -> str:
    """Return a link as HTML: under its words if it may be, or if they say where it leads."""
    return linked(url, words, escaped(words), labelled=labelled)


def linked(url: str, words: str, html: str, *, labelled: bool) -> str:
    """Return a link whose words are HTML already. Only words if a mail should not link there."""
    target = target_of(url)
    if target is None:
        told = url.strip()
        return html if labelled or not told or told == words else f"{html} ({escaped(told)})"
    if labelled or says_where(words, target):
        return LINK.format(url=escape(target.url), text=html)
    shown = LINK.format(url=escape(target.url), text=escaped(target.shown))
    if not words.strip():
        return shown
    return f'{html} <span dir="ltr">({shown})</span>'


def link_in_text(url: str, words: str) -> str:
    """Return a link as plain text: its words and the address, or that alone if it is the same."""
    target = target_of(url)
    if target is None:
        told = url.strip()
        return words if not told or told == words else f"{words} <{told}>".lstrip()
    if says_where(words, target):
        return words
    return f"{words.strip()} <{target.shown}>".lstrip()


def escaped(text: str) -> str:
    """Escape, keep line breaks, and keep runs of spaces (code, tables drawn by hand) apart."""
    safe = str(escape(text))
    if "\n" in safe:
        safe = safe.replace("\n", "<br>\n")
    return safe.replace("  ", "&nbsp; ") if "  " in safe else safe


def code(text: str, *, block: bool = False) -> str:
    """Return code as HTML: within a line, or as lines of its own."""
    style = _CODE_STYLE + _BLOCK if block else _CODE_STYLE
    return f'<code class="c" style="{style}">{escaped(text.rstrip())}</code>'


def _interesting(text: str) -> bool:
    """Say whether a text may hold any mark at all; most lines of talk do not."""
    return any(mark in text for mark in ("*", "_", "~", "`", "://", "ww.", "WW."))


def _spans(text: str, labelled: bool) -> str:  # noqa: FBT001  one of two, and no third
    """Render one level: a mark's own content is rendered again, without that mark in it."""
    pieces: list[str] = []
    position = 0
    for match in _MARKS.finditer(text):
        pieces.append(escaped(text[position : match.start()]))
        pieces.append(_span(match, labelled))
        position = match.end()
    pieces.append(escaped(text[position:]))
    return "".join(pieces)


def _span(match: re.Match[str], labelled: bool) -> str:  # noqa: FBT001
    kind = match.lastgroup or ""
    inner = match[kind]
    if kind.startswith("url"):
        url, target = _bare(match[0])
        return link(target, url) + escaped(match[0][len(url) :])
    if kind == "label":
        return link(match["target"], inner, labelled=labelled)
    if kind in {"pre", "code"}:
        return code(inner, block=kind == "pre")
    return f"<{kind}>{_spans(inner, labelled)}</{kind}>"


def _link_in_text(match: re.Match[str]) -> str:
    kind = match.lastgroup or ""
    if kind == "label":
        return link_in_text(match["target"], match["label"])
    if not kind.startswith("url"):
        return match[0]
    url, target = _bare(match[0])
    return link_in_text(target, url) + match[0][len(url) :]


def _bare(url: str) -> tuple[str, str]:
    """Return a URL found in running text, without the sentence's punctuation, and its target."""
    kept = url.rstrip(_TRAILING)
    unopened = kept.count(")") - kept.count("(")
    while unopened > 0 and kept.endswith(")"):
        kept = kept[:-1]
        unopened -= 1
    return kept, kept if "://" in kept else f"https://{kept}"
