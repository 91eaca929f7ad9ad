"""What do the rules look at? A mail's telling headers and structure, gathered once.

One pass over the headers, each value cut to a sane length when it is read, so that every rule
after it takes constant time whatever a stranger wrote. The raw values are taken: the parser's own
accessors decode, and are slow or raise on what strangers write.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message

from gateway.mail.body import Body
from gateway.mail.content.shown_words import shown
from gateway.mail.envelope import Envelope
from gateway.mail.machine.comparison import beginnings, fold
from gateway.mail.parse import Mail

_LONGEST = 500
_LONGEST_TYPE = 2_000
_MOST_VALUES = 60
_MOST_PARTS = 40
_LONGEST_OPENING = 600


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of the mail: its media type, the rest of the header, how deep it lies."""

    kind: str
    parameters: str
    disposition: str
    depth: int

    @property
    def is_file(self) -> bool:
        """Whether it is a file: attached, or shown inline under a name as Apple Mail does."""
        return self.disposition.startswith("attachment") or "filename" in self.disposition


@dataclass(frozen=True, slots=True)
class MachineEvidence:
    """What the rules look at. Names, values and addresses are in lower case.

    ``headers`` are raw and read on demand, because most mails have none that a rule asks for.
    ``beginnings`` is the folded subject, then what stands in and after the tags before it.
    """

    envelope: Envelope
    author: str
    beginnings: tuple[str, ...]
    headers: Mapping[str, list[object]]
    pieces: tuple[Piece, ...]
    wordless: bool
    body: Body = field(default=Body(), repr=False)

    def values(self, name: str) -> list[str]:
        """Return what headers of a name say, those that say something."""
        raws = self.headers.get(name)
        return [value for raw in raws if (value := _value(raw))] if raws else []

    def first_words(self) -> str:
        """Return how its text begins, folded for comparison. Worked out for few mails only."""
        text = self.body.text
        if text is None:
            text = shown(self.body.html or "", markup=True)
        return fold(" ".join(text[:_LONGEST_OPENING].split()), _LONGEST_OPENING)

    def first(self, name: str) -> str:
        """Return a header's first value, or an empty string."""
        values = self.values(name)
        return values[0] if values else ""


def gather(mail: Mail, envelope: Envelope) -> MachineEvidence:
    """Look at a mail once."""
    headers: dict[str, list[object]] = {}
    for name, raw in mail.message.raw_items():
        values = headers.setdefault(name.lower(), [])
        if len(values) < _MOST_VALUES:
            values.append(raw)
    return MachineEvidence(
        envelope=envelope,
        author=(mail.author or "").lower(),
        beginnings=beginnings(fold(mail.body.subject)),
        headers=headers,
        pieces=_pieces(mail.message),
        wordless=_wordless(mail),
        body=mail.body,
    )


def _value(raw: object, longest: int = _LONGEST) -> str:
    return " ".join(str(raw)[:longest].split()).lower()


def _pieces(message: Message) -> tuple[Piece, ...]:
    """Return the parts, outermost first; what another mail holds is not of this mail."""
    pieces: list[Piece] = []
    todo = [(message, 0)]
    while todo and len(pieces) < _MOST_PARTS:
        part, depth = todo.pop(0)
        piece = _piece(part, depth)
        pieces.append(piece)
        children = part.get_payload() if part.is_multipart() else None
        if isinstance(children, list) and depth < 4 and piece.kind.startswith("multipart/"):
            todo.extend((c, depth + 1) for c in children[:_MOST_PARTS] if isinstance(c, Message))
    return tuple(pieces)


def _piece(part: Message, depth: int) -> Piece:
    content = disposition = ""
    for name, raw in part.raw_items():
        match name.lower():
            case "content-type" if not content:
                content = _value(raw, _LONGEST_TYPE)
            case "content-disposition" if not disposition:
                disposition = _value(raw)
    kind, _, parameters = content.partition(";")
    return Piece(kind.strip() or "text/plain", parameters, disposition, depth)


def _wordless(mail: Mail) -> bool:
    """Tell whether there is nothing to read in it. The text decides where there is one."""
    body = mail.body
    return not (body.text if body.text is not None else body.html or "").strip()
