"""Which words of the languages do the rules know?

All of them live in ``data/*.toml``, each file with a note on its source, and are read once. A new
language or a client's new wording is a change of data, never of code.
"""

import re
import tomllib
from functools import cache
from importlib import resources
from typing import Any

_UNSPACED = re.compile(r"[\u0e00-\u0e7f\u3040-\u9fff\uac00-\ud7af]")
# Arabic vowel signs and the lengthening stroke: clients write them or leave them out.
_DIACRITICS = re.compile("[\u064b-\u0652\u0640]")


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


@cache
def pattern(name: str, key: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words as a whole word.

    Scripts that put no spaces between words (Han, Kana, Hangul, Thai) have no word borders. The
    border is tested before the words are, so that a long list costs little per character.
    """
    spaced = [re.escape(word) for word in phrases(name, key) if not _UNSPACED.match(word)]
    unspaced = [re.escape(word) for word in phrases(name, key) if _UNSPACED.match(word)]
    bordered = rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)"
    return re.compile("|".join([bordered, *unspaced]))


@cache
def stems(name: str, key: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words at a word's beginning, however it ends."""
    return re.compile(rf"(?<![^\W\d_])(?:{'|'.join(map(re.escape, phrases(name, key)))})")


@cache
def beginnings(name: str, key: str) -> re.Pattern[str]:
    """Return one pattern that matches any of the words at the start of a text, longest first."""
    return re.compile("|".join(map(re.escape, phrases(name, key))))


@cache
def parts(name: str, key: str) -> re.Pattern[str]:
    """Return one pattern that finds any of the words also within compounds."""
    return re.compile("|".join(map(re.escape, phrases(name, key))))


def fold(text: str) -> str:
    """Fold case and what clients vary: vowel signs, apostrophes."""
    folded = text.lower().replace("\u2019", "'").replace("\u2018", "'")
    return folded if folded.isascii() else _DIACRITICS.sub("", folded)
