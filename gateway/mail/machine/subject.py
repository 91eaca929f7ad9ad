"""Does a subject begin as machines begin theirs? In many languages: ``data/subjects.toml``.

Only a reason to hold, for people use the same words. What saves their replies is where a phrase
stands: a person's reply begins with "Re:" or its like, a machine's with its phrase, and a topic
that begins with the same words goes on with more of them.
"""

import re
import tomllib
from collections.abc import Callable
from functools import cache
from importlib import resources

from gateway.mail.machine.comparison import fold
from gateway.mail.machine.evidence import MachineEvidence

_INDEXED = 2  # a phrase is looked up by its first letters
_REPLY_MARK = re.compile(r"(?!auto ?:)[^\s:\[]{1,12} ?(?:[\[(]\d{1,3}[\])])? ?:")
_BORDER = re.compile(r" ?(?:$|[:;,.!|\-\u2013\u2014(\[{<\"'«»„“”#【。、])")


def begins_with(group: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: the subject begins with a phrase of a group."""
    known: dict[str, list[str]] = {}
    for phrase in phrases(group):
        known.setdefault(phrase[:_INDEXED], []).append(phrase)

    def matches(evidence: MachineEvidence) -> bool:
        for text in evidence.beginnings:
            likely = known.get(text[:_INDEXED])
            if likely and any(_begins(text, phrase) for phrase in likely):
                return True
        return False

    return matches


def speaks_of(group: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: a phrase of a group stands anywhere, and no "Re:" in front."""
    known = phrases(group)

    def matches(evidence: MachineEvidence) -> bool:
        if any(_REPLY_MARK.match(text) for text in evidence.beginnings):
            return False
        return any(one in evidence.beginnings[0] for one in known)

    return matches


@cache
def phrases(group: str) -> tuple[str, ...]:
    """Return the phrases of a group in all languages, folded, longest first."""
    file = resources.files("gateway.mail.machine") / "data" / "subjects.toml"
    by_language = tomllib.loads(file.read_text("utf-8"))[group]
    folded = {fold(phrase) for some in by_language.values() for phrase in some}
    return tuple(sorted(folded, key=len, reverse=True))


def _begins(text: str, phrase: str) -> bool:
    """Tell whether a text begins with a phrase, and the phrase ends where a phrase may end."""
    if not text.startswith(phrase):
        return False
    return phrase.endswith(":") or _BORDER.match(text, len(phrase)) is not None
