"""What does a mail hold in which no word of its author's is found?

Whoever wrote it is told what was seen, not what they should have done: a picture alone, the quoted
mail alone, a form that cannot be read. Asked of what was read already, so it costs nothing before.
"""

from collections.abc import Iterable
from enum import StrEnum

from gateway.mail.attachments import LeftOut
from gateway.mail.content.pictures import LeftOutReason
from gateway.quote.cutmap import Cut, Rule

_OWN_ENDS = frozenset({Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE, Rule.KNOWN})
_PICTURES = frozenset({LeftOutReason.ICON, LeftOutReason.SEEN, LeftOutReason.QUOTED})
_UNREAD = frozenset({LeftOutReason.WRAPPING, LeftOutReason.REPORT})


class InsteadOfWords(StrEnum):
    """What there is in place of words, the most telling first."""

    PICTURE = "picture"
    QUOTE = "quote"
    SIGNATURE = "signature"
    EMPTY_FILE = "empty file"
    UNREADABLE = "unreadable"
    NOTHING = "nothing"


def instead_of_words(cuts: Iterable[Cut], left_out: Iterable[LeftOut]) -> InsteadOfWords:
    """Return what is in a mail of which nothing is posted. Pure."""
    reasons = {one.why for one in left_out}
    folded = {cut.rule for cut in cuts if not cut.kept and cut.text.strip()}
    if reasons & (_PICTURES - {LeftOutReason.QUOTED}) and not folded - _OWN_ENDS:
        return InsteadOfWords.PICTURE
    if folded - _OWN_ENDS:
        return InsteadOfWords.QUOTE
    if folded:
        return InsteadOfWords.SIGNATURE
    if reasons & _PICTURES:
        return InsteadOfWords.PICTURE
    if LeftOutReason.EMPTY in reasons:
        return InsteadOfWords.EMPTY_FILE
    return InsteadOfWords.UNREADABLE if reasons & _UNREAD else InsteadOfWords.NOTHING
