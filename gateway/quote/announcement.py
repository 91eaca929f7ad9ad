"""Has somebody asked for what a card tells, or announced it: "just ring her:", "my details below"?

What was asked for, or is announced, is the answer, and stays. A colon tells so in every language;
a line that ends without a full stop and names a way to reach somebody tells it, and so does a
sentence that points down.
"""

from itertools import islice

from gateway.quote.cutmap import Rule
from gateway.quote.line import Line, asked_once
from gateway.quote.sayings import is_closing, is_greeting
from gateway.quote.sheet import Sheet
from gateway.quote.words import pattern

_COLONS = (":", "\uff1a")
_ANNOUNCES = ("?", "\uff1f", "-", "\u2013", "\u2014", "\u2193", "=>", "->", "\u2192")
_SENTENCE_ENDS = (".", "!", "\u3002", "\uff01", "\u061f", "\u06d4", "\u0964")
_ASKS = ("?", "\uff1f", "\u061f", "\u037e")
_ENDS = " *_>"  # what may stand behind a line's last sign
_LOOK_UP = 4  # lines of the paragraph above a card
_MOST_ASKED = 80  # lines of history that are looked through for a question
_OTHERS = (Rule.QUOTED, Rule.SENT, Rule.STRUCTURE, Rule.HISTORY)


def announces(line: Line) -> bool:
    """Whether a line says itself that what follows is what they want to say.

    Enough where what follows stood in earlier mails; where only its looks speak against it,
    ``announced`` takes less.
    """
    text = line.bare.rstrip(_ENDS)
    if text.endswith(_COLONS):
        return True
    return not text.endswith((*_SENTENCE_ENDS, *_ASKS)) and _names_a_way(line)


def announced(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether the paragraph above the ``first`` of the written ones asks to read on."""
    last = first - 1
    while last >= 0 and is_closing(sheet.lines[written[last]]):
        last -= 1
    if last < 0 or is_greeting(sheet.lines[written[last]]):
        return False
    text = sheet.lines[written[last]].bare.rstrip(_ENDS)
    line = sheet.lines[written[last]]
    if text.endswith(_ANNOUNCES) or announces(line) or hands_on(line):
        return True
    top = last
    while top > 0 and last - top < _LOOK_UP and written[top] - written[top - 1] == 1:
        top -= 1
    above = [sheet.lines[at] for at in written[top : last + 1]]
    # Below a sign-off a letter's last "call me" is a courtesy; a whole mail of it is not.
    alone = last == first - 1 or all(is_greeting(sheet.lines[at]) for at in written[:top])
    if alone and any(_wants_a_call(line) for line in above):
        return True
    if text.endswith(_SENTENCE_ENDS):
        return _points_down(above[-1])
    return any(_names_a_way(line) for line in above)


def led_up_to(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether the line above the ``first`` of the written ones hands on what is below it.

    The strictest: legal text and taglines stand below everything that people write, so a question
    or a number above says nothing. A colon does, and "put this under our mails".
    """
    if first < 1:
        return False
    line = sheet.lines[written[first - 1]]
    if is_greeting(line) or is_closing(line) or line.depth:
        return False
    return line.bare.rstrip(_ENDS).endswith(_COLONS) or hands_on(line)


def bills(line: Line) -> bool:
    """Tell whether a line without an end speaks of a bill: "Please send the invoice to".

    Enough where a firm's card with its register follows; a tagline stands below such lines, too.
    """
    text = line.bare.rstrip(_ENDS)
    if text.endswith((*_SENTENCE_ENDS, *_ASKS)) or is_greeting(line) or is_closing(line):
        return False
    return pattern("greetings", "billing", line.folded).search(line.folded) is not None


@asked_once
def hands_on(line: Line) -> bool:
    """Whether a line asks to put "this", or what has no end yet, below mails or on a page."""
    text = line.folded
    if pattern("greetings", "places", text).search(text) is None:
        return False
    if pattern("greetings", "handing_on", text).search(text) is not None:
        return True
    return pattern("greetings", "open_ends", text).fullmatch(text.split()[-1]) is not None


def unfinished(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether the line above ends as no sentence does: "The person you want is"."""
    line = sheet.lines[written[first - 1]]
    ended = line.bare.rstrip(" *_)\"'").endswith((*_SENTENCE_ENDS, *_ASKS))
    return not ended and not is_closing(line)


def asked_for(sheet: Sheet) -> bool:
    """Tell whether what we sent, or the history, asks how or where somebody can be reached."""
    if any(asks_for_contact(text) for text in sheet.told):
        return True
    others = (at for at, rule in enumerate(sheet.rules) if rule in _OTHERS)
    return any(asks_for_contact(sheet.lines[at].folded) for at in islice(others, _MOST_ASKED))


def asks_for_contact(text: str) -> bool:
    """Tell whether a folded text holds a question that names an address, a number, a contact."""
    end = max(text.rfind(mark) for mark in _ASKS)
    if end < 0:
        return False
    begin = max(text.rfind(mark, 0, end) for mark in (*_SENTENCE_ENDS, *_ASKS)) + 1
    return pattern("greetings", "asked", text[begin:end]).search(text, begin, end) is not None


@asked_once
def _names_a_way(line: Line) -> bool:
    """Whether a line speaks of numbers, addresses, ways to reach somebody."""
    return pattern("greetings", "announcing", line.folded).search(line.folded) is not None


@asked_once
def _points_down(line: Line) -> bool:
    """Whether a sentence points at what is below, and says that it is a way to reach somebody."""
    text = line.folded
    named = pattern("greetings", "asked", text).search(text) is not None
    return named and pattern("greetings", "pointing", text).search(text) is not None


@asked_once
def _wants_a_call(line: Line) -> bool:
    """Whether a line asks to be rung up or written to: the card below says where."""
    return pattern("greetings", "calling", line.folded).search(line.folded) is not None
