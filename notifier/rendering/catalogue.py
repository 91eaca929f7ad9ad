"""In which language is a person written to, and in which words? What notifications say.

A recipient's locale is resolved from the full tag to the language, then the same of the app's
default, then English. ``locales/<language>.toml`` holds the phrases (``core.translations``).
"""

from functools import lru_cache

from core.translations import FALLBACK, Catalogue, catalogue_in, languages_in

_ROOM = "notifier.rendering"


@lru_cache(maxsize=1_024)
def catalogue_for(locale: str, default: str = FALLBACK) -> Catalogue:
    """Return the phrases for a recipient's locale, else the app's, else English."""
    return catalogue_in(_ROOM, (locale, default))


def languages() -> frozenset[str]:
    """Return the languages there are phrases in, as ``pt`` or ``zh-Hans``."""
    return languages_in(_ROOM)
