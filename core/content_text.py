"""How do content blocks read as plain text? Points on their own lines, addresses after words.

One writer for the ``text`` that the API gives beside blocks and for the text part of a mail. They
differ in what they do with a link, a place and the marks of bold and the like, and say so.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from core.content_nodes import BLOCK, BOLD, ITALIC, LINK, LIST, POINT, STRIKE, Act, Step

_INDENT = "  "
_SIGNS = {BOLD: "*", ITALIC: "_", STRIKE: "~"}
_OWN_LINES = (BLOCK, LIST, POINT)


def named_link(words: str, url: str) -> str:
    """Return a link as its words and its address, or the one if it says the other."""
    if not words.strip() or not url:
        return words or url
    return words if url in words else f"{words} <{url}>"


def no_place(latitude: float, longitude: float) -> str:
    """Say nothing of a place: it is told elsewhere."""
    return ""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text shows what plain text has no letters for.

    ``link`` is given the words and the URL, ``place`` latitude and longitude, ``words`` a string
    of the content. ``marks``: whether bold and the like are written with the signs of chats.
    """

    link: Callable[[str, str], str] = named_link
    place: Callable[[float, float], str] = no_place
    words: Callable[[str], str] = str
    marks: bool = False


def as_text(run: Iterable[Step], style: Style | None = None) -> str:
    r"""Return what steps say, lines ended by ``\n``."""
    text = _Text(style or Style())
    for step in run:
        text.take(step)
    return "".join(text.out)


@dataclass(slots=True)
class _Text:
    """A text that is being written."""

    style: Style
    out: list[str] = field(default_factory=list)
    links: list[int] = field(default_factory=list)
    depth: int = 0
    line_is_due: bool = False
    is_fresh: bool = True  # nothing is said in this line yet

    def take(self, step: Step) -> None:
        match step.act:
            case Act.WORDS:
                self._say(self.style.words(step.value))
            case Act.CODE:
                self._say(f"`{step.value}`" if self.style.marks else step.value)
            case Act.LINE:
                self.out.append("\n" + self._indent())
                self.is_fresh = True
            case Act.PLACE:
                if step.place is not None:
                    self._say(self.style.place(*step.place))
            case Act.OPEN:
                self._open(step)
            case Act.CLOSE:
                self._close(step)

    def _open(self, step: Step) -> None:
        if step.mark in _OWN_LINES:
            self._begin_line()
        if step.mark == LIST:
            self.depth += 1
        elif step.mark == POINT:
            self.out.append(f"{_INDENT * max(self.depth - 1, 0)}{step.value} ")
        elif step.mark == LINK:
            self._end_line()
            self.links.append(len(self.out))
        elif step.mark in _SIGNS and self.style.marks:
            self._say(_SIGNS[step.mark])

    def _close(self, step: Step) -> None:
        if step.mark == LIST:
            self.depth -= 1
        elif step.mark == LINK:
            at = self.links.pop()
            said = self.style.link("".join(self.out[at:]), step.value)
            self.out[at:] = [said] if said else []
        elif step.mark in _SIGNS and self.style.marks:
            self.out.append(_SIGNS[step.mark])
        if step.mark in _OWN_LINES:
            self.line_is_due = True
        if step.mark == POINT:
            self.is_fresh = False

    def _say(self, words: str) -> None:
        if words:
            self._end_line()
            indent = self._indent()
            self.out.append(words.replace("\n", "\n" + indent) if indent else words)
            self.is_fresh = False

    def _end_line(self) -> None:
        if self.line_is_due:
            self._begin_line()

    def _begin_line(self) -> None:
        """Go to a new line, unless one has just begun."""
        self.line_is_due = False
        if not self.is_fresh:
            self.out.append("\n")
            self.is_fresh = True

    def _indent(self) -> str:
        return _INDENT * self.depth
