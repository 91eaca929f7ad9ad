"""What does a text say, once the encodings of a URL are taken off it, one after the other?

Filters put links into links of their own, scripts and formats escape them, mail programs break
them, and each does so to what the one before has written: %2F becomes %252F or *2F or =252F. So
all known escapes are undone at once, up to five times, and each time the text is looked at anew.
Each such view knows where in the text its signs stood.

The trap: what is undone is for looking only, and undone too eagerly: a sign that meant itself may
be gone. Whoever looks must look at each view, the text itself among them. Linear in the text: each
view is one pass, and none is longer than the one before. What breaks lines is taken off for itself.
"""

import html
import re
import tomllib
from array import array
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib import resources

MOST_ENCODINGS = 5
_UNSEEN = (
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff"
)

_HIDDEN = re.compile(f"[{_UNSEEN}]{{1,9}}")
_BREAK = re.compile(rf"=\r?\n|<[wW][bB][rR][ /]{{0,2}}>|[{_UNSEEN}]+")


@dataclass(frozen=True, slots=True)
class UndoneView:
    """A text with some encodings undone.

    ``here`` and ``there``: where its pieces begin, in the view and in the text it was made of.
    """

    text: str
    here: "array[int]"
    there: "array[int]"
    of: "UndoneView | None" = None

    def source(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the first text a range of this view stood."""
        view: UndoneView | None = self
        while view is not None:
            start, end = view.before(start), view.before(end - 1, after=True)
            view = view.of
        return start, end

    def before(self, position: int, *, after: bool = False) -> int:
        """Return a position in the text before: of a sign, or of what stood behind it."""
        at = bisect_right(self.here, position) - 1
        offset = position - self.here[at]
        if after and at + 1 < len(self.here) and self.here[at + 1] == position + 1:
            return self.there[at + 1]
        return self.there[at] + offset + after


def views(text: str) -> Iterator[UndoneView]:
    """Yield a text as it is, then with one encoding undone after the other, while there are any."""
    view = UndoneView(text, array("Q", [0]), array("Q", [0]))
    yield view
    for _ in range(MOST_ENCODINGS):
        # What breaks an escape goes first, or half of it is undone with those that are whole.
        whole = _undone(view, _BREAK) if _BREAK.search(view.text) else view
        if whole is not view:
            yield whole
        undone = _undone(whole, _unit())
        if undone.text == whole.text:
            return
        view = undone
        yield view


def _undone(view: UndoneView, unit: re.Pattern[str]) -> UndoneView:
    """Undo each escape of a text once."""
    pieces: list[str] = []
    here, there = array("Q", [0]), array("Q", [0])
    last = length = 0
    for found in unit.finditer(view.text):
        sign = _sign(found)
        pieces += (view.text[last : found.start()], sign)
        length += found.start() - last
        here.append(length)
        there.append(found.start())
        length += len(sign)
        last = found.end()
        here.append(length)
        there.append(last)
    pieces.append(view.text[last:])
    return UndoneView("".join(pieces), here, there, view)


@cache
def escape_signs() -> str:
    """Return the signs that stand before two hexadecimal digits in links of those who rewrite."""
    file = resources.files("core") / "data" / "link_rewriters.toml"
    known = tomllib.loads(file.read_text("utf-8"))["rewriter"]
    return "".join(sorted({sign for one in known for sign in one["escape"]}))


@cache
def _unit() -> re.Pattern[str]:
    """Return what an escape looks like: one of the forms, or what nobody sees."""
    signs = re.escape(escape_signs())
    hexed = "[2-7][0-9a-fA-F]|0[9aAdD]"
    # What an escape may begin with comes first: then the library skips what is none at full speed.
    return re.compile(
        rf"[{signs}&\\0u<{_UNSEEN}](?:"
        rf"(?<=[{signs}])(?:({hexed})|[c-fC-F][0-9a-fA-F](?:[{signs}][89abAB][0-9a-fA-F]){{1,3}})"
        rf"|(?<=[%=])[aA][dD]"
        # Not where the sign before it is escaped itself: %25u0061 is %u0061 first.
        rf"|(?<=u)(?<!25u)(?<!5[cC]u)(?<!3[bB]u)(?<!;u)00({hexed})"
        rf"|(?<=[%\\])\\{{0,3}}u(?:00({hexed})|[0-9a-fA-F]{{4}})"
        rf"|(?<=\\)\\{{0,3}}(?:u\{{0{{0,4}}({hexed})\}}|[xX]({hexed})|'({hexed})|(?P<plain>[/+@=:.?&_-]))"
        rf"|(?<=\\)\\{{0,3}}[xX][89a-fA-F][0-9a-fA-F]"
        rf"|(?<=0)[xX]({hexed})"
        rf"|(?<=\*)\*[A-Za-z0-9_-]"  # a run of signs, told in a tail
        rf"|(?<=&)(?P<entity>(?:#[0-9]{{1,7}}|#[xX][0-9a-fA-F]{{1,6}}|[A-Za-z]{{2,31}})"
        rf"(?:;|(?![0-9a-fA-F{_UNSEEN}]|=\r?\n)))"
        rf"|(?<==)\r?\n|(?<=<)[wW][bB][rR][ /]{{0,2}}>|(?<=[{_UNSEEN}])[{_UNSEEN}]*)"
    )


def _sign(found: re.Match[str]) -> str:
    """Return the sign that an escape stands for; nothing where it is no sign of ours."""
    if found.lastindex is None:
        return ""
    said = found[found.lastindex]
    if found.lastgroup == "plain":
        return said
    if found.lastgroup == "entity":
        sign = html.unescape(f"&{said}")
        return sign if len(sign) <= len(said) and not _HIDDEN.fullmatch(sign) else ""
    return chr(int(said, 16))
