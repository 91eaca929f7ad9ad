"""How do content blocks look in a mail? Their structure in tags that every mail program knows.

Lists are lists, bold is bold, and a link is shown as ``markup`` shows one. Within a link there is
no other. Paddings are the same on both sides, so that no direction of writing needs its own.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from core.content_nodes import (
    BLOCK,
    BOLD,
    ITALIC,
    LINK,
    LIST,
    MENTION,
    POINT,
    STRIKE,
    Act,
    Step,
)
from notifier.rendering import markup
from notifier.rendering.clean import one_line, part

_TAGS = {BOLD: "strong", ITALIC: "em", STRIKE: "s", MENTION: "strong"}
_LIST = ' style="margin:4px 0;padding:0 24px"'
_BREAK = "<br>\n"
_NUMBERS = '<span dir="ltr" style="white-space:nowrap">'


def content_html(run: Iterable[Step], *, labelled: bool, place: str) -> str:
    """Return what steps say as HTML with no tag but ours.

    ``labelled``: their author may hide where a link leads. ``place``: the words for a place.
    """
    page = _Html(labelled, place)
    for step in run:
        page.take(step)
    return "".join(page.out)


@dataclass(slots=True)
class _Html:
    """A piece of HTML that is being written."""

    labelled: bool
    place: str
    out: list[str] = field(default_factory=list)
    said: list[str] = field(default_factory=list)
    links: list[tuple[int, int]] = field(default_factory=list)
    depth: int = 0
    line_is_due: bool = False
    is_fresh: bool = True

    def take(self, step: Step) -> None:
        match step.act:
            case Act.WORDS:
                self._words(step)
            case Act.CODE:
                words = part(step.value)
                self._say(words, markup.code(words, block="\n" in words.strip()))
            case Act.LINE:
                self.out.append(_BREAK)
                self.said.append("\n")
            case Act.PLACE:
                if step.place is not None:
                    words, url = map_link(step.place)
                    link = markup.link(url, self.place, labelled=True)
                    # Numbers have no direction of their own, and would be turned round.
                    self._say(words, f"\U0001f4cd {link} {_NUMBERS}({words})</span>")
            case Act.OPEN:
                self._open(step)
            case Act.CLOSE:
                self._close(step)

    def _words(self, step: Step) -> None:
        words = part(step.value)
        literal = self.links or step.mark == MENTION
        html = markup.escaped if literal else self._marked_up
        self._say(words, html(words))

    def _marked_up(self, words: str) -> str:
        return markup.to_html(words, labelled_links=self.labelled)

    def _open(self, step: Step) -> None:
        if step.mark == BLOCK:
            self._begin_line()
        elif step.mark == LINK:
            self._end_line()
            self.links.append((len(self.out), len(self.said)))
        elif step.mark == LIST:
            start = f' start="{step.value}"' if step.value not in {"", "1"} else ""
            self._tag(f"<ol{start}{_LIST}>" if step.value else f"<ul{_LIST}>", 1)
        elif step.mark == POINT and self.depth:
            self._tag("<li>", 0)
        elif step.mark == POINT:
            self._begin_line()
            self.out.append(f"{markup.escaped(step.value)} ")
        else:
            self._say("", f"<{_TAGS[step.mark]}>")

    def _close(self, step: Step) -> None:
        if step.mark == LINK:
            html_at, said_at = self.links.pop()
            html, words = "".join(self.out[html_at:]), "".join(self.said[said_at:])
            url = one_line(step.value, 4_000)
            whole = markup.linked(url, words, html, labelled=self.labelled)
            self.out[html_at:] = [html if self.links else whole]
        elif step.mark == LIST:
            self._tag("</ol>" if step.value else "</ul>", -1)
        elif step.mark == POINT and self.depth:
            self._tag("</li>", 0)
        elif step.mark in (BLOCK, POINT):
            self.line_is_due = not self.is_fresh
        else:
            self.out.append(f"</{_TAGS[step.mark]}>")

    def _tag(self, tag: str, deeper: int) -> None:
        """Write a tag that begins a line by itself."""
        self.out.append(tag)
        self.said.append("\n")
        self.depth += deeper
        self.line_is_due, self.is_fresh = False, True

    def _say(self, words: str, html: str) -> None:
        if html:
            self._end_line()
            self.out.append(html)
            self.said.append(words)
            self.is_fresh = False

    def _end_line(self) -> None:
        if self.line_is_due:
            self._begin_line()

    def _begin_line(self) -> None:
        self.line_is_due = False
        if not self.is_fresh:
            self.out.append(_BREAK)
            self.is_fresh = True


_MAP = "https://www.openstreetmap.org/"


def map_link(place: tuple[float, float]) -> tuple[str, str]:
    """Return a place's latitude and longitude as words, and a map that asks nobody who looks."""
    latitude, longitude = (f"{one:.6f}".rstrip("0").rstrip(".") for one in place)
    url = f"{_MAP}?mlat={latitude}&mlon={longitude}#map=16/{latitude}/{longitude}"
    return f"{latitude}, {longitude}", url
