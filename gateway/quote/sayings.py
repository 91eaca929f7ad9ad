"""Does a line say something, or does it name, greet, take leave?

The trap: prose is told by its looks alone: a sentence's end, its length, small first letters.
Scripts without capitals or without spaces show less, and so in doubt are prose.
"""

import re

from gateway.quote.details import is_detail, is_titled
from gateway.quote.line import Line, asked_once
from gateway.quote.words import fold, opening, words

_ENDS = (".", "!", "?", "\u3002", "\uff01", "\uff1f", "\u061f", "\u06d4", "\u0964", "\u2026")
_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff]")
_CLAUSE = re.compile(r"[\uff0c\u3001\u3002\uff01\uff1f]")
_CODE = re.compile(r".{0,200}[{};]$|(?:--|//|@@|[-+*#$]{1,3}\s?\S)")
_FOOTNOTE = re.compile(r"\[\d{1,3}\]|\(\d{1,2}\)\s?[^\W\d]|\d{1,2}\)\s|\^\d{1,2}\s")
_WORD = re.compile(r"[^\W\d_][\w'\u2019.-]*")
_EDGES = " *_,.!:-\uff0c\uff01\u3001\uff1a"
_PAUSE = re.compile(r"[,.!\uff0c\uff01\u3002\u060c\u3001]\s*")
_LONGEST_NAME = 12  # signs of a script without spaces


@asked_once
def is_prose(line: Line) -> bool:
    """Whether a line reads like a sentence."""
    text = line.bare
    if is_detail(line) and len(text) < 60:
        return False
    return len(text) > 100 or (text.endswith((".", "!", "?", "\u3002")) and text.count(" ") >= 3)


@asked_once
def is_sentence(line: Line) -> bool:
    """Whether a line ends as sentences do, however short it is: "Yes."."""
    if is_detail(line):
        return is_prose(line)
    text = line.bare.strip("*_ ")
    return (text.endswith(_ENDS) and not _abbreviated(line, text)) or is_prose(line)


@asked_once
def is_remark(line: Line) -> bool:
    """Whether a line may be something said, also without an end: "and bring the pump"."""
    text = line.bare.strip("*_ ")
    if is_sentence(line) or _FOOTNOTE.match(text):
        return True
    if is_detail(line) or text.endswith("."):
        return False
    if _UNSPACED.search(text):
        return _CLAUSE.search(text) is not None or len(text) > _LONGEST_NAME
    return _CODE.match(text) is not None or _mostly_small(text)


def _abbreviated(line: Line, text: str) -> bool:
    """Whether the full stop at the end is an abbreviation's: "Kite Ltd.", "Bo B."."""
    last = text.rsplit(maxsplit=1)[-1]
    return text.endswith(".") and (len(last) <= 2 or (len(last) <= 5 and is_titled(line)))


def _mostly_small(text: str) -> bool:
    """Whether a line is of several words of which few have a capital, and holds no number."""
    said = _WORD.findall(text)
    if len(said) < 3 or any(sign.isdigit() for sign in text):
        return False
    cased = [word for word in said if word[0].isupper() or word[0].islower()]
    if not cased:
        return len(said) >= 3
    return len(said) >= 4 and 2 * sum(word[0].isupper() for word in cased) < len(cased)


def is_closing(line: Line) -> bool:
    """Whether a line is a sign-off: "Kind regards,"."""
    text = line.folded.rstrip(" ,.!-\uff0c\u3002*").lstrip("*_ ")
    return len(text) <= 60 and text in words("signoffs")


@asked_once
def is_greeting(line: Line) -> bool:
    """Whether a line greets and says no more: "Hi Bob,", but not "Hi, that is fine"."""
    text = line.folded.strip(_EDGES)
    if text.count(" ") > 4 or len(text) > 50 or not opening("greetings", "words", text):
        return False
    _, paused, rest = _parted(line.bare.strip(_EDGES))
    return not paused or not _says(rest)


def _parted(text: str) -> tuple[str, str, str]:
    found = _PAUSE.search(text)
    return (text[: found.start()], found.group(), text[found.end() :]) if found else (text, "", "")


def _says(rest: str) -> bool:
    """Whether what follows a greeting's pause is more than a name: two words or more, all small."""
    said = _WORD.findall(rest)
    if opening("greetings", "words", fold(rest)):
        return False
    return len(said) >= 2 and not any(word[0].isupper() for word in said)
