"""Is a sentence one that mail servers write of a mail from outside, though in no list of ours?

Every firm words its own, in every language; all of them say the same two things. "This e-mail" and
"outside" (or "external") in one sentence *tell*; two of "link", "attachment", "sender", "careful"
and their like *warn*. A warning alone is anybody's: it counts only beside one that tells.

The trap: people write of mails from outside, too. Who says "I" or "my" in it is a person.
"""

from gateway.quote.words import holds, parts, pattern

_LONGEST = 240
_LONGEST_SET_OFF = 500
_HINTS = 3
_LONGEST_HEADING = 4  # words
_MOST_BEFORE = 60  # characters before "this e-mail": "Please note that this e-mail"


def tells(sentence: str, *, tagged: bool) -> bool:
    """Tell whether a folded sentence says that the mail comes from outside.

    ``tagged``: "CAUTION:" or the like stands before it, so "this" need not be said.
    """
    if len(sentence) > _LONGEST or not holds(sentence, "banners", "outside"):
        return False
    if not holds(sentence, "banners", "mails") or of_a_person(sentence):
        return False
    said, _, rest = sentence.partition(",")
    found = pattern("banners", "this", said).search(said)
    pointed = found is not None and found.start() <= _MOST_BEFORE
    if tagged:
        return pointed or holds(sentence, "banners", "bodies")
    return pointed and holds(said, "banners", "bodies") and (not rest or warns(rest))


def heads(piece: str) -> bool:
    """Tell whether it half tells: "external sender", or "this mail comes from outside"."""
    found = pattern("banners", "this", piece).search(piece)
    short = piece.count(" ") < _LONGEST_HEADING or (found is not None and found.start() == 0)
    if not short or of_a_person(piece) or len(piece) > _LONGEST:
        return False
    return holds(piece, "banners", "outside") and holds(piece, "banners", "mails")


def is_first_contact(sentence: str) -> bool:
    """Tell whether it is Outlook's tip above a first mail; the caller sees to the address."""
    return holds(sentence, "banners", "contacts")


def warns(sentence: str) -> bool:
    """Tell whether a folded sentence warns of links, attachments or senders."""
    if len(sentence) > _LONGEST or of_a_person(sentence):
        return False
    found = {word.group() for word in parts("banners", "warnings", sentence).finditer(sentence)}
    return len(found) >= 2


def hints(text: str) -> bool:
    """Tell whether a text set apart at the very top speaks of mails and of outside, or warns.

    The weakest evidence: its caller sees that it is fenced in and short.
    """
    if len(text) > _LONGEST_SET_OFF or "?" in text or of_a_person(text):
        return False
    if not holds(text, "banners", "mails"):
        return False
    found = {word.group() for word in parts("banners", "warnings", text).finditer(text)}
    return len(found) >= _HINTS or (bool(found) and holds(text, "banners", "outside"))


def of_a_person(sentence: str) -> bool:
    """Tell whether somebody speaks of himself in it."""
    return pattern("banners", "own", sentence).search(sentence) is not None
