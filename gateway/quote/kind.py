"""What sort of answer is it: a reply, a reaction, a word to be left alone, or nothing?"""

from gateway.mail.body import Body
from gateway.quote.optout import is_opt_out
from gateway.quote.reply import Kind
from gateway.quote.words import fold, holds


def kind_of(text: str, body: Body, *, forward: bool) -> Kind:
    """Name the sort of answer a kept text is."""
    if body.reaction is not None or is_reaction(text):
        return Kind.REACTION
    if not text.strip():
        return Kind.EMPTY
    if is_opt_out(text):
        return Kind.OPT_OUT_WORD
    return Kind.FORWARD if forward else Kind.REPLY


def is_reaction(text: str) -> bool:
    """Whether the whole text is a client's fallback for a reaction."""
    folded = fold(text).strip()
    return len(folded) <= 200 and holds(folded, "reactions", "phrases")
