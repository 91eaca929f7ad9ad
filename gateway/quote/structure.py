"""Which lines does an HTML body show, and what does the HTML say about each?

One walk over the tree, without recursion, node by node. Blocks and breaks end lines; the elements
around a line give it its quote depth, its role (quote, attribution, signature) and its format.

The trap: Gmail puts answers written between quotes *inside* its quote container. So in a container
only the text before the first blockquote is the attribution, and only blockquotes are quotes.
"""

from dataclasses import dataclass, field
from functools import partial

from selectolax.lexbor import LexborHTMLParser, LexborNode

from gateway.quote import symbol_font
from gateway.quote.elements import BLOCKS, FRAMED, PARAGRAPHS, SKIPPED, SPECIAL, is_box
from gateway.quote.line import (
    Frame,
    Line,
    LineRole,
    has_marker_shape,
)
from gateway.quote.markers import Effect, Marker, marker_of
from gateway.quote.nesting import bounded, has_letters
from gateway.quote.typeset import (
    MAX_LINES,
    Placed,
    Placement,
    Typesetter,
)

MAX_NODES = 40_000
_MOST_QUOTED = 8_000  # nodes of one quote, at two lines each; what is below it is read
_MAX_FRAMES = 12
_LONGEST_ATTRIBUTION = 4


@dataclass(frozen=True, slots=True)
class Structure:
    """The lines of an HTML body; ``beyond`` says what was not read, if anything.

    ``unread``: that may hold words.
    """

    lines: list[Line]
    beyond: str
    unread: bool = False
    pictures: tuple[Placed, ...] = ()


@dataclass(slots=True)
class _Container:
    """A quote container: its lines before the first quote, whether a quote came, or another."""

    outer: int
    head: list[Line] = field(default_factory=list)
    quoted: bool = False
    wraps: bool = False


def read_structure(markup: str) -> Structure:
    """Return the lines an HTML body shows. Bounded by nodes, lines and depth."""
    markup, rest = bounded(markup)
    return _Walk().run(LexborHTMLParser(markup).root, rest)


_Open = tuple[LexborNode, str, Placement]  # an element, its tag, and what is around it


class _Walk:
    """One walk over one tree."""

    def __init__(self) -> None:
        self.containers: list[_Container] = []
        self.blocks = 0
        # Not a method of this walk: who holds another that holds it waits for the collector.
        self.out = Typesetter(partial(_file, self.containers))

    def run(self, root: LexborNode | None, rest: str) -> Structure:
        """Visit every node in document order."""
        outer: list[_Open] = []
        node, placement, seen = root, Placement(), 0
        end = 0  # the last node that is read of the outermost quote
        lines = self.out.lines
        while node is not None and seen < MAX_NODES and len(lines) < MAX_LINES:
            seen += 1
            if placement.depth and seen > end:
                node, placement = self._leave_quote(outer, placement)
                continue
            tag = node.tag or ""
            inner = self._enter(node, tag, placement)
            if inner is not None:
                child = node.first_child
                if child is not None:
                    if inner.depth and not placement.depth:
                        end = seen + _MOST_QUOTED
                    outer.append((node, tag, placement))
                    node, placement = child, inner
                    continue
                if tag in BLOCKS:
                    self._leave(tag, inner)
            node = node.next
            if node is None:
                node, placement = self._leave_all(outer, placement)
        return self._read(node, rest)

    def _read(self, node: LexborNode | None, rest: str) -> Structure:
        """Return what was read; ``node`` and ``rest`` are where that ended."""
        self.out.end_line(Placement())
        for container in self.containers:
            _settle(container)
        _mark_digests(self.out.lines)
        beyond = "(more HTML, not read)" if rest or node is not None else ""
        unread = node is not None or (rest != "" and has_letters(rest))
        return Structure(self.out.lines, beyond, unread, tuple(self.out.pictures))

    def _leave_all(
        self, outer: list[_Open], placement: Placement
    ) -> tuple[LexborNode | None, Placement]:
        """Leave the elements that end here, and return what stands behind them."""
        following: LexborNode | None = None
        while following is None and outer:
            node, tag, around = outer.pop()
            if tag in BLOCKS:
                self._leave(tag, placement)
            placement, following = around, node.next
        return following, placement

    def _leave_quote(
        self, outer: list[_Open], placement: Placement
    ) -> tuple[LexborNode | None, Placement]:
        """Leave out the rest of the outermost quote, and return what is below it."""
        self.out.end_line(placement)
        self.out.text("(more of this quote, not read)", placement)
        following: LexborNode | None = None
        while outer and (placement.depth or following is None):
            node, tag, around = outer.pop()
            if tag in BLOCKS:
                self._leave(tag, placement)
            placement, following = around, node.next
        return following, placement

    def _enter(self, node: LexborNode, tag: str, placement: Placement) -> Placement | None:
        """Take a node in; return the placement of its children, or None to pass them over."""
        if tag == "-text":
            text = node.text_content or ""
            if placement.symbols:
                text = symbol_font.shown(text, placement.symbols)
            self.out.text(text, placement)
            return None
        if tag == "br":
            self.out.flush(placement)
            return None
        if tag in SKIPPED:
            return None
        attributes = node.attributes
        if tag == "img":
            self.out.image(attributes, placement)
            return None
        if tag in BLOCKS:
            self.out.end_line(placement)
        return self._inside(tag, attributes, placement)

    def _leave(self, tag: str, inner: Placement) -> None:
        """End the line of a block, and the paragraph of one that has margins."""
        self.out.end_line(inner)
        if tag in PARAGRAPHS and not inner.tight:
            self.out.gap()

    def _inside(
        self, tag: str, attributes: dict[str, str | None], placement: Placement
    ) -> Placement:
        """Work out the placement within an element."""
        if not attributes and tag not in SPECIAL:
            return placement
        inner = _framed(tag, attributes, placement) if tag in FRAMED else placement
        if tag == "table" and not placement.block and attributes.get("role") == "presentation":
            self.blocks += 1
            inner = inner._replace(block=self.blocks)
        if not self.out.lines and not placement.boxed and is_box(tag, attributes):
            inner = inner._replace(boxed=True)
        marker = marker_of(tag, attributes)
        if tag == "blockquote":
            inner = self._quote(inner, marker)
        elif marker is not None:
            inner = self._marked(inner, marker)
        style = attributes.get("style") or ""
        if style or tag == "font":
            inner = _styled(inner, style, attributes.get("face") or "")
        if tag == "p" and "Mso" in (attributes.get("class") or ""):
            inner = inner._replace(tight=True)
        return inner

    def _quote(self, placement: Placement, marker: Marker | None) -> Placement:
        """Enter a blockquote: a quote for certain if marked or in a container, else only deeper."""
        certain = placement.container >= 0 or (
            marker is not None and marker.effect in (Effect.QUOTE, Effect.CONTAINER)
        )
        at = placement.container
        while at >= 0:
            self.containers[at].quoted = True
            at = self.containers[at].outer
        role = LineRole.QUOTE if certain else placement.role
        name = marker.name if marker else placement.marker
        return placement._replace(depth=placement.depth + 1, role=role, marker=name, container=-1)

    def _marked(self, placement: Placement, marker: Marker) -> Placement:
        """Enter an element with a marker. Inside a quote nothing but the quote counts."""
        if placement.role is LineRole.QUOTE or marker.effect is Effect.NEITHER:
            return placement
        if marker.effect is Effect.TAIL:
            self.out.opening = "?" + marker.name if marker.needs_header else marker.name
            return placement
        if marker.effect is Effect.CONTAINER:
            if placement.container >= 0:
                self.containers[placement.container].wraps = True
            self.containers.append(_Container(placement.container))
            return placement._replace(container=len(self.containers) - 1, marker=marker.name)
        if marker.effect is Effect.QUOTE:
            return self._quote(placement, marker)
        role = LineRole.SIGNATURE if marker.effect is Effect.SIGNATURE else LineRole.ATTRIBUTION
        return placement._replace(role=role, marker=marker.name)


def _file(containers: list[_Container], line: Line, placement: Placement) -> None:
    """Give a finished line what its container says of it."""
    if line.role is not None:
        return
    container = containers[placement.container]
    if not container.quoted:
        line.role, line.marker = LineRole.ATTRIBUTION, placement.marker
        container.head.append(line)


def _settle(container: _Container) -> None:
    """Decide what the text above a container's first quote is, or all of it if none came."""
    if not container.quoted:
        for line in container.head:
            line.role, line.depth = LineRole.QUOTE, line.depth + 1
    elif container.wraps or sum(not one.blank for one in container.head) > _LONGEST_ATTRIBUTION:
        # The line about who wrote stands in the inner container, or this is too much for one: the
        # sender typed inside.
        for line in container.head:
            line.role = None


def _mark_digests(lines: list[Line]) -> None:
    """Mark the layout table that holds a digest's marker: it is ours, whoever was told of it."""
    ours = {line.block for line in lines if line.block and has_marker_shape(line)}
    for line in lines if ours else ():
        if line.block in ours:
            line.role, line.marker = LineRole.QUOTE, "digest"


def _styled(placement: Placement, style: str, face: str) -> Placement:
    """Take in whether an element is shown, and whether it has a symbol font."""
    if "none" in style and "display:none" in style.replace(" ", "").lower():
        placement = placement._replace(hidden=True)
    if not face and "font" not in style and "FONT" not in style:
        return placement
    if not placement.symbols and not symbol_font.may_name_one(style + face):
        return placement  # nearly every style
    font = symbol_font.font_of(style, face, placement.symbols)
    return placement if font == placement.symbols else placement._replace(symbols=font)


def _framed(tag: str, attributes: dict[str, str | None], placement: Placement) -> Placement:
    """Add a formatting element to the placement, up to a sane number."""
    outer = placement.frame
    depth = outer.depth + 1 if outer else 1
    if depth > _MAX_FRAMES:
        return placement
    value = (attributes.get("href") or "")[:2_000] if tag == "a" else ""
    frame = Frame(FRAMED[tag], value, outer, depth)
    return placement.within(frame, pre=tag == "pre")
