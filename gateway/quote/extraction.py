"""What did they write: the answer, with the evidence for it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from gateway.quote.cutmap import Cut, Rule
from gateway.quote.known import Digests


class ReplyKind(StrEnum):
    """What sort of answer it is."""

    REPLY = "reply"
    EMPTY = "empty"
    REACTION = "reaction"
    FORWARD = "forward"
    OPT_OUT_WORD = "opt_out_word"


class Fallback(StrEnum):
    """What had to be given back so that a reply is not empty."""

    NONE = "none"
    SIGNATURE = "signature"
    OTHER_PART = "other-part"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True)
class Reply:
    """The part of a mail that its author wrote just now.

    ``cuts`` is the whole mail in order. ``html`` is sanitised, and None where nothing in the kept
    part was formatted. ``confidence`` runs from 0 to 1; under one half a person should look.
    ``folded_pictures`` are the content ids (RFC 2392) that only folded lines show; ``folded`` are
    the rules that folded any line, and ``blocks`` what can be remembered of how the mail ends
    (``quote.known``): both known where the mail was read and not told any further. ``unread``:
    words of theirs may stand beyond what was read of a mail that long. ``markers``: those of
    digests that stand anywhere in it.
    """

    text: str
    kind: ReplyKind
    confidence: float
    html: str | None = None
    cuts: Sequence[Cut] = field(default=(), repr=False)
    source: str = "text"
    fallback: Fallback = Fallback.NONE
    unread: bool = False
    folded_pictures: frozenset[str] = frozenset()
    folded: frozenset[Rule] = field(default=frozenset(), repr=False)
    blocks: tuple[Digests, ...] = field(default=(), repr=False)
    markers: frozenset[str] = field(default=frozenset(), repr=False)


NOTHING = Reply("", ReplyKind.EMPTY, 0.0)
