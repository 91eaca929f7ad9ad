"""Are the last lines a person's card: a name, and how they can be reached?

The trap: a name with a number below it is also the commonest answer there is, to "whom do I ring?"
and "where do I send it?". So a card needs evidence that nobody asked for it: a sign-off above it,
or that it is the sender's own name and says more than a number. What a line above announces, what
the other side asked for, or all that a person wrote but a greeting, is the answer.
"""

import re

from gateway.quote.announcement import announced, asked_for, unfinished
from gateway.quote.details import has_way, is_detail, is_titled
from gateway.quote.line import Line
from gateway.quote.sayings import is_closing, is_greeting, is_prose, is_remark
from gateway.quote.sheet import Sheet
from gateway.quote.words import fold

_NAME = re.compile(r"[^\W\d_][\w.'\u2019-]{0,24}(?:,? [^\W\d_][\w.'\u2019-]{0,24}){0,4}$")
_WORD = re.compile(r"[^\W\d_]{2,30}")
_MOST_LINES = 12


def contacts_start(sheet: Sheet, written: list[int]) -> int | None:
    """Return where contact details begin below the sender's text, None where there are none."""
    if sheet.quoted(written[-1]):
        return None
    closing = _last_closing(sheet, written)
    found = (
        _business_card(sheet, written)
        if closing is None
        else _below_closing(sheet, written, closing)
    )
    return None if found is not None and asked_for(sheet) else found


def says_enough(sheet: Sheet, written: list[int], first: int) -> bool:
    """Tell whether something but a greeting stands above the ``first`` of the written lines."""
    above = [sheet.lines[at] for at in written[:first]]
    return any(not is_greeting(line) and not is_closing(line) for line in above)


def _last_closing(sheet: Sheet, written: list[int]) -> int | None:
    """Return the index of the last sign-off with something below it, and no quote between."""
    for index in range(len(written) - 1, max(-1, len(written) - 16), -1):
        if sheet.quoted(written[index]):
            return None
        if index < len(written) - 1 and is_closing(sheet.lines[written[index]]):
            return index
    return None


def _below_closing(sheet: Sheet, written: list[int], closing: int) -> int | None:
    """Find details under a sign-off and a name, below a text of its own."""
    below = written[closing + 1 :]
    parts = [sheet.lines[at] for at in below]
    details = any(is_detail(part) for part in parts[1:])
    short = len(parts) <= _MOST_LINES and not any(is_remark(part) for part in parts)
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
    titled = bool(piped) or is_titled(card[0])
    details = [part for part in card[0 if piped else 1 :] if is_detail(part)]
    # Nobody writes "Jim | Manager" into a sentence.
    marked = bool(piped) and is_titled(card[0]) and not unfinished(sheet, written, first)
    signed = marked or _is_senders(sheet, name, card) or _signed_above(sheet, written, first)
    if not details or not signed or not _tells_more(card):
        return None
    return written[first] if titled else written[first + 1]


def _is_senders(sheet: Sheet, name: str, card: list[Line]) -> bool:
    """Whether a card bears the name, or the address, of who sent the mail."""
    own = set(_WORD.findall(fold(sheet.sender.name)))
    mailbox = fold(sheet.sender.mailbox)
    if own.union(_WORD.findall(mailbox)).intersection(_WORD.findall(fold(name))):
        return True
    return bool(mailbox) and any(f"{mailbox}@" in part.folded for part in card)


def _signed_above(sheet: Sheet, written: list[int], first: int) -> bool:
    """Whether the line above a card is a name of its own that the card bears, too: "Eva"."""
    above = sheet.lines[written[first - 1]].bare.strip("*_ ,.")
    named = _WORD.findall(fold(above))
    card = _WORD.findall(fold(sheet.lines[written[first]].bare))
    return bool(named) and _NAME.match(above) is not None and set(named) <= set(card)


def _tells_more(card: list[Line]) -> bool:
    """Whether a card tells more than a number and an address: a title, a firm, a page, two ways."""
    ways = sum(has_way(line) for line in card)
    return ways >= 2 or any(is_titled(line) or " | " in line.bare for line in card)
