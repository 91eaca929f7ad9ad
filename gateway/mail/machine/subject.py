"""Does a subject begin as machines begin theirs? In many languages: ``data/subjects.toml``.

Only a reason to hold, for people use the same words. What saves their replies is where a phrase
stands: a person's reply begins with "Re:" or its like, a machine's with its phrase, and a topic
that begins with the same words goes on with more of them.
"""

import re
import tomllib
import unicodedata
from collections.abc import Callable
from functools import cache
from importlib import resources

from gateway.mail.machine.evidence import Evidence

_LONGEST = 200
_MOST_TAGS = 3
# What gateways and machines put before a subject: [EXTERNAL], [Ticket #4711], 【…】.
_TAG = re.compile(r"[\[【(]([^\[\]【】()]{1,60})[\]】)] ?")
_REPLY_MARK = re.compile(r"(?!auto ?:)[^\s:\[]{1,12} ?(?:[\[(]\d{1,3}[\])])? ?:")
_BORDER = re.compile(r" ?(?:$|[:;,.!|\-\u2013\u2014(\[{<\"'«»„“”#【。、])")


def begins_with(group: str) -> Callable[[Evidence], bool]:
    """Return a rule: the subject begins with a phrase of a group."""

    def matches(evidence: Evidence) -> bool:
        return any(_begins(text, phrases(group)) for text in _beginnings(evidence.subject))

    return matches


def speaks_of(group: str) -> Callable[[Evidence], bool]:
    """Return a rule: a phrase of a group stands anywhere, and no "Re:" in front."""

    def matches(evidence: Evidence) -> bool:
        text = fold(evidence.subject)
        return _REPLY_MARK.match(text) is None and any(one in text for one in phrases(group))

    return matches


@cache
def phrases(group: str) -> tuple[str, ...]:
    """Return the phrases of a group in all languages, folded, longest first."""
    file = resources.files("gateway.mail.machine") / "data" / "subjects.toml"
    by_language = tomllib.loads(file.read_text("utf-8"))[group]
    folded = {fold(phrase) for some in by_language.values() for phrase in some}
    return tuple(sorted(folded, key=len, reverse=True))


def fold(text: str) -> str:
    """Return a text without regard to case, accents, width and spaces."""
    text = text[:_LONGEST]
    if not text.isascii():
        apart = unicodedata.normalize("NFKD", text.casefold())
        text = "".join(one for one in apart if not unicodedata.combining(one)).replace(
            "\u0131", "i"
        )
    return " ".join(text.lower().replace("\u2019", "'").split())


def _beginnings(subject: str) -> list[str]:
    """Return where a subject may be said to begin: at its start, in and after each tag."""
    text = fold(subject)
    starts = [text]
    for _ in range(_MOST_TAGS):
        tag = _TAG.match(text)
        if tag is None:
            break
        text = text[tag.end() :]
        starts += [tag.group(1).strip(), text]
    return starts


def _begins(text: str, known: tuple[str, ...]) -> bool:
    """Tell whether a text begins with a phrase, and the phrase ends where a phrase may end."""
    if not text.startswith(known):
        return False
    return any(
        text.startswith(one) and (one.endswith(":") or _BORDER.match(text, len(one)))
        for one in known
    )
