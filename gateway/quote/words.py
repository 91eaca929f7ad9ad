"""Which words of the languages do the rules know?

All of them live in ``data/*.toml``, each file with a note on its source, and are read once. A new
language or a client's new wording is a change of data, never of code.
"""

import re
import tomllib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from typing import Any

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]")
# Arabic vowel signs and the lengthening stroke: clients write them or leave them out. The dot is
# what a small letter keeps of a Turkish capital.
_DIACRITICS = "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0307"
# Greek capitals have no accents.
_VARIED, _BARE = "άέήίόύώϊϋΐΰς\u2019\u2018", "αεηιουωιυιυσ''"
_VARIES = re.compile(f"[{_VARIED}{_DIACRITICS}]")  # a translation costs ten times the search
_FOLDED = str.maketrans(_VARIED, _BARE, _DIACRITICS)


@cache
def load(name: str) -> dict[str, Any]:
    """Return one data file."""
    path = resources.files("gateway.quote") / "data" / f"{name}.toml"
    return tomllib.loads(path.read_text(encoding="utf-8"))


@cache
def words(name: str, key: str = "words") -> frozenset[str]:
    """Return a list of words as a set, folded for comparison."""
    return frozenset(fold(word) for word in load(name)[key])


@cache
def phrases(name: str, key: str) -> tuple[str, ...]:
    """Return a list of phrases, folded, longest first."""
    return tuple(sorted({fold(word) for word in load(name)[key]}, key=len, reverse=True))


def holds(text: str, name: str, key: str) -> bool:
    """Tell whether any of the phrases stands anywhere in a folded text."""
    return parts(name, key, text).search(text) is not None


def beginning(name: str, key: str, text: str) -> re.Match[str] | None:
    """Return the longest of the phrases that a folded text begins with, None without one.

    Nearly every text begins with a letter that none has, or few.
    """
    first = text[:1]
    if first not in _first_letters(name, key):
        return None
    return _beginning(name, key, first).match(text)


def opening(name: str, key: str, text: str) -> bool:
    """Tell whether a folded text opens with any of the phrases.

    They end with a word in ASCII; of other languages, which decline, the list may name stems.
    """
    found = beginning(name, key, text)
    if found is None:
        return False
    last, after = text[found.end() - 1], text[found.end() : found.end() + 1]
    return not (last.isalnum() and after.isalnum()) or not found.group().isascii()


def pattern(name: str, key: str, text: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words as a whole word in a folded text."""
    return _whole(name, key, plain=text.isascii())


def stems(name: str, key: str, text: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words at a word's beginning, however it ends."""
    return _stems(name, key, plain=text.isascii())


def parts(name: str, key: str, text: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words also within compounds."""
    return _parts(name, key, plain=text.isascii())


@cache
def _whole(name: str, key: str, *, plain: bool) -> re.Pattern[str]:
    """Scripts that put no spaces between words (Han, Kana, Hangul, Thai) have no word borders."""
    possible = _possible(name, key, plain=plain)
    unspaced = [word for word in possible if _UNSPACED.match(word)]
    spaced = [word for word in possible if not _UNSPACED.match(word)]
    bordered = rf"(?<!\w){one_of(spaced)}(?!\w)"
    return re.compile(f"{bordered}|{one_of(unspaced)}" if unspaced else bordered)


@cache
def _stems(name: str, key: str, *, plain: bool) -> re.Pattern[str]:
    # Where a script has no spaces, a word may begin right behind a letter: 的iPhone.
    border = r"(?<![^\W\d_\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af])"
    return re.compile(border + one_of(_possible(name, key, plain=plain)))


@cache
def _parts(name: str, key: str, *, plain: bool) -> re.Pattern[str]:
    return re.compile(one_of(_possible(name, key, plain=plain)))


@cache
def _first_letters(name: str, key: str) -> frozenset[str]:
    return frozenset(phrase[0] for phrase in phrases(name, key) if phrase)


@cache
def _beginning(name: str, key: str, first: str) -> re.Pattern[str]:
    return re.compile(one_of(one for one in phrases(name, key) if one.startswith(first)))


def _possible(name: str, key: str, *, plain: bool) -> list[str]:
    """Return the phrases that can stand in a text: in plain ASCII most languages' cannot."""
    return [phrase for phrase in phrases(name, key) if not plain or phrase.isascii()]


def one_of(choices: Iterable[str]) -> str:
    """Write a pattern of any of the words, longest first, that branches letter by letter.

    So a long list costs little: a search leaves each position at the first letter nobody has.
    """
    rests: dict[str, list[str]] = {}
    for choice in choices:
        rests.setdefault(choice[:1], []).append(choice[1:])
    branches = [
        re.escape(character) + one_of(rest) for character, rest in rests.items() if character
    ]
    if not branches:
        return "" if rests else "(?!)"
    either = "|".join(branches)
    if "" in rests:
        return f"(?:{either})?"
    return f"(?:{either})" if len(branches) > 1 else either


def fold(text: str) -> str:
    """Fold case and what clients vary: vowel signs, accents of Greek, apostrophes."""
    folded = text.lower()
    if folded.isascii():
        return folded
    return folded if _VARIES.search(folded) is None else folded.translate(_FOLDED)
