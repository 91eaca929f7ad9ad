"""How do runs of text become lines?

White space collapses as a browser collapses it, blocks and breaks end a line, and every line keeps
its runs with their format, so that the kept ones can be written as text or HTML again.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import unquote as unquote_url

from gateway.quote.line import (
    Frame,
    Line,
    LineRole,
    Run,
    unquote,
)

_SPACE = re.compile(r"[ \t\r\n\f\xa0]+")
_BLANKS = " \t\r\n\f\xa0"
MAX_LINES = 12_000
_MAX_LINE = 20_000
_MOST_PICTURES = 500
_LONGEST_ID = 500


class Placement(NamedTuple):
    """What the elements around the present node amount to. Made cheaply: elements are many."""

    depth: int = 0
    role: LineRole | None = None
    marker: str = ""
    frame: Frame | None = None
    container: int = -1
    pre: bool = False
    hidden: bool = False
    tight: bool = False
    block: int = 0
    boxed: bool = False
    symbols: str = ""  # the symbol font, if it is one

    def within(self, frame: Frame, *, pre: bool) -> "Placement":
        """Return the placement within a formatting element: the commonest change of one.

        Written out, for ``_replace`` takes four times as long.
        """
        return Placement(
            self.depth,
            self.role,
            self.marker,
            frame,
            self.container,
            self.pre or pre,
            self.hidden,
            self.tight,
            self.block,
            self.boxed,
            self.symbols,
        )


@dataclass(frozen=True, slots=True)
class Placed:
    """A picture that came with the mail (``cid:``), and the line it stands on or below (or -1).

    ``marked``: an element says that it belongs to a quote or a signature.
    """

    content_id: str
    line: int
    marked: bool


class Typesetter:
    """Gathers runs into lines. ``opening`` names the history that the next line opens."""

    def __init__(self, file: Callable[[Line, Placement], None]) -> None:
        """Take whom to tell of each finished line that stands in a container."""
        self.lines: list[Line] = []
        self.opening = ""
        self.pictures: list[Placed] = []
        self._file = file
        self._runs: list[Run] = []
        self._length = 0
        self._inked = False

    def text(self, text: str, placement: Placement) -> None:
        """Add a text node."""
        if placement.hidden:
            if self.lines:
                self.lines[-1].hidden += text[:200]
            return
        if placement.pre and "\n" in text:
            *whole, text = text.split("\n", max(1, MAX_LINES - len(self.lines)))
            for piece in whole:
                self._add(piece, placement)
                self.flush(placement)
        elif not placement.pre:
            if not self._runs and text.isspace() and "\xa0" not in text:
                # White space between blocks: most text nodes of a mail are nothing else.
                return
            text = self._collapsed(text)
        self._add(text, placement)

    def image(self, attributes: Mapping[str, str | None], placement: Placement) -> None:
        """Add an image by its description; an emoji's picture is the emoji."""
        source = (attributes.get("src") or "")[:_LONGEST_ID]
        if source[:4].lower() == "cid:" and len(self.pictures) < _MOST_PICTURES:
            at = len(self.lines) if self._inked else len(self.lines) - 1
            marked = placement.depth > 0 or placement.role is not None
            self.pictures.append(Placed(unquote_url(source[4:]).strip(), at, marked))
        alt = " ".join((attributes.get("alt") or "").split())[:200]
        if alt and not placement.hidden:
            self._add(alt if not alt.isascii() and len(alt) < 9 else f"[{alt}]", placement)

    def flush(self, placement: Placement) -> None:
        """End the line, also an empty one, as a break does."""
        runs = self._runs
        shown = runs[0].text if len(runs) == 1 else "".join([run.text for run in runs])
        if placement.pre:
            shown = shown.rstrip()
        else:
            shown = shown.strip(_BLANKS) + (_sig_space(shown) if "-- " in shown else "")
        prefixes, bare = unquote(shown)
        line = Line(
            shown,
            placement.depth + prefixes,
            bare,
            placement.role,
            placement.marker if placement.role else "",
            runs=tuple(runs),
            block=placement.block,
            boxed=placement.boxed,
        )
        self._runs, self._length, self._inked = [], 0, False
        if self.opening and line.bare:
            line.opens, self.opening = self.opening, ""
        if placement.container >= 0:
            self._file(line, placement)
        self.lines.append(line)

    def end_line(self, placement: Placement) -> None:
        """End the line if there is one, as a block does; hard spaces alone are a blank line."""
        if self._inked:
            self.flush(placement)
        elif self._runs:
            self._runs, self._length = [], 0
            self.gap(placement.depth)

    def gap(self, depth: int = 0) -> None:
        """Leave one blank line, as the margin of a paragraph does."""
        if self.lines and self.lines[-1].shown:
            last = self.lines[-1]
            self.lines.append(Line("", last.depth, role=last.role, block=last.block))

    def _add(self, text: str, placement: Placement) -> None:
        """Add a run, within the length of a line."""
        if text and self._length < _MAX_LINE:
            self._runs.append(Run(text, placement.frame))
            self._length += len(text)
            self._inked = self._inked or not text.isspace()

    def _collapsed(self, text: str) -> str:
        """Collapse white space; none at the start of a line but a hard space."""
        if not text.isprintable() or "  " in text:
            hard = "\xa0" in text
            text = _SPACE.sub(" ", text)
            if text == " " and not self._runs:
                return " " if hard else ""
        return text


def _sig_space(shown: str) -> str:
    """Keep the space of a signature delimiter, "-- " (RFC 3676, 4.3)."""
    return " " if shown.strip("\r\n\xa0") == "-- " else ""
