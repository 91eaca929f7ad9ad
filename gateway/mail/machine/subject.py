"""Does a subject begin as machines begin theirs? In many languages: ``data/subjects.toml``.

Only a reason to hold, for people use the same words. What saves their replies is where a phrase
stands: a person's reply begins with "Re:" or its like, a machine's with its phrase, and a topic
that begins with the same words goes on with more of them. Only where the text says the same is it
a machine's for certain (``says``).
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from functools import cache
from importlib import resources

from gateway.mail.machine.comparison import fold
from gateway.mail.machine.evidence import MachineEvidence
from gateway.mail.machine.word_borders import stands_in

# A phrase is looked up by its first letters: by two, "Re:" would ask for all that begin so.
_INDEXED, _SHORT = 3, 2
_REPLY_MARK = re.compile(r"(?!auto ?:)[^\s:\[]{1,12} ?(?:[\[(]\d{1,3}[\])])? ?:")
_BORDER = re.compile(r" ?(?:$|[:;,.!|/+\-\u2013\u2014(\[{<>\"'«»„“”#*=~【。、・])| \d")
_LONGEST_WORD = 20


def begins_with(*groups: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: the subject begins with a phrase of one of the groups."""
    known: dict[str, list[str]] = {}
    for phrase in (one for group in groups for one in phrases(group)):
        known.setdefault(phrase[:_INDEXED], []).append(phrase)

    def matches(evidence: MachineEvidence) -> bool:
        for text in evidence.beginnings:
            for length in (_INDEXED, _SHORT):
                near = known.get(text[:length])
                if near and any(_begins(text, phrase) for phrase in near):
                    return True
        return False

    return matches


def speaks_of(group: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: a phrase of a group stands anywhere, and no "Re:" in front."""
    known = phrases(group)

    def matches(evidence: MachineEvidence) -> bool:
        if any(_REPLY_MARK.match(text) for text in evidence.beginnings):
            return False
        return any(stands_in(one, evidence.beginnings[0]) for one in known)

    return matches


def says(*groups: str) -> Callable[[MachineEvidence], bool]:
    """Return a rule: a phrase of one of the groups stands among the first words of the text."""
    known = tuple(one for group in groups for one in phrases(group))

    def matches(evidence: MachineEvidence) -> bool:
        text = evidence.first_words()
        return any(stands_in(one, text) for one in known)

    return matches


@cache
def phrases(group: str) -> tuple[str, ...]:
    """Return the phrases of a group in all languages, folded, longest first."""
    folded = {fold(phrase) for some in _table()[group].values() for phrase in some}
    return tuple(sorted(folded, key=len, reverse=True))


@cache
def _table() -> Mapping[str, Mapping[str, list[str]]]:
    file = resources.files("gateway.mail.machine") / "data" / "subjects.toml"
    return tomllib.loads(file.read_text("utf-8"))


def _begins(text: str, phrase: str) -> bool:
    """Tell whether a text begins with a phrase, and the phrase ends where a phrase may end."""
    if not text.startswith(phrase):
        return False
    if phrase.endswith(":") or phrase in _joined():
        return True
    return _BORDER.match(text, len(phrase)) is not None or _goes_on(text[len(phrase) :])


@cache
def _joined() -> frozenset[str]:
    return frozenset(phrases("joined"))


def _goes_on(rest: str) -> bool:
    """Tell whether a phrase goes on as a machine lets it: from whom, until when."""
    if not rest.startswith(" "):
        return False
    after = rest[1 : 2 * _LONGEST_WORD]
    return any(
        after.startswith(word)
        and (word.endswith("'") or not after[len(word) : len(word) + 1].isalpha())
        for word in phrases("follows")
    )
