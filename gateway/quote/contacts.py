"""Are the last lines a person's card: a name, and how they can be reached?

The trap: a name with a number below it is also the commonest answer there is, to "whom do I ring?"
and "where do I send it?". So a card needs evidence that nobody asked for it: a sign-off above it,
or that it is the sender's own name and says more than a number. What a line above announces, or
all that a person wrote but a greeting, is the answer.
"""

import re

from gateway.quote.line import Line, asked_once
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold, opening, pattern, words

_PHONE = re.compile(r"(?:\+|\(?0|\()?\d(?:[\s().\-/]{0,2}\d){5,16}")
_WEB = re.compile(r"(?:https?://|www\.)\S|[^\s@]{1,64}@[\w.-]{2,200}")
_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]{0,24}(?:,? [^\W\d_][\w.'\u2019-]{0,24}){0,4}$")
_WORD = re.compile(r"[^\W\d_]{2,30}")
_ANNOUNCES = (":", "\uff1a", "?", "\uff1f", "-", "\u2013", "\u2014", "\u2193", "=>", "->", "\u2192")
_LOOK_UP = 3  # lines above a card that may announce it
_MOST_LINES = 12


def contacts_start(sheet: Sheet, written: list[int]) -> int | None:
    """Return where contact details begin below the sender's text, None where there are none."""
    closing = _last_closing(sheet, written)
    if closing is not None:
        return _below_closing(sheet, written, closing)
    return _business_card(sheet, written)


def is_closing(line: Line) -> bool:
    """Whether a line is a sign-off: "Kind regards,"."""
    text = line.folded.rstrip(" ,.!-\uff0c\u3002*").lstrip("*_ ")
    return len(text) <= 60 and text in words("signoffs")


@asked_once
def is_greeting(line: Line) -> bool:
    """Whether a line greets and says no more: "Hi Bob,"."""
    text = line.folded.strip(" *_,.!:-\uff0c\uff01\u3001\uff1a")
    return text.count(" ") <= 4 and len(text) <= 50 and opening("greetings", "words", text)


@asked_once
def is_prose(line: Line) -> bool:
    """Whether a line reads like a sentence."""
    text = line.bare
    if is_detail(line) and len(text) < 60:
        return False
    return len(text) > 100 or (text.endswith((".", "!", "?", "\u3002")) and text.count(" ") >= 3)


@asked_once
def is_detail(line: Line) -> bool:
    """Whether a line holds contact details: phone, page, address, title, firm."""
    text = line.bare
    if len(text) > 120:
        return False
    if " | " in text or _WEB.search(text) or (_PHONE.search(text) and not _has_prose_words(text)):
        return True
    if _titled(line):
        return text.count(" ") <= 6 and not text.endswith((".", "?", "!", ","))
    return line.label in words("notices", "contact")


def announced(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether a line above the ``first`` of the written ones asks to read what is below."""
    for index in range(first - 1, max(-1, first - 1 - _LOOK_UP), -1):
        line = sheet.lines[written[index]]
        if is_closing(line):
            continue
        text = line.bare.rstrip(" *_>")
        return text.endswith(_ANNOUNCES) or (
            not text.endswith((".", "!", "\u3002")) and _names_a_way(line)
        )
    return False


def says_enough(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether something but a greeting stands above the ``first`` of the written lines."""
    above = [sheet.lines[at] for at in written[:first]]
    return any(not is_greeting(line) and not is_closing(line) for line in above)


def _names_a_way(line: Line) -> bool:
    """Whether a line without a full stop speaks of numbers, addresses, ways to reach somebody."""
    return pattern("greetings", "announcing", line.folded).search(line.folded) is not None


def _last_closing(sheet: Sheet, written: list[int]) -> int | None:
    """Return the index of the last sign-off with something below it."""
    for index in range(len(written) - 2, max(-1, len(written) - 16), -1):
        if is_closing(sheet.lines[written[index]]):
            return index
    return None


def _below_closing(sheet: Sheet, written: list[int], closing: int) -> int | None:
    """Find details under a sign-off and a name, below a text of its own."""
    below = written[closing + 1 :]
    parts = [sheet.lines[at] for at in below]
    details = any(is_detail(part) for part in parts[1:])
    short = len(parts) <= _MOST_LINES and not any(is_prose(part) for part in parts)
    if not details or not short or not says_enough(sheet, written, closing):
        return None
    if announced(sheet, written, closing + 1) or not _NAME.match(parts[0].bare.strip("*_ ,.|")):
        return None
    return below[0]


def _business_card(sheet: Sheet, written: list[int]) -> int | None:
    """Find a last paragraph that starts with the sender's name and goes on with details."""
    first = len(written) - 1
    while first > 0 and written[first] - written[first - 1] == 1:
        first -= 1
    card = [sheet.lines[at] for at in written[first:]]
    if first == 0 or not 2 <= len(card) <= 7 or any(len(part.bare) > 80 for part in card):
        return None
    name, piped, _ = card[0].bare.strip("*_ ").partition(" | ")
    if not _NAME.match(name) or " " not in name or any(is_prose(part) for part in card):
        return None
    if announced(sheet, written, first) or not says_enough(sheet, written, first):
        return None
    titled = bool(piped) or _titled(card[0])
    details = [part for part in card[0 if piped else 1 :] if is_detail(part)]
    marked = bool(piped) and _titled(card[0])  # nobody writes "Jim | Manager" into a sentence
    signed = marked or _is_senders(sheet, name) or _signed_above(sheet, written, first)
    if not details or not signed or not _tells_more(card):
        return None
    return written[first] if titled else written[first + 1]


def _is_senders(sheet: Sheet, name: str) -> bool:
    """Whether a card bears the name of who sent the mail; a mail without one contradicts none."""
    own = set(_WORD.findall(fold(sheet.sender.name)))
    mailbox = set(_WORD.findall(fold(sheet.sender.mailbox)))
    return not own or bool((own | mailbox).intersection(_WORD.findall(fold(name))))


def _signed_above(sheet: Sheet, written: list[int], first: int) -> bool:
    """Whether the line above a card is a name of its own that the card bears, too: "Eva"."""
    above = sheet.lines[written[first - 1]].bare.strip("*_ ,.")
    named = _WORD.findall(fold(above))
    card = _WORD.findall(fold(sheet.lines[written[first]].bare))
    return bool(named) and _NAME.match(above) is not None and set(named) <= set(card)


def _tells_more(card: list[Line]) -> bool:
    """Whether a card tells more than a number and an address: a title, a firm, a page, two ways."""
    ways = sum(bool(_WEB.search(line.bare)) or bool(_PHONE.search(line.bare)) for line in card)
    return ways >= 2 or any(_titled(line) or " | " in line.bare for line in card)


def _titled(line: Line) -> bool:
    """Whether a line holds a job's title or a firm's name."""
    return pattern("notices", "titles", line.folded).search(line.folded) is not None


def _has_prose_words(text: str) -> bool:
    """Whether a line with a number says much more than the number."""
    return sum(part.isalpha() for part in text.split()) > 4
