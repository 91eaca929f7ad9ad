"""What do a message's content blocks say, in order? Steps that any page or text is written from.

Content is a tree of strangers' JSON (talkjs-spec, 1.4): strings, and nodes with a type. It is
walked once and without recursion, however deep it is, and comes out as a run of steps: words,
marks that open and close, new lines, places. A node of a type that is not known here is taken for
what is in it, so that nothing is dropped because it is new.

The trap: what closes must close in the order it opened in; the walk keeps what is open on the
same stack as what is still to come.
"""

import math
from collections.abc import Iterator, Sequence
from enum import Enum
from typing import Any, NamedTuple

Blocks = list[dict[str, Any]]
MOST_NODES = 5_000


class Act(Enum):
    """What a step does."""

    WORDS = "words"
    CODE = "code"
    LINE = "line"
    OPEN = "open"
    CLOSE = "close"
    PLACE = "place"


class Step(NamedTuple):
    """One step. ``value``: the words, a link's URL, a point's sign, a list's first number."""

    act: Act
    mark: str = ""
    value: str = ""
    place: tuple[float, float] | None = None


BOLD, ITALIC, STRIKE, LINK, MENTION = "bold", "italic", "strike", "link", "mention"
LIST, POINT, BLOCK = "list", "point", "block"

# The types of the reference, and what other chats call the same (spellings are compared folded).
_MARKS = {
    "bold": BOLD, "strong": BOLD, "italic": ITALIC, "emphasis": ITALIC, "em": ITALIC,
    "strikethrough": STRIKE, "strike": STRIKE, "link": LINK, "autolink": LINK,
    "bulletlist": LIST, "numberedlist": LIST, "numberlist": LIST, "orderedlist": LIST,
    "bulletpoint": POINT, "numberedpoint": POINT, "numberpoint": POINT, "orderedpoint": POINT,
    "listitem": POINT, "paragraph": BLOCK, "heading": BLOCK, "quote": BLOCK, "blockquote": BLOCK,
}  # fmt: skip
_NUMBERED = frozenset({"numberedlist", "numberlist", "orderedlist"})
_CODES = frozenset({"codespan", "code", "codeblock", "inlinecode"})
_LINES = frozenset({"linebreak", "hardbreak", "softbreak", "break", "br", "newline"})


class _Numbers:
    """Counts the points of one list; ``numbered``: by numbers, else by dashes."""

    def __init__(self, *, numbered: bool, start: int = 1) -> None:
        self.numbered = numbered
        self.next = start

    def sign(self) -> str:
        self.next += 1
        return f"{self.next - 1}." if self.numbered else "-"


def steps(content: Sequence[Any]) -> Iterator[Step]:
    """Yield what content says, step by step; what opens also closes. Bounded, of any depth."""
    todo: list[tuple[Any, _Numbers | None]] = []
    for block in reversed(content):
        todo += ((Step(Act.CLOSE, BLOCK), None), (block, None), (Step(Act.OPEN, BLOCK), None))
    seen = 0
    while todo:
        node, numbers = todo.pop()
        if isinstance(node, Step):
            yield node
            continue
        seen += 1
        if seen > MOST_NODES + len(content):
            continue  # what is open is still closed
        opening = list(_opening(node, numbers))
        yield from opening
        closing = [step._replace(act=Act.CLOSE) for step in opening if step.act is Act.OPEN]
        inner = _numbers(node) or numbers
        todo += [(one, None) for one in closing]
        todo += [(child, inner) for child in reversed(_inside(node))]


def cut(run: Iterator[Step], limit: int) -> Iterator[Step]:
    """Yield steps until so many characters are said, and close what is open then."""
    opened: list[Step] = []
    left = limit
    for step in run:
        if step.act is Act.CLOSE:
            opened.pop()
            yield step
            continue
        # Where a link leads is not said: a long address must not cost the words behind it.
        cost = 1 + (0 if step.act is Act.OPEN else len(step.value))
        if cost > left:
            if step.act in (Act.WORDS, Act.CODE):
                yield step._replace(value=step.value[:left])
            yield from (Step(Act.CLOSE, one.mark, one.value) for one in reversed(opened))
            return
        left -= cost
        if step.act is Act.OPEN:
            opened.append(step)
        yield step


def length(content: Sequence[Any]) -> int:
    """Return how many characters ``cut`` must allow for all of it to be said."""
    return sum(len(step.value) + 1 for step in steps(content) if step.act is not Act.CLOSE)


def place_of(block: Any) -> tuple[float, float] | None:
    """Return what a location block names, as latitude and longitude, None if it is no place."""
    place = (block.get("latitude"), block.get("longitude"))
    if all(_is_number(one) for one in place):
        return float(place[0]), float(place[1])
    return None


def type_of(node: Any) -> str:
    """Return a node's type as it is compared: without case, dashes and underscores."""
    kind = node.get("type") if isinstance(node, dict) else None
    return kind.lower().replace("_", "").replace("-", "") if isinstance(kind, str) else ""


def children_of(node: Any) -> list[Any]:
    """Return what is within a node."""
    children = node.get("children") if isinstance(node, dict) else None
    return children if isinstance(children, list) else []


def _opening(node: Any, numbers: _Numbers | None) -> Iterator[Step]:
    """Yield what a node says before what is within it."""
    if not isinstance(node, dict):
        yield from [Step(Act.WORDS, value=node)] if isinstance(node, str) else []
        return
    kind = type_of(node)
    text = node["text"] if isinstance(node.get("text"), str) else ""
    if kind == "location":
        place = place_of(node)
        if place is not None:
            yield Step(Act.PLACE, place=place)
    elif kind in _LINES:
        yield Step(Act.LINE)
    elif kind in _CODES:
        yield Step(Act.CODE, value=text + _flat(node))
    elif kind == MENTION:
        name = text or _flat(node)  # some give the name as a child
        yield from (Step(Act.OPEN, MENTION), Step(Act.WORDS, MENTION, f"@{name}")) if name else ()
    else:
        yield from _marked(node, _MARKS.get(kind, ""), numbers)
        if text:
            yield Step(Act.WORDS, value=text)


def _marked(node: dict[str, Any], mark: str, numbers: _Numbers | None) -> Iterator[Step]:
    if mark == LINK:
        url = node.get("url")
        yield Step(Act.OPEN, LINK, url if isinstance(url, str) else "")
    elif mark == POINT:
        yield Step(Act.OPEN, POINT, numbers.sign() if numbers else "-")
    elif mark == LIST:
        own = _numbers(node)
        yield Step(Act.OPEN, LIST, str(own.next) if own and own.numbered else "")
    elif mark:
        yield Step(Act.OPEN, mark)


def _inside(node: Any) -> list[Any]:
    kind = type_of(node)
    if kind in _CODES or kind == MENTION:
        return []
    if _MARKS.get(kind) == LINK and not children_of(node) and not isinstance(node.get("text"), str):
        return [node["url"]] if isinstance(node.get("url"), str) else []
    return children_of(node)


def _numbers(node: Any) -> _Numbers | None:
    """Return what counts the points of a list, None for all else."""
    kind = type_of(node)
    if _MARKS.get(kind) != LIST:
        return None
    start = node.get("start")
    whole = isinstance(start, int) and not isinstance(start, bool) and 0 <= start < 1_000_000
    return _Numbers(numbered=kind in _NUMBERED, start=start if whole else 1)


def _flat(node: dict[str, Any]) -> str:
    """Return the words within a node, without what they look like."""
    todo: list[Any] = children_of(node)[::-1]
    said: list[str] = []
    while todo and len(said) < MOST_NODES:
        one = todo.pop()
        inner = one.get("text") if isinstance(one, dict) else one
        said.append(inner if isinstance(inner, str) else "")
        todo.extend(reversed(children_of(one)))
    return "".join(said)


def _is_number(one: Any) -> bool:
    return isinstance(one, int | float) and not isinstance(one, bool) and math.isfinite(one)
