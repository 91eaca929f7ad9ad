"""In which language, and in which words? The phrases of the mail, a file a language.

``locales/<language>.toml`` holds the phrases; one with plurals is a table whose keys are CLDR's
categories. A phrase a language lacks is said in English. A recipient's locale is resolved from
the full tag to the language, then the same of the app's default, then English.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources

from babel import Locale, UnknownLocaleError
from babel.lists import format_list

_FALLBACK = "en"
# Languages written in two scripts, whose tags often name a country instead (BCP 47, 4.1).
_SCRIPTS = {"zh-tw": "zh-Hant", "zh-hk": "zh-Hant", "zh-mo": "zh-Hant", "zh": "zh-Hans"}
_MAX_NAMED = 3
_MAX_TAG = 35  # RFC 5646, 4.4.1
_LOCALES = resources.files("notifier.rendering") / "locales"

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
        """Return names as a list in words: "Ann, Bo and 2 others"."""
        if len(names) == 1:
            return names[0]
        if len(names) <= _MAX_NAMED:
            return format_list(list(names), locale=self.locale)
        others = self.count("others", len(names) - _MAX_NAMED + 1)
        return format_list([*names[: _MAX_NAMED - 1], others], locale=self.locale)


@lru_cache(maxsize=1_024)
def catalogue_for(locale: str, default: str = _FALLBACK) -> Catalogue:
    """Return the phrases for a recipient's locale, else the app's, else English."""
    for tag in (locale, default):
        for candidate in _candidates(tag):
            if candidate in languages():
                return Catalogue(_regional(tag, candidate), candidate, _phrases(candidate))
    return Catalogue(Locale.parse(_FALLBACK), _FALLBACK, _phrases(_FALLBACK))


@lru_cache(maxsize=1)
def languages() -> frozenset[str]:
    """Return the languages there are phrases in, as ``pt`` or ``zh-Hans``."""
    names = (file.name for file in _LOCALES.iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))


def _candidates(tag: str) -> list[str]:
    """Return the languages a tag may mean, best first."""
    parts = tag[:_MAX_TAG].replace("_", "-").lower().split("-")
    found = [_cased(parts[:length]) for length in range(len(parts), 0, -1)]
    by_script = [_SCRIPTS[name.lower()] for name in found if name.lower() in _SCRIPTS]
    return [*(name for name in found if name.lower() not in _SCRIPTS), *by_script]


def _cased(parts: Sequence[str]) -> str:
    """Write a tag as its file is named: the script with a capital (RFC 5646, 2.1.1)."""
    return "-".join(part.title() if len(part) == 4 else part for part in parts)


def _regional(tag: str, language: str) -> Locale:
    """Return the locale for dates: the region's own if it is known, else the language's."""
    try:
        locale = Locale.parse(tag[:_MAX_TAG].replace("_", "-"), sep="-")
    except (ValueError, UnknownLocaleError):
        return Locale.parse(language, sep="-")
    return locale


@lru_cache(maxsize=64)
def _phrases(language: str) -> Mapping[str, Phrase]:
    own = tomllib.loads((_LOCALES / f"{language}.toml").read_text(encoding="utf-8"))
    return own if language == _FALLBACK else {**_phrases(_FALLBACK), **own}


def _fill(phrase: str, values: Mapping[str, str]) -> str:
    """Put values in their places. Not ``format``: a value may hold braces, and stays as it is."""
    parts = phrase.split("{")
    filled = [parts[0]]
    for part in parts[1:]:
        name, _, rest = part.partition("}")
        filled.append(values[name] + rest)
    return "".join(filled)
