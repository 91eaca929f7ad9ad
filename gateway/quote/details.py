"""Does a line tell how somebody can be reached: a phone, a page, an address, a title, a firm?

The trap: dates and accounts are numbers, too, and are what people answer; neither is a phone.
"""

import re

from gateway.quote.line import Line, asked_once
from gateway.quote.words import pattern, words

_PHONE = re.compile(r"(?:\+|\(?0|\()?\d(?:[\s().\-/]{0,2}\d){5,16}")
LINK = re.compile(r"(?:https?://|www\.)\S|[^\s@]{1,64}@[\w.-]{2,200}")
_DATE = re.compile(
    r"(?<!\d)(?:(?:19|20)\d\d[-./][01]?\d[-./][0-3]?\d|[0-3]?\d[-./][0-3]?\d[-./](?:19|20)\d\d)(?!\d)"
    r"|(?<!\d)\d{1,2}:\d\d(?!\d)"
)
_IBAN = re.compile(r"\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?\b")  # ISO 13616
_POSTCODE = re.compile(r"\d{4} ?[a-z]{2}(?!\w)")  # Dutch: "1234 ab" is no firm
_LONGEST = 120
_DIGIT = re.compile(r"\d")


@asked_once
def is_detail(line: Line) -> bool:
    """Whether a line holds contact details: phone, page, address, title, firm."""
    text = line.bare
    if len(text) > _LONGEST:
        return False
    if " | " in text or has_link(text) or (has_phone(line) and not _has_prose_words(text)):
        return True
    if is_titled(line):
        return text.count(" ") <= 6 and not text.endswith((".", "?", "!", ","))
    return line.label in words("notices", "contact")


@asked_once
def has_phone(line: Line) -> bool:
    """Whether a line holds a number that may be a phone's."""
    text = line.bare
    if len(text) > _LONGEST or _DIGIT.search(text) is None or _PHONE.search(text) is None:
        return False
    return _PHONE.search(_IBAN.sub(" ~ ", _DATE.sub(" ~ ", text))) is not None


def has_link(text: str) -> bool:
    """Whether a text holds a page or an address of mail. Most hold not one sign of any."""
    if "@" not in text and "://" not in text and "www." not in text:
        return False
    return LINK.search(text) is not None


def has_way(line: Line) -> bool:
    """Whether a line holds a phone, a page or an address of mail."""
    return has_phone(line) or (len(line.bare) <= _LONGEST and has_link(line.bare))


def is_titled(line: Line) -> bool:
    """Whether a line holds a job's title or a firm's name."""
    text = line.folded
    if text[:4].isdigit():
        text = _POSTCODE.sub("", text)
    return pattern("notices", "titles", text).search(text) is not None


def _has_prose_words(text: str) -> bool:
    """Whether a line with a number says much more than the number."""
    return sum(part.isalpha() for part in text.split()) > 4
