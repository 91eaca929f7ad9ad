"""Does a subject begin as machines begin theirs? In many languages: ``data/subjects.toml``.

Only a reason to hold, for people use the same words. What saves their replies is where a phrase
stands and what comes after it (``continuation``): a person's reply begins with "Re:" or its like,
a machine's with its phrase, and a topic that begins with the same words goes on with more of them.
Only where the text says the same is it a machine's for certain (``says``).
"""

import re
from collections.abc import Callable, Iterator

from gateway.mail.machine.continuation import Continuation, PhraseKind, asks, words_named
from gateway.mail.machine.continuation import judge as continued
from gateway.mail.machine.evidence import MachineEvidence
from gateway.mail.machine.phrases import phrases
from gateway.mail.machine.word_borders import places_of, stands_in

# A phrase is looked up by its first letters: by two, "Re:" would ask for all that begin so.
_INDEXED, _SHORT = 3, 2
_REPLY_MARK = re.compile(r"(?!auto ?:)[^\s:\[]{1,12} ?(?:[\[(]\d{1,3}[\])])? ?:")
_MARK_AT_END = re.compile(r"[\[(【]([^\[\]()【】]{1,60})[\])】]$")
_MOST_WORDS_AFTER = 6
_LONGEST_OWNER = 12

Rule = Callable[[MachineEvidence], bool]
_Continuations = Callable[[MachineEvidence], Iterator[Continuation]]


def begins_with(group: str, kind: PhraseKind = PhraseKind.TITLE) -> Rule:
    """Return a rule: the subject begins with a phrase of a group, and goes on as a machine's."""
    found = _beginning(group, kind)
    return lambda evidence: Continuation.MACHINE in found(evidence)


def may_begin_with(group: str, kind: PhraseKind = PhraseKind.TITLE) -> Rule:
    """Return a rule: the subject begins so, but a person's may go on like that, too."""
    found = _beginning(group, kind)
    return lambda evidence: Continuation.OPEN in found(evidence)


def speaks_of(group: str) -> Rule:
    """Return a rule: a phrase stands anywhere, no "Re:" in front, and the subject is no sentence.

    Nobody's machine asks, and none goes on for more than a few words.
    """
    return lambda evidence: _spoken(evidence, group) is Continuation.MACHINE


def may_speak_of(group: str) -> Rule:
    """Return a rule: a phrase stands within a question or a long sentence."""
    return lambda evidence: _spoken(evidence, group) is Continuation.OPEN


def marked_at_end(evidence: MachineEvidence) -> bool:
    """Tell whether a vacation's phrase stands in brackets at the end, also behind "Re:"."""
    text = evidence.beginnings[0]
    mark = _MARK_AT_END.search(text)
    return mark is not None and mark.start() > 0 and mark.group(1).strip() in phrases("away")


def says(*groups: str) -> Rule:
    """Return a rule: a phrase of one of the groups stands among the first words of the text.

    Words about automatic answers ("how do I turn automatic replies off") are no sign of one.
    """
    known = tuple(one for group in groups for one in phrases(group))

    def matches(evidence: MachineEvidence) -> bool:
        text = evidence.first_words()
        return any(
            not _is_talked_about(one, text, end) for one in known for end in places_of(one, text)
        )

    return matches


def _is_talked_about(phrase: str, text: str, end: int) -> bool:
    """Tell whether a text talks about automatic answers where it names them, and is none."""
    if phrase not in phrases("automatic") or phrase not in phrases("away"):
        return False
    before = text[max(end - len(phrase) - _LONGEST_OWNER, 0) : end - len(phrase)].split()
    is_owned = bool(before) and before[-1] in phrases("owned")
    return is_owned or text.startswith(phrases("topic"), end)


def _beginning(group: str, kind: PhraseKind) -> _Continuations:
    """Return what finds how a subject goes on after each phrase of a group."""
    known: dict[str, list[str]] = {}
    for phrase in phrases(group):
        known.setdefault(phrase[:_INDEXED], []).append(phrase)

    def find(evidence: MachineEvidence) -> Iterator[Continuation]:
        for text in evidence.beginnings:
            for length in (_INDEXED, _SHORT):
                for phrase in known.get(text[:length], ()):
                    if text.startswith(phrase):
                        yield _after(evidence, phrase, text, kind)

    return find


def _after(evidence: MachineEvidence, phrase: str, text: str, kind: PhraseKind) -> Continuation:
    if phrase.endswith(":"):
        return Continuation.MACHINE
    names = words_named(evidence.body.subject)
    return continued(text, len(phrase), names, kind)


def _spoken(evidence: MachineEvidence, group: str) -> Continuation:
    text = evidence.beginnings[0]
    if any(_REPLY_MARK.match(one) for one in evidence.beginnings):
        return Continuation.PERSON
    found = [one for one in phrases(group) if stands_in(one, text)]
    if not found:
        return Continuation.PERSON
    fewest = min(len(text.partition(one)[2].split()) for one in found)
    is_long = fewest > _MOST_WORDS_AFTER
    return Continuation.OPEN if is_long or asks(text) else Continuation.MACHINE
