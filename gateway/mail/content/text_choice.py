"""Which part of a mail is its text, which is a file, which is neither?

One table of rules, asked from the top, for whoever reads the words and whoever gathers the files:
so no part is both, and none is lost between them. A first look gives every part what it is by
itself; where that depends on the others (a text under a name is a file only beside another text),
a second one decides. Words lost are worst, so in doubt a part is the text.

The tree is walked with a list, and parts are counted: a mail may nest a thousand deep.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from email.message import Message
from enum import Enum, auto
from typing import NamedTuple

from gateway.mail.charset import decode
from gateway.mail.content import related
from gateway.mail.content.beside_base64 import decode_around
from gateway.mail.content.media_type import PLAIN, UNREADABLE, ContentHeaders, content_headers
from gateway.mail.content.parameters import parameter
from gateway.mail.content.parts import MAILS, content_id_of, octets_of
from gateway.mail.content.shown_words import has_words, letters
from gateway.mail.content.sniff import is_readable
from gateway.mail.content.written_types import FILES, WRAPPINGS
from gateway.mail.stretches import written_of

MAX_PARTS = 1_000
_BODIES = frozenset({PLAIN, "text/html"})


class PartRole(Enum):
    """What a part is. The last three are not decided yet: it depends on the other parts."""

    TEXT = auto()
    FILE = auto()
    WRAPPING = auto()  # what wraps the mail, or says the same once more
    REPORT = auto()  # what another mail says, or tells of one
    NAMED = auto()  # a text under a file's name
    ATTACHED = auto()  # a text that is said to be attached
    OTHER = auto()  # a text of a type that is nobody's


class Leaf(NamedTuple):
    """One part that holds no others, and where it stands. Made cheaply.

    ``said``: what it says of itself; of a type that cannot be read, what it is taken for.
    ``slot``: the outermost alternative it is in, -1 if none. ``half``: it is a rendering in one.
    ``beside``: which multipart/related it is in without being its root, -1 if none; ``root``: the
    one whose root it is or is in. ``alone``: it is the whole mail.
    """

    part: Message
    said: ContentHeaders
    slot: int = -1
    half: bool = False
    beside: int = -1
    roots: tuple[int, ...] = ()
    alone: bool = False
    reported: bool = False
    role: PartRole = PartRole.TEXT

    @property
    def kind(self) -> str:
        """Its media type, in lower case."""
        return self.said.kind

    @property
    def is_text(self) -> bool:
        """Whether it is read as plain text or as HTML, unless its place says otherwise."""
        return self.kind in _BODIES

    @property
    def in_base64(self) -> bool:
        """Whether it may be in base64."""
        said = self.said.encodings
        return bool(said) and "base64" in " ".join(said).lower()

    @property
    def named(self) -> bool:
        """Whether its disposition gives it a file's name."""
        return "filename" in self.said.disposition

    @property
    def attached(self) -> bool:
        """Whether it says it is attached (RFC 2183, 2.2)."""
        return self.said.disposition.startswith("attachment")


@dataclass(frozen=True, slots=True)
class PartRule:
    """One row: what holds of a part, and what it is then."""

    why: str
    holds: Callable[[Leaf], bool]
    role: PartRole


def _is_any_text(leaf: Leaf) -> bool:
    return leaf.kind.startswith("text/")


def _is_untyped_text(leaf: Leaf) -> bool:
    if leaf.said.disposition or not leaf.alone or leaf.kind != "application/octet-stream":
        return False
    return is_readable(octets_of(leaf.part))


RULES: tuple[PartRule, ...] = (
    PartRule("an attached mail (RFC 2046, 5.2.1)", lambda one: one.kind in MAILS, PartRole.FILE),
    PartRule("a report (RFC 6522)", lambda one: one.kind.startswith("message/"), PartRole.REPORT),
    PartRule("a text in a report", lambda one: one.reported and _is_any_text(one), PartRole.REPORT),
    PartRule("what wraps, or is for one program", lambda one: one.kind in WRAPPINGS,
             PartRole.WRAPPING),
    PartRule("data that is text", lambda one: one.kind in FILES, PartRole.FILE),
    PartRule("half of an alternative (RFC 2046, 5.1.4)", lambda one: one.half and one.is_text,
             PartRole.TEXT),
    PartRule("attached", lambda one: one.attached and _is_any_text(one), PartRole.ATTACHED),
    PartRule("under a name", lambda one: one.named and _is_any_text(one), PartRole.NAMED),
    PartRule("a text", lambda one: one.is_text, PartRole.TEXT),
    PartRule("a text of another type (RFC 2046, 4.1.4)", _is_any_text, PartRole.OTHER),
    PartRule("a multipart without parts", lambda one: one.kind.startswith("multipart/"),
             PartRole.TEXT),
    PartRule("a whole mail of no type that reads as text", _is_untyped_text, PartRole.TEXT),
    PartRule("anything else", lambda _: True, PartRole.FILE),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ChosenParts:
    """The parts of a mail, in order. ``cut``: it has more than 1,000, and they are not all here."""

    leaves: Sequence[Leaf]
    cut: bool = False


def chosen(message: Message) -> ChosenParts:
    """Return the parts of a mail, each with what it is. Never raises for a mail's fault."""
    if not message.is_multipart():  # many mails, and of all the walk only a step
        leaf = _judged(Leaf(message, content_headers(message), alone=True))
        if leaf.role not in _OPEN:
            return ChosenParts((leaf,))
    found, cut = _leaves(message)
    if any(one.beside >= 0 and one.role is PartRole.TEXT for one in found):
        found = [_beside(one, found) for one in found]
    if any(one.role in _OPEN for one in found):
        found = _among_others(found)
    return ChosenParts(found, cut)


def text_kind(leaf: Leaf) -> str:
    """Return the type as which a part that is the text is read."""
    return leaf.kind if leaf.kind.startswith("text/") else PLAIN


def words_of(leaf: Leaf) -> bytes:
    """Return the octets of a text, with the lines that a gateway put beside its base64."""
    written = written_of(leaf.part) if leaf.in_base64 else None
    beside = None
    if written is not None:
        beside = decode_around(written, markup=text_kind(leaf) == "text/html")
    if beside is not None:
        return beside
    return octets_of(leaf.part, leaf.said)


def _by_itself(leaf: Leaf) -> PartRole:
    return next(rule.role for rule in RULES if rule.holds(leaf))


def _among_others(leaves: list[Leaf]) -> list[Leaf]:
    """Decide what depends on the other parts: is there another text without it?"""
    roles = {one.role for one in leaves}
    if PartRole.TEXT in roles:
        said: tuple[PartRole, ...] = ()
    elif roles & {PartRole.NAMED, PartRole.OTHER}:
        said = (PartRole.NAMED, PartRole.OTHER)
    else:
        said = (PartRole.ATTACHED,) if _only_text(leaves) else ()
    return [_decided(one, said) for one in leaves]


def _only_text(leaves: list[Leaf]) -> bool:
    """Tell whether the one text is attached and nothing else can be meant.

    Under a name beside other files it is one of them: nothing of it is lost that way.
    """
    attached = [one for one in leaves if one.role is PartRole.ATTACHED]
    return len(attached) == 1 and (len(leaves) == 1 or not attached[0].named)


def _decided(leaf: Leaf, said: tuple[PartRole, ...]) -> Leaf:
    if leaf.role in said:
        return leaf._replace(role=PartRole.TEXT)
    if leaf.role is PartRole.OTHER and leaf.half:
        return leaf._replace(role=PartRole.WRAPPING)  # the same words once more
    return leaf._replace(role=PartRole.FILE) if leaf.role in _OPEN else leaf


# Looked through by identity: an enum's member is dear to look up in a set.
_OPEN = (PartRole.NAMED, PartRole.ATTACHED, PartRole.OTHER)


def _beside(leaf: Leaf, leaves: list[Leaf]) -> Leaf:
    """Decide about a text beside the root of a multipart/related (RFC 2387, 3).

    A root that says nothing (a picture, SMIL, a frame) leaves the words to what is beside it.
    """
    if leaf.beside < 0 or leaf.role is not PartRole.TEXT:
        return leaf
    texts = (PartRole.TEXT, PartRole.NAMED)
    roots = [one for one in leaves if leaf.beside in one.roots and one.role in texts]
    own = _letters(leaf)
    if not any(_speaks(root) for root in roots):
        return leaf
    if any(_letters(root) == own for root in roots):
        return leaf._replace(role=PartRole.WRAPPING)
    return leaf._replace(role=PartRole.FILE) if content_id_of(leaf.part) else leaf


def _speaks(leaf: Leaf) -> bool:
    return has_words(_words(leaf), markup=leaf.kind == "text/html")


def _letters(leaf: Leaf) -> str:
    return letters(_words(leaf), markup=leaf.kind == "text/html")


def _words(leaf: Leaf) -> str:
    header = " ".join(leaf.said.written.split())
    return decode(octets_of(leaf.part, leaf.said), parameter(header, "charset"))


def _leaves(message: Message) -> tuple[list[Leaf], bool]:
    """Return each part that holds no others, in order, without entering other mails."""
    found: list[Leaf] = []
    todo = [Leaf(message, content_headers(message), alone=True)]
    seen = 0
    while todo and seen < MAX_PARTS:
        leaf = todo.pop()
        seen += 1
        # Asked of a text, get_payload decodes it in whatever charset a stranger names.
        payload = leaf.part.get_payload() if leaf.part.is_multipart() else None
        if not isinstance(payload, list) or leaf.kind.startswith("message/"):
            found.append(_judged(leaf))
            continue
        children = [child for child in payload[:MAX_PARTS] if isinstance(child, Message)]
        root = related.root_of(leaf.part, children) if leaf.kind == related.KIND else -1
        placed = [_placed(leaf, child, seen, at == root) for at, child in enumerate(children)]
        todo.extend(reversed(placed))
    return found, bool(todo)


def _placed(holder: Leaf, child: Message, number: int, is_root: bool) -> Leaf:  # noqa: FBT001
    """Return a child with its place in the tree."""
    said = content_headers(child)
    slot, half, beside, roots = holder.slot, False, holder.beside, holder.roots
    if holder.kind == related.KIND and is_root:
        half, roots = holder.half, (*holder.roots[-9:], number)
    elif holder.kind == related.KIND:
        beside, roots = number, ()
    elif holder.kind == "multipart/alternative":
        half, slot = True, number if holder.slot < 0 else holder.slot
    reported = holder.reported or holder.kind == "multipart/report"
    return Leaf(child, said, slot, half, beside, roots, reported=reported)


def _judged(leaf: Leaf) -> Leaf:
    """Return a part with what it is by itself.

    One whose type cannot be read has the one of RFC 2045, 5.2, unless it is data.
    """
    if leaf.is_text and not leaf.said.disposition and not leaf.reported:
        return leaf  # nearly every text, whichever row says so
    if leaf.kind == UNREADABLE:
        is_text = is_readable(octets_of(leaf.part, leaf.said))
        kind = PLAIN if is_text else "application/octet-stream"
        leaf = leaf._replace(said=leaf.said._replace(kind=kind))
    return leaf._replace(role=_by_itself(leaf))
