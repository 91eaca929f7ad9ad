"""How unlikely is a text in a language, going by its letters?

A cost is the negative natural logarithm of how likely it is: how often letters follow one another
is told by ``data/letter_pairs.toml``, and for languages of thousands of letters which are frequent.
What no writer of the language would write costs more: a capital behind a small letter, letters of
two scripts in one word, control characters.
"""

import math
import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from operator import getitem
from typing import Any, NamedTuple

_SCALE = 4.0  # as in bench/letter_pairs.py
_STRANGE = 9.0  # a letter that the language has not
_CONTROL = 14.0
_BROKEN = 25.0  # no sign at all
_SYMBOL = 7.0
_CASED = 6.0  # a capital behind a small letter
_CAPITALS = 1.0  # a capital behind another
_MIXED = 6.0  # letters of two scripts in one word
_JOINED = 4.0  # a letter before an ideograph
_TYPOGRAPHIC = frozenset(
    "\u00a0\u2013\u2014\u2018\u2019\u201a\u201c\u201d\u201e\u2026\u20ac\u00ab\u00bb\u00b0\u00a3"
    "\u00a7\u2022\u00bf\u00a1\u2116\u00d7\u00b5"
)
_TYPOGRAPHIC_COST = 3.5
_KANA = 4.5
_FREQUENT, _FLAT = 2.5, 12  # of a frequent ideograph by its rank, as Zipf has it
_UNLISTED = 10.5
_NONE_OF_THEM = " "  # stands for all that is none, in data/letter_pairs.toml
# Letters that a charset has in another form.
_FOLDS = {
    "ro": str.maketrans("\u015f\u0163", "\u0219\u021b"),
    "fa": str.maketrans("\u064a\u0643", "\u06cc\u06a9"),
}


@dataclass(frozen=True, slots=True)
class PairCosts:
    """The letters of a language, and what each costs behind each."""

    index: Mapping[str, int]
    costs: tuple[tuple[float, ...], ...]


class _Seen(NamedTuple):
    """What is the same of a text in every language: it is asked in twenty, one after another.

    ``small``: its small letters, sign by sign. ``latin``: the letters of English in it. ``beyond``:
    its signs that are not in ASCII, each with its small letter. ``cased``: what its capitals within
    words cost.
    """

    small: str
    latin: frozenset[str]
    beyond: tuple[tuple[str, str], ...]
    cased: float


def unlikelihood(text: str, language: str) -> float:
    """Return what a text costs in a language of ``data/letter_pairs.toml``, which is its tag."""
    if language in _ranks():
        return sum(_ideographs(text, language))
    text = unicodedata.normalize("NFC", text) if language == "vi" else text
    text = text.translate(_FOLDS[language]) if language in _FOLDS else text
    seen = _seen(text)
    index = pairs_of(language).index
    foreign = 0.0
    for sign, one in seen.beyond:
        if one not in index:
            foreign += _foreign(sign)
    return _followed(seen, language) + seen.cased + foreign


@lru_cache(maxsize=8)
def _seen(text: str) -> _Seen:
    small = text.lower()
    if len(small) != len(text):
        small = text
    pairs = zip(text, small, strict=True)
    beyond = tuple((sign, one) for sign, one in pairs if not sign.isascii())
    latin = frozenset(small).intersection(pairs_of("en").index) - {_NONE_OF_THEM}
    return _Seen(small, latin, beyond, _cased(text, small))


def _followed(seen: _Seen, language: str) -> float:
    """Return what the letters cost behind one another, those of another script as in English."""
    own, latin = pairs_of(language), pairs_of("en")
    if seen.latin <= own.index.keys():  # then none is of another script
        letters = [own.index.get(sign, 0) for sign in seen.small]
        return sum(map(getitem, map(own.costs.__getitem__, (0, *letters)), letters), 0.0)
    index, costs, beside = own.index, own.costs, latin.index  # asked of each letter
    cost, last, last_latin = 0.0, 0, 0
    for sign in seen.small:
        here = index.get(sign, 0)
        latin_here = 0 if here else beside.get(sign, 0)
        if latin_here or last_latin:
            cost += latin.costs[last_latin][latin_here]
            cost += _MIXED if (here and last_latin) or (last and latin_here) else 0.0
        else:
            cost += costs[last][here]
        last, last_latin = here, latin_here
    return cost


def _cased(text: str, small: str) -> float:
    """Return what capitals within words cost."""
    if text == small:
        return 0.0
    cost = 0.0
    capitals = [sign != one for sign, one in zip(text, small, strict=True)]
    for at in range(1, len(text)):
        if capitals[at]:
            cost += _CASED if text[at - 1].islower() else _CAPITALS if capitals[at - 1] else 0.0
    return cost


def _ideographs(text: str, language: str) -> list[float]:
    """Return what each sign costs in a language of more letters than pairs could be counted."""
    ranks, latin = _ranks()[language], pairs_of("en")
    costs: list[float] = []
    last = 0
    for sign in text:
        if sign.isascii():
            here = latin.index.get(sign.lower(), 0)
            costs.append(latin.costs[last][here])
        else:
            here = 0
            costs.append(_ideograph(sign, language, ranks) + (_JOINED if last else 0.0))
        last = here
    return costs


def _ideograph(sign: str, language: str, ranks: Mapping[str, int]) -> float:
    """Return what a sign of East Asia costs."""
    if "\u3041" <= sign <= "\u30fc":
        return _KANA if language == "ja" else _STRANGE
    if "\u3000" <= sign <= "\u303f" or "\uff01" <= sign <= "\uff5e":
        return _TYPOGRAPHIC_COST
    if "\u4e00" <= sign <= "\u9fff" or "\uac00" <= sign <= "\ud7a3":
        rank = ranks.get(sign)
        return _UNLISTED if rank is None else _FREQUENT + math.log(rank + _FLAT)
    return _foreign(sign) + 2


@lru_cache(maxsize=1_024)
def _foreign(sign: str) -> float:
    """Return what a sign beyond ASCII costs that is no letter of the language."""
    if sign in _TYPOGRAPHIC:
        return _TYPOGRAPHIC_COST
    if sign == "\ufffd":
        return _BROKEN
    match unicodedata.category(sign)[0]:
        case "L" | "M":
            return _STRANGE
        case "C":
            return _CONTROL
        case _:
            return _SYMBOL


@cache
def pairs_of(language: str) -> PairCosts:
    """Return the letters of a language and their costs."""
    told = _table()[language]
    costs = tuple(tuple(int(sign, 36) / _SCALE for sign in row) for row in told["rows"])
    return PairCosts({sign: at for at, sign in enumerate(told["letters"])}, costs)


@cache
def _ranks() -> Mapping[str, Mapping[str, int]]:
    told = _table()["frequent"]
    return {name: {sign: at for at, sign in enumerate(signs)} for name, signs in told.items()}


@cache
def _table() -> Mapping[str, Mapping[str, Any]]:
    file = resources.files("gateway.mail") / "data" / "letter_pairs.toml"
    return tomllib.loads(file.read_text("utf-8"))
