"""In which words? The phrases of what people read, a file a language, and how a number is said.

``<room>/locales/<language>.toml`` holds the phrases of a room, which is named as a package; one
with plurals is a table whose keys are CLDR's categories. What more than one room says stands in
``core/locales``, and is in every catalogue. A phrase a language lacks is said in English: the tests
see to it that none is.

The trap: a phrase with a name in it must ask for no case, article or elision ("de Ann", "d'Ann"),
for the name is not known when it is written.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

from core.language import first_known

FALLBACK = "en"
SHARED = "core"
_MAX_NAMED = 3
_MAX_TAG = 35  # RFC 5646, 4.4.1
# Where the word between two names hangs on the sound or script of the second one: CLDR's patterns
# cannot say it (UTS 35, part 2, List Patterns), so ICU does, and so do we: what follows, the usual
# word, and the one instead.
_JOINTS = {
    "es": (re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE), " y ", " e "),
    "he": (re.compile(r"[^\u0590-\u05ff]"), "\u05d5", "\u05d5-"),
}

Phrase = str | Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The phrases of one language, and the locale that dates and plurals follow."""

    locale: Locale
    language: str
    phrases: Mapping[str, Phrase]

    @property
    def tag(self) -> str:
        """Return the locale as Babel writes it, which is a cheaper key than the locale."""
        return str(self.locale)

    @property
    def direction(self) -> str:
        """Return the way the language is written, ``ltr`` or ``rtl``."""
        return self.locale.text_direction

    def say(self, phrase: str, **values: str) -> str:
        """Return a phrase with its values filled in."""
        return _fill(str(self.phrases[phrase]), values)

    def count(self, phrase: str, count: int, **values: str) -> str:
        """Return a phrase in the plural form that a number asks for."""
        forms = self.phrases[phrase]
        if isinstance(forms, str):
            return _fill(forms, {"count": str(count), **values})
        form = forms.get(self.locale.plural_form(count)) or forms["other"]
        return _fill(form, {"count": str(count), **values})

    def names(self, names: Sequence[str]) -> str:
        """Return names as a list in words: "Ann", "Ann and Bo", "Ann, Bo, and 2 others"."""
        if len(names) <= _MAX_NAMED:
            return self._listed(names)
        others = self.count("others", len(names) - _MAX_NAMED + 1)
        return self._listed([*names[: _MAX_NAMED - 1], others])

    def _listed(self, names: Sequence[str]) -> str:
        listed = format_list(list(names), locale=self.locale)
        follows, usual, instead = _JOINTS.get(self.language, (None, "", ""))
        before = listed.removesuffix(names[-1]) if names else ""
        if follows is None or not before.endswith(usual) or not follows.match(names[-1]):
            return listed
        return before.removesuffix(usual) + instead + names[-1]


@lru_cache(maxsize=16)
def languages_in(room: str) -> frozenset[str]:
    """Return the languages a room has phrases in, as ``pt`` or ``zh-Hans``."""
    names = (file.name for file in (resources.files(room) / "locales").iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def catalogue_in(room: str, tags: Iterable[str | None]) -> Catalogue:
    """Return a room's phrases for the first tag that means a language it has, else English."""
    tag, language = first_known(tags, languages_in(room)) or (FALLBACK, FALLBACK)
    return Catalogue(_regional(tag, language), language, phrases_in(room, language))


@lru_cache(maxsize=128)
def phrases_in(room: str, language: str) -> Mapping[str, Phrase]:
    """Return the phrases of a room and those that all rooms share, in one language."""
    own = {**told_in(SHARED, language), **told_in(room, language)}
    return own if language == FALLBACK else {**phrases_in(room, FALLBACK), **own}


def told_in(room: str, language: str) -> Mapping[str, Phrase]:
    """Return what stands in a room's file of a language, and nowhere else."""
    file = resources.files(room) / "locales" / f"{language}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))


def _regional(tag: str, language: str) -> Locale:
    """Return the locale for dates: the region's own if it is known, else the language's."""
    try:
        locale = Locale.parse(tag[:_MAX_TAG].replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language, sep="-")
    return locale


def _fill(phrase: str, values: Mapping[str, str]) -> str:
    """Put values in their places. Not ``format``: a value may hold braces, and stays as it is."""
    parts = phrase.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        filled.append(values[name] + rest)
    return "".join(filled)
