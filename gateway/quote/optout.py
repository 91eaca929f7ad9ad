"""Does a whole reply ask for nothing but to be left alone, as a bare "stop" does?

Taken for one, a mail is not posted and its sender hears no more of the conversation, so every
doubt makes it a reply. Some words ask for it only where they stand alone ("stop"); others can mean
nothing else ("unsubscribe"), and "please" may stand beside them. Below the word there may be a
farewell and a name. In a sentence both are talk: "please stop the delivery".

The trap: capitals. Greek and French lose their accents in them, a Turkish I its dot; so accents
and dots are folded on both sides, and with them what no keyboard writes alike.
"""

import re
import unicodedata
from functools import cache, lru_cache

from gateway.quote.words import load, one_of, words

_LONGEST = 200
_LONGEST_NAME = 40
_NAME_LINES = 2
_NAME_WORDS = 4
_QUESTION = frozenset("?\u061f\u037e\u055e")
_MARKUP = frozenset("<>|=+~`^")


def is_opt_out(text: str) -> bool:
    """Whether the whole text asks to be left alone."""
    if len(text) > _LONGEST:
        return False
    lines = [line for line in text.splitlines() if line.strip()]
    # What stands below is the quicker to tell: most texts are longer.
    return 0 < len(lines) <= 2 + _NAME_LINES and _is_farewell(lines[1:]) and _asks(lines[0])


def folded(text: str) -> str:
    """Return a text as its words are compared: no case, accents, punctuation or hyphens."""
    if text.isascii():
        return " ".join(text.lower().translate(_kept_of_ascii()).split())
    plain = unicodedata.normalize("NFKC", text).casefold().replace("\u0131", "i")
    kept = (_kept(sign) for sign in unicodedata.normalize("NFKD", plain))
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4_096)
def _kept(sign: str) -> str:
    """Return what is left of one character: itself, a blank, or nothing."""
    if sign in _QUESTION:
        return sign
    category = unicodedata.category(sign)
    if category in {"Mn", "Cf"}:
        return ""
    return " " if category[0] in "PZC" or sign in _MARKUP else sign


@cache
def _kept_of_ascii() -> dict[int, str]:
    """Return what is left of each character of most mails."""
    return {code: _kept(chr(code)) for code in range(128)}


def _asks(line: str) -> bool:
    """Whether a line asks for it, with or without what is said for politeness beside it."""
    asked = folded(line)
    if asked in _listed("alone"):
        return True
    shorter = _without_closing(asked)
    said = {asked, shorter, _without_opening(asked), _without_opening(shorter)}
    return not said.isdisjoint(_listed("clear"))


def _without_opening(asked: str) -> str:
    found = _opening().match(asked)
    return asked[found.end() :] if found else asked


def _without_closing(asked: str) -> str:
    found = _closing().search(asked)
    return asked[: found.start()] if found else asked


def _is_farewell(lines: list[str]) -> bool:
    """Whether lines are nothing, or a closing as of a letter with a name below it."""
    if not lines:
        return True
    closing, *names = lines
    known = folded(closing) in _farewells()
    return known and len(names) <= _NAME_LINES and all(_is_name(name) for name in names)


def _is_name(line: str) -> bool:
    """Whether a line can be somebody's name: few words, the first and last with a capital."""
    words_of_it = line.split()
    ends = (words_of_it[0][0], words_of_it[-1][0])
    return (
        len(line) <= _LONGEST_NAME
        and len(words_of_it) <= _NAME_WORDS
        and all(sign.isalpha() and sign == sign.upper() for sign in ends)
    )


@cache
def _listed(kind: str) -> frozenset[str]:
    """Return the words of a kind in all languages, folded."""
    languages = [one for one in load("optout").values() if isinstance(one, dict)]
    return frozenset(folded(word) for language in languages for word in language[kind])


@cache
def _opening() -> re.Pattern[str]:
    return re.compile(f"{one_of(_listed('polite'))} ")


@cache
def _closing() -> re.Pattern[str]:
    return re.compile(rf" {one_of(_listed('polite'))}\Z")


@cache
def _farewells() -> frozenset[str]:
    return frozenset(folded(word) for word in words("signoffs")) | _listed("polite")
