"""Is a sentence one that mail servers write of a mail from outside, though in no list of ours?

Every firm words its own, in every language; all of them say the same two things. "This e-mail" and
"outside" (or "external") in one sentence *tell*; two of "link", "attachment", "sender", "careful"
and their like *warn*. A warning alone is anybody's: it counts only beside one that tells.

The trap: people write of mails from outside, too. Who says "I" or "my" in it is a person.
"""

from gateway.quote.words import holds, parts, pattern, stems

_LONGEST = 240
_LONGEST_SET_OFF = 500
_HINTS = 3
_LONGEST_HEADING = 4  # words
_FOUND = "\0"
_SIGNS_TO_SPACES = str.maketrans("'\u2019/()", "     ")
_UNSPACED = "\u0e00"  # from here on scripts have no spaces, or hardly
_THAI = "\u0e00\u0e7f"  # a space parts sentences there
_LONGEST_ENDING = (8, 2)  # letters, and letters of such a script
_MOST_BEFORE = 60  # characters before "this e-mail": "Please note that this e-mail"


def tells(sentence: str, *, tagged: bool) -> bool:
    """Tell whether a folded sentence says that the mail comes from outside.

    ``tagged``: "CAUTION:" or the like stands before it, so "this" need not be said, if nothing
    else is.
    """
    if not _tells_outside(sentence):
        return False
    comma = " " if _THAI[0] <= sentence[:1] <= _THAI[1] and "," not in sentence else ","
    said, _, rest = sentence.partition(comma)
    warned = not rest or warns(rest)
    if tagged and _is_tag_alone(said) and warned:
        return True
    if _points(said, sentence) is None:
        return False
    return tagged or (holds(said, "banners", "bodies") and warned)


def heads(piece: str) -> bool:
    """Tell whether it half tells: "external sender", or "this mail comes from outside"."""
    if not _tells_outside(piece):
        return False
    return _points(piece, piece) == 0 or (
        piece.count(" ") < _LONGEST_HEADING and _is_tag_alone(piece)
    )


def _tells_outside(sentence: str) -> bool:
    """Whether it is short, says outside, and nobody speaks of himself in it."""
    if len(sentence) > _LONGEST or not holds(sentence, "banners", "outside"):
        return False
    return not of_a_person(sentence)


def _points(said: str, sentence: str) -> int | None:
    """Return where it points at the mail, None if it does not or points at some other sender."""
    found = pattern("banners", "this", said).search(said)
    if found is None or found.start() > _MOST_BEFORE:
        return None
    after = said[found.end() :].lstrip()
    sender = parts("banners", "senders", after).match(after) is not None
    return found.start() if sender or holds(sentence, "banners", "mails") else None


def _is_tag_alone(text: str) -> bool:
    """Whether it names a mail or sender and an outside, and no more: no parcel, no verb of it."""
    if not (holds(text, "banners", "mails") or holds(text, "banners", "senders")):
        return False
    if not holds(text, "banners", "outside"):
        return False
    for key in ("outside", "mails", "senders"):
        text = parts("banners", key, text).sub(_FOUND, text)
    text = stems("banners", "bodies", text).sub(_FOUND, text)
    text = pattern("banners", "tag_words", text).sub(" ", text)
    return all(_is_ending(word) for word in text.translate(_SIGNS_TO_SPACES).split())


def _is_ending(word: str) -> bool:
    """Whether a word is what a language appends to a word that was found, or a sign."""
    rest = word.replace(_FOUND, "")
    if not any(map(str.isalnum, rest)):
        return True
    return _FOUND in word and (len(rest) <= _LONGEST_ENDING[rest >= _UNSPACED])


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
    if not (holds(text, "banners", "mails") or holds(text, "banners", "senders")):
        return False
    found = {word.group() for word in parts("banners", "warnings", text).finditer(text)}
    return len(found) >= _HINTS or (bool(found) and holds(text, "banners", "outside"))


def of_a_person(sentence: str) -> bool:
    """Tell whether somebody speaks of himself in it."""
    return pattern("banners", "own", sentence).search(sentence) is not None
