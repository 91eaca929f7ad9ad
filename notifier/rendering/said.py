"""What does one message say, in both parts, cut to what there is room for?

A message is a text with TalkJS's marks, or content blocks; a place that is shared stands after it
as a link. Each part is made from the same characters, so neither says more than the other.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from markupsafe import Markup

from core.content_nodes import Act, Blocks, Step, cut, length, steps
from core.content_text import Style, as_text
from notifier.rendering import markup
from notifier.rendering.clean import block, one_line, part
from notifier.rendering.content_html import content_html, map_link

_LONGEST = 16_000  # characters
_SHORTEST = 2_000  # octets of HTML: each text shown has at least these
_BLANKS = 200  # characters before a cut in which a blank is looked for
_ELLIPSIS = "\u2026"


class Said(NamedTuple):
    """What is shown of a text; ``is_cut``: there was more."""

    text: str
    html: Markup
    is_cut: bool


@dataclass(frozen=True, slots=True)
class Saying:
    """What somebody said. ``labelled``: they may hide where a link leads behind words."""

    text: str
    content: Blocks | None = None
    place: tuple[float, float] | None = None
    labelled: bool = False


def shown(saying: Saying, budget: int, open_map: str = "") -> Said:
    """Return what is shown, cut until the HTML takes no more octets than the budget.

    ``open_map``: the words under which a place is linked.
    """
    if saying.content:
        return _fitted(length(saying.content), budget, lambda most: _blocks(saying, most, open_map))
    text = block(saying.text)
    fitted = _fitted(len(text), budget, lambda most: _marked_up(_cut(text, most), saying.labelled))
    return _with_place(fitted, saying.place, open_map) if saying.place else fitted


def plain(saying: Saying, open_map: str = "") -> str:
    """Return all that is said as plain text."""
    return shown(saying, 1_000_000, open_map).text


def _fitted(size: int, budget: int, show: Callable[[int], tuple[str, str]]) -> Said:
    """Return what ``show`` makes of so many characters, fewer and fewer until it fits."""
    budget = max(budget, _SHORTEST)
    most = min(size, _LONGEST)
    text, html = show(most)
    while len(html) * 4 > budget and len(html.encode()) > budget and most > 1:
        most //= 2
        text, html = show(most)
    if most == size:
        return Said(text, Markup(html), is_cut=False)  # noqa: S704  escaped by markup
    cut_html = Markup(html) + _ELLIPSIS  # noqa: S704
    return Said(f"{text.rstrip()}{_ELLIPSIS}", cut_html, is_cut=True)


def _marked_up(text: str, labelled: bool) -> tuple[str, str]:  # noqa: FBT001  one of two
    return markup.to_text(text), markup.to_html(text, labelled_links=labelled)


def _cut(text: str, most: int) -> str:
    """Cut a text between words where there are any, so that no address is cut into another."""
    if most >= len(text):
        return text
    kept = text[:most]
    words = max(kept.rfind(" ", most - _BLANKS), kept.rfind("\n", most - _BLANKS))
    return kept[:words] if words > 0 else kept


def _blocks(saying: Saying, most: int, open_map: str) -> tuple[str, str]:
    run = list(cut(steps(saying.content or []), most))
    if saying.place and not any(step.act is Act.PLACE for step in run):
        run.append(Step(Act.PLACE, place=saying.place))
    style = Style(
        link=lambda words, url: markup.link_in_text(one_line(url, 4_000), words),
        place=lambda latitude, longitude: _place_in_text((latitude, longitude), open_map),
        words=part,
        marks=True,
    )
    html = content_html(run, labelled=saying.labelled, place=open_map)
    return as_text(run, style).strip(), html


def _with_place(said: Said, place: tuple[float, float], open_map: str) -> Said:
    html = content_html([Step(Act.PLACE, place=place)], labelled=True, place=open_map)
    between = "\n" if said.text else ""
    linked = Markup(html)  # noqa: S704  escaped by markup
    return Said(
        f"{said.text}{between}{_place_in_text(place, open_map)}",
        said.html + (Markup("<br>\n") if between else "") + linked,
        said.is_cut,
    )


def _place_in_text(place: tuple[float, float], open_map: str) -> str:
    words, url = map_link(place)
    return f"\U0001f4cd {open_map}: {words}\n{url}"
