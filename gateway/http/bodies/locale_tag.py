"""Is a text a language tag (BCP 47, RFC 5646) of a language that there is? If not, which was meant?

A tag whose language is known is taken, whatever else it says: a mail falls back from the whole tag
to its shorter forms, then to the app's ``defaultLocale``, then to English. What falls back from
nothing is refused. The trap: other systems write ``pt_BR``, and their tags work; they are kept.
"""

import re
from difflib import get_close_matches
from functools import lru_cache

from babel import Locale
from babel.core import get_global

# RFC 5646, 2.1, without grandfathered tags: a language, then subtags of one to eight signs.
_TAG = re.compile(r"([A-Za-z]{2,3})(?:[-_][A-Za-z0-9]{1,8}){0,40}")
_POSIX = re.compile(r"([A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3})[.@].{0,40}")
_NO_LANGUAGES = frozenset({"und", "mul", "zxx"})
_FALLBACK = "it would fall back to no language"
_EXAMPLE = "as de-AT"
_SHOWN = 60
# Languages whose names in themselves are known: those that people write in a field of a form.
_NATIVE = (
    "ar", "bg", "bn", "ca", "cs", "da", "de", "el", "es", "et", "fa", "fi", "fr", "ga", "he", "hi",
    "hr", "hu", "id", "is", "it", "ja", "ko", "lt", "lv", "ms", "nb", "nl", "pl", "pt", "ro", "ru",
    "sk", "sl", "sr", "sv", "th", "tr", "uk", "ur", "vi", "zh",
)  # fmt: skip


def locale_tag(text: str) -> str:
    """Return a tag of a language there is. Raise ValueError with the nearest for what is none."""
    found = _TAG.fullmatch(text)
    if found is not None and _is_language(found[1].lower()):
        return text
    near = nearest_tag(text)
    better = f"did you mean {near}?" if near else f"it is written {_EXAMPLE}"
    why = _FALLBACK if found is not None else "it is no language tag (BCP 47)"
    raise ValueError(f"{text[:_SHOWN]!r}: {why}; {better}")


def nearest_tag(text: str) -> str | None:
    """Return the tag that was meant, by a longer code, a name or a POSIX locale; or None."""
    plain = text.strip().rstrip("-_")
    if len(plain) > _SHOWN:
        return None
    if (posix := _POSIX.fullmatch(plain)) is not None:
        plain = posix[1]
    head, _, rest = plain.replace("_", "-").partition("-")
    language = _named(head.lower())
    if language is None:
        near = get_close_matches(plain.lower(), _by_name(), n=1, cutoff=0.8)
        return _by_name()[near[0]] if near else None
    meant = f"{language}-{rest}" if rest else language
    return meant if meant != text and _TAG.fullmatch(meant) else language


def _named(word: str) -> str | None:
    """Return the code of a language by its code, an older one, or its name."""
    if _is_language(word):
        return word
    newer = get_global("language_aliases").get(word)
    if newer is not None:
        return str(newer).replace("_", "-")
    return _by_name().get(word)


def _is_language(code: str) -> bool:
    """Tell whether a code is one of a language, also one of two letters that has a newer form."""
    if code in _NO_LANGUAGES:
        return False
    known = code in Locale("en").languages
    return known or (len(code) == 2 and code in get_global("language_aliases"))


@lru_cache(maxsize=1)
def _by_name() -> dict[str, str]:
    """Return languages by their names in English, and in themselves."""
    names = {name.lower(): code for code, name in Locale("en").languages.items()}
    own = {str(Locale(code).get_display_name()).lower(): code for code in _NATIVE}
    return {name: code for name, code in (names | own).items() if code not in _NO_LANGUAGES}
