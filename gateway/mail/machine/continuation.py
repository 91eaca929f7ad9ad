"""What comes after a machine's phrase in a subject: does a machine go on so, or a person?

A machine's phrase stands alone, or before a mark and the subject it answers, a name, or a date.
A person's sentence goes on after the same words, or asks.
"""

import re
from enum import Enum, auto

from gateway.mail.machine.comparison import fold
from gateway.mail.machine.phrases import phrases

_END = re.compile(r"[\s.!:;\-\u2013\u2014)\]>}\"'»”“*=~】。]*$")
_COLON = re.compile(r" ?[:(\[{<【]")
_BORDER = re.compile(r" ?[;.!|/+\-\u2013\u2014>\"'«»„“”#*=~。・]")
_COMMA = re.compile(r" ?[,、]")
_DATE = re.compile(r" \d")
# A mail's subject that is answered or forwarded, in the languages of mail programs.
_REPLY = re.compile(
    r"(?:^|[\s:(\[\-])(?:re|aw|sv|vs|antw|odp|ynt|res|rif|ref|atb|fwd?|wg|tr|rv|enc|回复|回覆|答复)"
    r" ?(?:[\[(]\d{1,3}[\])])? ?:"
)
_STOP = re.compile(r" ?[:(\[{<|]| [\-\u2013\u2014] |$")
_GREEK = re.compile("[\u0370-\u03ff]")
_LONGEST_WORD = 20
_MOST_WORDS, _MOST_NAMES, _MOST_OF_DAY = 5, 4, 3


class Continuation(Enum):
    """Whose subject is it, as it goes on: a machine's, a person's, or either's."""

    MACHINE = auto()
    OPEN = auto()
    PERSON = auto()


class PhraseKind(Enum):
    """What is a phrase: everyday words, a title as only machines write, or a whole sentence."""

    EVERYDAY = auto()
    TITLE = auto()
    SENTENCE = auto()


def asks(text: str) -> bool:
    """Tell whether a folded subject ends as a question, whatever its script's mark."""
    end = text.rstrip(" .!\"'»”“")
    # The Greek mark looks like a semicolon, and folds to one.
    return end.endswith(("?", "\u061f")) or (end.endswith(";") and _GREEK.search(text) is not None)


def words_named(subject: str) -> frozenset[str]:
    """Return a subject's words that are written as names are, folded."""
    words = re.split(r"[^\w'\u2019]+", subject[:500])
    names = {one for one in words if one[:1].isupper()}
    # "d'Anne": the name stands behind what is elided
    names |= {tail for one in words if (tail := one[2:]) and tail[:1].isupper()}
    return frozenset(fold(one) for one in names)


def judge(text: str, at: int, names: frozenset[str], kind: PhraseKind) -> Continuation:
    """Tell how a folded subject goes on after a phrase that ends at ``at``."""
    rest = text[at:]
    if _REPLY.search(rest) and (_is_bordered(rest) or rest.startswith(" ")):
        return Continuation.MACHINE
    is_question = asks(text)
    if _is_date(rest) and not is_question:
        return Continuation.MACHINE
    if _END.match(rest):
        return Continuation.PERSON if is_question else Continuation.MACHINE
    if kind is PhraseKind.EVERYDAY:
        return Continuation.OPEN if _is_bordered(rest) else Continuation.PERSON
    is_sentence = kind is PhraseKind.SENTENCE and not is_question
    if is_sentence and (_COMMA.match(rest) or _following(rest, "follows")):
        return Continuation.MACHINE
    return _of_title(rest, names, is_question=is_question)


def _of_title(rest: str, names: frozenset[str], *, is_question: bool) -> Continuation:
    if _COLON.match(rest):
        return Continuation.MACHINE
    comma = _COMMA.match(rest)
    if comma:
        after = " " + rest[comma.end() :].lstrip()
        is_date = not is_question and _is_date(after)
        return Continuation.MACHINE if is_date else Continuation.OPEN
    if _BORDER.match(rest):
        return Continuation.OPEN if is_question else Continuation.MACHINE
    if _is_from(rest, names) and not (is_question and ":" not in rest):
        return Continuation.MACHINE
    return Continuation.PERSON


def _is_bordered(rest: str) -> bool:
    return any(one.match(rest) for one in (_COLON, _BORDER, _COMMA))


def _is_date(rest: str) -> bool:
    """Tell whether a number follows, or words that say how long."""
    if _is_day(rest):
        return True
    following = _following(rest, "span")
    if any(len(_clause(one)) <= _MOST_WORDS for one in following):
        return True
    return any(_is_day(one) for one in _following(rest, "follows"))


def _is_day(rest: str) -> bool:
    """Tell whether a number follows as of a day or a span; "3 orders came twice" is none."""
    if not _DATE.match(rest):
        return False
    words = _clause(rest)
    return len(words) <= _MOST_OF_DAY or sum(one[:1].isdigit() for one in words) > 1


def _is_from(rest: str, names: frozenset[str]) -> bool:
    """Tell whether a phrase goes on as a machine lets it: from whom, in answer to what."""
    for after in _following(rest, "follows"):
        words = _clause(after)
        if " ".join(words) in phrases("answered") or (_COLON.match(after) and words == []):
            return True
        if 0 < len(words) <= _MOST_NAMES and all(one in names or "@" in one for one in words):
            return True
    return False


def _clause(rest: str) -> list[str]:
    """Return the words up to the next mark that ends a phrase."""
    stop = _STOP.search(rest)
    return [one.strip(".,!?") for one in rest[: stop.start() if stop else None].split()]


def _following(rest: str, group: str) -> list[str]:
    """Return what comes after each word of a group that a phrase goes on with."""
    if not rest.startswith(" "):
        return []
    after = rest[1 : 2 * _LONGEST_WORD]
    return [
        rest[1 + len(word) :]
        for word in phrases(group)
        if after.startswith(word)
        and (word.endswith("'") or not after[len(word) : len(word) + 1].isalpha())
    ]
