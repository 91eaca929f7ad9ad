"""In which language is a page? Its person's, else their app's, else the browser's, else English.

A link is opened by whom it was sent to, whose locale the app has told; a browser is asked only
where nobody is known: behind a link that leads nowhere, or whose language has no words here.
``locales/<language>.toml`` holds the phrases (``core.translations``).
"""

from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request

from core.language import accepted, first_known
from core.translations import Catalogue, catalogue_in, languages_in

_ROOM = "gateway.http.pages"


async def _liked(request: Request) -> str:  # a plain function would be run in a thread
    """Return the language a browser asks for that we have, empty for none.

    Not its region, as strangers may name them all, and what CLDR knows of each is large.
    """
    asked = accepted(",".join(request.headers.getlist("accept-language")))
    known = first_known(asked, languages())
    return known[1] if known is not None else ""


Liked = Annotated[str, Depends(_liked)]


@lru_cache(maxsize=1_024)
def words_for(*tags: str | None) -> Catalogue:
    """Return the words of a page, in the first of these languages that there are words in."""
    return catalogue_in(_ROOM, tags)


def languages() -> frozenset[str]:
    """Return the languages there are pages in, as ``pt`` or ``zh-Hans``."""
    return languages_in(_ROOM)
