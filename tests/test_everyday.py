"""Is what people answer each other every day left whole, and found?"""

import email
import email.policy
import functools
from collections import Counter
from dataclasses import asdict

import pytest

from gateway.quote.bench import extract
from tests.corpus.case import Case
from tests.corpus.everyday import everyday, table
from tests.corpus.metric import Score, score, without_tags, words

CASES = list(everyday())
MOST_LOST = 0.3  # percent of the mails that lose a word
LEAST_CLEAN = 98.0  # percent of the mails that lose none and keep no history


@functools.cache
def _scored() -> list[Score]:
    return [
        score(case.parts, extract(case.raw, asdict(case.sent) if case.sent else None))
        for case in CASES
    ]


def _texts(case: Case) -> list[str]:
    """Give the words of each part of a mail, as a reader sees them."""
    message = email.message_from_bytes(case.raw, policy=email.policy.default)
    texts = []
    for part in message.walk():
        if not part.is_multipart():
            text = part.get_content()
            texts.append(without_tags(text) if part.get_content_subtype() == "html" else text)
    return texts


def test_words_are_lost_next_to_never() -> None:
    """Told what was sent, hardly an answer loses a word."""
    lost = sum(bool(one.lost) for one in _scored())

    assert 100 * lost / len(CASES) <= MOST_LOST


def test_answers_are_clean() -> None:
    """Told what was sent, nearly every answer is whole and without history."""
    clean = sum(one.clean for one in _scored())

    assert 100 * clean / len(CASES) >= LEAST_CLEAN


def test_the_mails_are_many_and_various() -> None:
    """There are twelve languages of two dozen mails, and every kind of answer has several."""
    languages = Counter(case.about["locale"] for case in CASES)
    kinds = Counter(case.about["scenario"] for case in CASES)

    assert sum(count >= 24 for count in languages.values()) >= 12
    assert set(kinds) == set(table("answers/kinds"))
    assert min(kinds.values()) >= 8


def test_names_are_unique() -> None:
    """No two mails go by one name."""
    assert len({case.name for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_mail_is_sound(case: Case) -> None:
    """Somebody answers something, and every part of the mail holds the whole answer."""
    assert case.parts["body"].strip()
    for text in _texts(case):
        assert not words(case.parts["body"]) - words(text)


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_labels_are_consistent(case: Case) -> None:
    """The answer alone is perfect by the metric; with the quote it is not."""
    kept = score(case.parts, case.parts["body"])
    whole = score(case.parts, "\n".join(case.parts.values()))

    assert kept.perfect
    assert whole.clean == (not case.parts["quote"].strip())
