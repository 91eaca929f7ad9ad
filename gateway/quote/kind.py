"""What sort of answer is it: a reply, a reaction, a word to be left alone, or nothing?"""

from gateway.mail.body import Body
from gateway.quote.extraction import ReplyKind
from gateway.quote.optout import is_opt_out
from gateway.quote.words import fold, holds


def kind_of(text: str, body: Body, *, forward: bool) -> ReplyKind:
    """Name the sort of answer a kept text is."""
    if body.reaction is not None or is_reaction(text):
        return ReplyKind.REACTION
    if not text.strip():
        return ReplyKind.EMPTY
    if is_opt_out(text):
        return ReplyKind.OPT_OUT_WORD
    return ReplyKind.FORWARD if forward else ReplyKind.REPLY


def is_reaction(text: str) -> bool:
    """Whether the whole text is a client's fallback for a reaction."""
    folded = fold(text).strip()
    return len(folded) <= 200 and holds(folded, "reactions", "phrases")
