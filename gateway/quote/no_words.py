"""What does a mail hold in which no word of its author's is found?

Whoever wrote it is told what was seen, not what they should have done: a picture alone, the quoted
mail alone, a form that cannot be read. Asked only where nothing is found, so it costs nothing else.

The trap: the most telling is said, not what there is most of. Whoever attaches a file to the quote
meant the file; a logo above a signature is no picture that somebody sent, and a tracker's pixel is
none at all.
"""

import re
from itertools import islice

from core.verdict import InsteadOfWords
from gateway.mail.attachments import LeftOut
from gateway.mail.content.parts import content_id_of, octets_of
from gateway.mail.content.pictures import LeftOutReason
from gateway.mail.content.text_choice import ChosenParts, Leaf, PartRole
from gateway.mail.parse import Mail
from gateway.quote.cutmap import Rule
from gateway.quote.extraction import Reply

_OWN_ENDS = frozenset({Rule.SIGNATURE, Rule.TAGLINE, Rule.NOTICE, Rule.KNOWN})
_ADDED = frozenset({Rule.TAGLINE, Rule.NOTICE})
_PICTURES = frozenset({LeftOutReason.ICON, LeftOutReason.SEEN})
_NOT_READ = frozenset({PartRole.WRAPPING, PartRole.REPORT})
_SHOWN = re.compile(r"<(?:img|svg|video|picture)\b", re.IGNORECASE)
_PIXEL = re.compile(
    r"\b(?:width|height)\s{0,3}[=:]\s{0,3}[\"']?[0-2](?![\d.])|\bdisplay\s{0,3}:\s{0,3}none",
    re.IGNORECASE,
)
_LONGEST_TAG = 2_000
_MOST_TAGS = 200


def instead_of_words(
    mail: Mail, form: str, reply: Reply, left_out: tuple[LeftOut, ...]
) -> InsteadOfWords:
    """Return what is in a mail of which nothing is posted. ``form``: how it was wrapped. Pure."""
    parts = mail.parts or ChosenParts(())
    why = {one.why for one in left_out}
    folded = {cut.rule for cut in reply.cuts if not cut.kept and cut.text.strip()}
    picture = bool(why & _PICTURES) or (not folded and _shows_picture(mail.body.html or ""))
    seen = (
        (InsteadOfWords.EMPTY_FILE, any(_is_empty_file(leaf) for leaf in parts.leaves)),
        (InsteadOfWords.PICTURE, picture and not folded - _ADDED),
        (InsteadOfWords.QUOTE, bool(folded - _OWN_ENDS)),
        (InsteadOfWords.SIGNATURE, bool(folded)),
        (InsteadOfWords.PICTURE, LeftOutReason.QUOTED in why),
        (InsteadOfWords.EMPTY_FILE, LeftOutReason.EMPTY in why),  # within an envelope
        (InsteadOfWords.UNREADABLE, form == "TNEF" or _is_unread(mail, parts)),
    )
    return next((name for name, holds in seen if holds), InsteadOfWords.NOTHING)


def _is_empty_file(leaf: Leaf) -> bool:
    """Tell whether somebody attached a file of no octets: not a picture that a page shows."""
    meant = leaf.role is PartRole.FILE or leaf.attached
    return meant and not content_id_of(leaf.part) and not octets_of(leaf.part)


def _shows_picture(page: str) -> bool:
    """Tell whether HTML shows a picture that is no tracker's pixel. Bounded."""
    tags = (tag.end() for tag in islice(_SHOWN.finditer(page), _MOST_TAGS))
    told = (page[at : at + _LONGEST_TAG].partition(">")[0] for at in tags)
    return any(_PIXEL.search(one) is None for one in told)


def _is_unread(mail: Mail, parts: ChosenParts) -> bool:
    """Tell whether something is said in a part that is not read, or that says nothing as text."""
    texts = [leaf for leaf in parts.leaves if leaf.role is PartRole.TEXT]
    others = [leaf for leaf in parts.leaves if leaf.role in _NOT_READ]
    if any(not texts or leaf.kind.startswith("text/") for leaf in others):
        return True
    silent = mail.body.html is None and not (mail.body.text or "").strip()
    return silent and any(octets_of(leaf.part).strip() for leaf in texts)
