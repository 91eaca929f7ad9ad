"""How do the kept lines read, as text and as HTML?

The text keeps what formatting says: links with their target, list bullets, headings, emphasis.
The HTML is written anew from the kept runs, with the few elements worth keeping, and passes a
sanitiser (nh3) all the same. A data table is laid out by inscriptis.
"""

import html
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from core.lazy_import import lazy_import
from gateway.quote.line import Frame, Line, Run

if TYPE_CHECKING:
    import nh3
else:
    nh3 = lazy_import("nh3")

_TAGS = {"a", "b", "i", "s", "u", "code", "pre", "ul", "ol", "li", "blockquote", "p", "br"}
_TAGS |= {"table", "tr", "td", "th", "h1", "h2", "h3", "h4", "h5", "h6"}
_WORTH_KEEPING = frozenset({"b", "i", "s", "code", "pre", "li", "th", "h1", "h2", "h3", "h4"})
_EMPHASIS = {"b": "*", "i": "_", "code": "`", "s": "~"}
_SAFE_LINK = re.compile(r"(?:https?://|mailto:|tel:)", re.IGNORECASE)
_MAX_TABLE = 60_000
_BLANKS = re.compile(r"\n{3,}")


def as_text(lines: Sequence[Line]) -> str:
    """Write kept lines as plain text."""
    if _has_table(lines) and (laid_out := _table_text(lines)):
        return laid_out
    seen: set[int] = set()
    out = [_text_line(line, seen) if line.runs else line.shown for line in lines]
    text = "\n".join([part.rstrip() for part in out])
    return (_BLANKS.sub("\n\n", text) if "\n\n\n" in text else text).strip("\n")


def as_html(lines: Sequence[Line]) -> str | None:
    """Write kept lines as sanitised HTML; None where no formatting is worth it."""
    if not any(_worth(run) for line in lines for run in line.runs):
        return None
    return nh3.clean(
        _markup(lines),
        tags=_TAGS,
        attributes={"a": {"href"}},
        url_schemes={"http", "https", "mailto", "tel"},
        link_rel="noopener noreferrer nofollow",
    )


def _worth(run: Run) -> bool:
    """Whether a run's format says something."""
    if not run.text.strip():
        return False
    for frame in _frames(run.frame):
        if frame.tag in _WORTH_KEEPING:
            return True
        if frame.tag == "a" and _link(frame, run.text):
            return True
    return False


def _frames(frame: Frame | None) -> Iterable[Frame]:
    """Walk outwards."""
    while frame is not None:
        yield frame
        frame = frame.outer


def _link(frame: Frame, text: str) -> str:
    """Return the target of a link if it says more than its text."""
    target = frame.value.strip()
    if not _SAFE_LINK.match(target):
        return ""
    plain = target.removeprefix("mailto:").removeprefix("tel:").rstrip("/")
    return "" if plain.split("://")[-1] in text.strip().rstrip("/") else target


def _text_line(line: Line, seen: set[int]) -> str:
    """Write one line, with its bullet the first time its list item shows."""
    innermost = next((run.frame for run in line.runs if run.text.strip()), None)
    item = next((f for f in _frames(innermost) if f.tag == "li"), None)
    lead = "> " * min(line.depth, 8) if not line.shown.startswith(">") else ""
    if item is not None:
        nesting = sum(f.tag in ("ul", "ol") for f in _frames(item)) - 1
        lead += "  " * max(0, nesting) + ("- " if id(item) not in seen else "  ")
        seen.add(id(item))
    return lead + _runs_text(line.runs)


def _runs_text(runs: Sequence[Run]) -> str:
    """Write the runs of a line, marking emphasis and link targets where they end."""
    out: list[str] = []
    for index, run in enumerate(runs):
        text = run.text
        following = runs[index + 1].frame if index + 1 < len(runs) else None
        before = runs[index - 1].frame if index else None
        for frame in _frames(run.frame):
            mark = _EMPHASIS.get(frame.tag, "")
            if not mark and frame.tag != "a":
                continue
            opens, closes = not _within(frame, before), not _within(frame, following)
            if mark and opens and closes and text.strip() and len(text) < 400:
                text = _wrapped(text, mark)
            if frame.tag == "a" and closes and (target := _link(frame, text)):
                text = f"{text.rstrip()} <{target}>"
        out.append(text)
    return "".join(out).strip(" \t\xa0")


def _wrapped(text: str, mark: str) -> str:
    """Put marks of emphasis around a text, inside its spaces."""
    core = text.strip()
    at = text.index(core)
    return text[:at] + mark + core + mark + text[at + len(core) :]


def _within(frame: Frame, other: Frame | None) -> bool:
    """Whether another run stands in the same element."""
    return any(outer is frame for outer in _frames(other))


def _has_table(lines: Sequence[Line]) -> bool:
    """Whether two cells of one row are kept: a table of data, not of layout."""
    rows: dict[int, int] = {}
    for line in lines:
        for run in line.runs[:1]:
            cell = next((f for f in _frames(run.frame) if f.tag in ("td", "th")), None)
            if cell is not None and cell.outer is not None and line.bare:
                known = rows.setdefault(id(cell.outer), id(cell))
                if known != id(cell):
                    return True
    return False


def _table_text(lines: Sequence[Line]) -> str:
    """Lay a table out; empty if it is too large to be worth it."""
    markup = _markup(lines)
    if len(markup) > _MAX_TABLE:
        return ""
    from inscriptis import get_text  # noqa: PLC0415  5 MB, for the few mails with a table

    return str(get_text(markup)).strip("\n")


def _markup(lines: Sequence[Line]) -> str:
    """Write kept runs as HTML, opening and closing elements as the frames change."""
    out: list[str] = []
    open_frames: list[Frame] = []
    for line in lines:
        for run in line.runs or (Run(line.shown, None),):
            wanted = list(_frames(run.frame))[::-1]
            shared = 0
            for have, want in zip(open_frames, wanted, strict=False):
                if have is not want:
                    break
                shared += 1
            out.extend(f"</{frame.tag}>" for frame in reversed(open_frames[shared:]))
            out.extend(_opening(frame) for frame in wanted[shared:])
            open_frames = wanted
            out.append(html.escape(run.text, quote=False))
        if not any(frame.tag in ("li", "td", "th", "pre") for frame in open_frames):
            out.append("<br>")
    out.extend(f"</{frame.tag}>" for frame in reversed(open_frames))
    return "".join(out).removesuffix("<br>") + "\n"


def _opening(frame: Frame) -> str:
    """Write a start tag."""
    return f'<a href="{html.escape(frame.value)}">' if frame.tag == "a" else f"<{frame.tag}>"
